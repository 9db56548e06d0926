using AccountGrid.Domain;

namespace AccountGrid.Host.Accounts;

/// <summary>Closed months of an account as they were rated, and anew under other tariffs.</summary>
/// <param name="FromDay">First local day that is rated.</param>
/// <param name="ToDay">Last day.</param>
/// <param name="Days">Days of them with readings.</param>
/// <param name="Cost">What they did cost.</param>
/// <param name="Costs">What they would have cost under each tariff, in the order asked for.</param>
internal sealed record RatedMonths(int FromDay, int ToDay, int Days, long EnergyWh, WideMoney Cost, IReadOnlyList<WideMoney> Costs);
