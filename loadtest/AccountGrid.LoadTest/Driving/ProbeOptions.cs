namespace AccountGrid.LoadTest.Driving;

/// <summary>Traffic beside the readings.</summary>
/// <param name="QueriesPerSecond">Balance queries, open loop, with a skewed popularity: nine of ten go to a hundredth of the accounts.</param>
/// <param name="TopUpsPerSecond">Payments.</param>
/// <param name="Subscriptions">Accounts whose live stream is held open.</param>
/// <param name="FreshnessPerSecond">Acknowledged readings a second whose way to the balance is watched.</param>
public sealed record ProbeOptions(double QueriesPerSecond, double TopUpsPerSecond, int Subscriptions, double FreshnessPerSecond);
