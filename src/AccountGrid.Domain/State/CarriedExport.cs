namespace AccountGrid.Domain.State;

/// <summary>What a period under net metering left for the next one, kept when it is no longer kept apart.</summary>
/// <param name="Tariff">Number of the version that it was earned under.</param>
/// <param name="Left">As in <see cref="Rating.NetTerms.Carried"/>.</param>
public sealed record CarriedExport(int Tariff, long[] Left);
