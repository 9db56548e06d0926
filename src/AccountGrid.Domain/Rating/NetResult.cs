namespace AccountGrid.Domain.Rating;

/// <summary>What netting in a period comes to.</summary>
/// <param name="NettedWh">Imported energy that export was taken off, by rate; empty where worth is netted.</param>
/// <param name="Netted">What that energy would have cost, without levies.</param>
/// <param name="Left">What is carried on, in the form of <see cref="NetTerms.Carried"/>; null is nothing.</param>
/// <param name="RestWh">What is settled, Wh.</param>
/// <param name="LeftWorth">What is carried on as money.</param>
public sealed record NetResult(long[] NettedWh, WideMoney Netted, long[]? Left, long RestWh, WideMoney LeftWorth);
