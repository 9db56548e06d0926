using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Billing;

/// <summary>Lines of a bill's tiers: how much of its energy is in which step of the tier period.</summary>
internal static class BillTiers
{
    /// <summary>Steps that the energy between two sums of the period reaches; the amounts sum to the difference of the period's surcharges.</summary>
    /// <param name="beforeWh">Energy of the period before the bill's days.</param>
    /// <param name="throughWh">Energy of the period to the end of the bill's days.</param>
    public static List<BillLine> Of(Tariff tariff, Household household, long beforeWh, long throughWh)
    {
        var lines = new List<BillLine>();
        for (var i = 0; i < tariff.Tiers.Count; i++)
        {
            var from = tariff.Tiers.AboveWh(i, household);
            var to = i + 1 < tariff.Tiers.Count ? tariff.Tiers.AboveWh(i + 1, household) : long.MaxValue;
            Add("tier", (i + 2).ToString(CultureInfo.InvariantCulture), Within(from, to), tariff.Tiers.Adder(i).MicroPerKwh, from);
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
                    tariff.TaxBasisPoints));
            }
        }
    }
}
