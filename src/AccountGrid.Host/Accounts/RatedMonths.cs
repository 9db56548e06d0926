using AccountGrid.Domain;

namespace AccountGrid.Host.Accounts;

/// <summary>Closed months of an account as they were rated, and as other tariffs rate them.</summary>
/// <param name="FromDay">First local day that is rated.</param>
/// <param name="ToDay">Last day.</param>
/// <param name="Days">Days of them with readings.</param>
/// <param name="Costs">What each day did cost.</param>
/// <param name="Under">What each day would have cost under each tariff, in the order asked for.</param>
internal sealed record RatedMonths(
    int FromDay, int ToDay, int Days, long EnergyWh, IReadOnlyList<WideMoney> Costs, IReadOnlyList<IReadOnlyList<WideMoney>> Under)
{
    public WideMoney Cost => SumOf(Costs);

    public WideMoney CostUnder(int index) => SumOf(Under[index]);

    private static WideMoney SumOf(IEnumerable<WideMoney> days) => days.Aggregate(WideMoney.Zero, (sum, day) => sum + day);
}
