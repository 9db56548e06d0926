namespace AccountGrid.Host.Accounts;

/// <summary>What an account's closed months have cost, and would have cost under other tariffs. Money as decimal strings.</summary>
/// <param name="From">First local day that is rated.</param>
/// <param name="To">Last day.</param>
/// <param name="DaysWithUse">Days of them with readings.</param>
/// <param name="Cost">What the days did cost, each under the version that held then, for the household of today.</param>
/// <param name="Rates">In the order of the request.</param>
public sealed record RateComparisonAnswer(
    string Account, string Currency, DateOnly From, DateOnly To, int DaysWithUse, long EnergyWh, string Cost, IReadOnlyList<ComparedRate> Rates);
