namespace AccountGrid.Host.Accounts;

/// <summary>An account's energy by days, hours or periods: the same as its balance comes from.</summary>
/// <param name="By"><c>day</c>, <c>hour</c> or <c>period</c>.</param>
/// <param name="From">First local day.</param>
/// <param name="To">Last local day, included.</param>
public sealed record ConsumptionAnswer(string Account, string Zone, string By, string From, string To, IReadOnlyList<ConsumptionRow> Data);
