namespace AccountGrid.Client;

/// <summary>An account's energy by days, hours or periods.</summary>
/// <param name="By"><c>day</c>, <c>hour</c> or <c>period</c>.</param>
/// <param name="From">First local day.</param>
/// <param name="To">Last local day, included.</param>
public sealed record EnergyUse(string Account, string Zone, string By, DateOnly From, DateOnly To, IReadOnlyList<EnergySpan> Data);
