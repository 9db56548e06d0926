using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Billing;

/// <summary>Lines of a bill's tiers: how much of its energy is in which step of the tier period.</summary>
internal static class BillTiers
{
    /// <summary>Lines of several tier periods: those of one step, price and border are one.</summary>
    public static List<BillLine> Sum(IEnumerable<BillLine> lines) =>
    [
        .. lines.GroupBy(l => (l.Kind, l.Name, l.PricePerKwh, l.AboveWh, l.TaxBasisPoints)).Select(g => g.First() with
        {
            EnergyWh = g.Sum(l => l.EnergyWh),
            Amount = g.Aggregate(WideMoney.Zero, (sum, l) => sum + BillMoney.Parse(l.Amount)).ToString(),
        }),
    ];

    /// <summary>Steps that the energy between two sums of the period reaches; the amounts sum to the difference of the period's surcharges.</summary>
    /// <param name="day">Any local day of the period.</param>
    /// <param name="beforeWh">Energy of the period before the bill's days.</param>
    /// <param name="throughWh">Energy of the period to the end of the bill's days.</param>
    public static List<BillLine> Of(Tariff tariff, Household household, int day, long beforeWh, long throughWh)
    {
        var lines = new List<BillLine>();
        var (limits, adders) = (tariff.Tiers.LimitsWh(new(household, day, 0)), tariff.Tiers.AddersOf(day));
        for (var i = 0; i < limits.Length; i++)
        {
            var to = i + 1 < limits.Length ? limits[i + 1] : long.MaxValue;
            Add("tier", (i + 2).ToString(CultureInfo.InvariantCulture), Within(limits[i], to), adders[i].MicroPerKwh, limits[i]);
        }

        if (household.Protected && tariff.Definition.Tiers is { ProtectedFreeWh: > 0 } free && Money.TryParse(free.FreePricePerKwh, out var price))
        {
            Add("free", "Free energy", Within(0, free.ProtectedFreeWh), -price.Nano / 1000, null);
        }

        return lines;

        long Within(long from, long to) => Math.Clamp(throughWh, from, to) - Math.Clamp(beforeWh, from, to);

        void Add(string kind, string name, long wh, long microPerKwh, long? aboveWh)
        {
            if (wh != 0)
            {
                lines.Add(new BillLine(kind, name, wh, BillLines.Price(microPerKwh), WideMoney.Product(wh, microPerKwh).ToString(), aboveWh,
                    BillReader.TaxOf(tariff)));
            }
        }
    }
}
