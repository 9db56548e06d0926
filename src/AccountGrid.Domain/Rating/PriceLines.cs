using System.Globalization;
using System.Text.Json;

namespace AccountGrid.Domain.Rating;

/// <summary>What changes between two versions of a product, as a customer is told.</summary>
public static class PriceLines
{
    /// <summary>
    /// Every rate, changed or not; then whatever else differs. Numbers are compared as numbers: <c>1.0</c> is <c>1</c>. What has no single number is one line
    /// of kind <c>other</c>.
    /// </summary>
    public static IReadOnlyList<PriceLine> Of(TariffDefinition old, TariffDefinition now)
    {
        var lines = Joined("rate", old.Rates.Select(r => (r.Name, r.PricePerKwh)), now.Rates.Select(r => (r.Name, r.PricePerKwh)));
        List<PriceLine> more =
        [
            .. Joined("standing", [("", old.StandingPerDay)], [("", now.StandingPerDay)]),
            .. Joined("capacity", CapacityOf(old), CapacityOf(now)),
            .. Joined("demand", DemandOf(old), DemandOf(now)),
            .. Joined("demand-terms", DemandTermsOf(old), DemandTermsOf(now)),
            .. Joined("levy", [("", old.LevyPerKwh)], [("", now.LevyPerKwh)]),
            .. Joined("levy", old.Levies.Select(l => (l.Name, l.PerKwh)), now.Levies.Select(l => (l.Name, l.PerKwh))),
            .. Joined("tier", StepsOf(old), StepsOf(now)),
            .. Joined("tax", [("", Percent(old.TaxBasisPoints))], [("", Percent(now.TaxBasisPoints))]),
            .. Joined("tax", old.Taxes.Select(t => (t.Name, Percent(t.BasisPoints))), now.Taxes.Select(t => (t.Name, Percent(t.BasisPoints)))),
        ];
        lines.AddRange(more.Where(l => l.Old != l.New));
        if (TermsOf(old) != TermsOf(now))
        {
            lines.Add(new("other", "", null, null));
        }

        return lines;
    }

    private static List<PriceLine> Joined(string kind, IEnumerable<(string Name, string Value)> old, IEnumerable<(string Name, string Value)> now)
    {
        var before = old.ToList();
        var lines = now.Select(n => new PriceLine(kind, n.Name, before.Find(b => b.Name == n.Name).Value is { } value ? Plain(value) : null, Plain(n.Value)))
            .ToList();
        lines.AddRange(before.Where(b => !lines.Exists(l => l.Name == b.Name)).Select(b => new PriceLine(kind, b.Name, Plain(b.Value), null)));
        return lines;
    }

    private static IEnumerable<(string Name, string Value)> StepsOf(TariffDefinition d) => d.Tiers is { } tiers
        ? tiers.Steps.Select(s => ((s.AboveWh / 1_000m).ToString("0.###", CultureInfo.InvariantCulture), s.AdderPerKwh))
        : [];

    private static IEnumerable<(string Name, string Value)> CapacityOf(TariffDefinition d) => d.Capacity is { } c ? [(c.Unit, c.PricePerMonth)] : [];

    private static IEnumerable<(string Name, string Value)> DemandOf(TariffDefinition d) => d.Demand is { } c ? [("kW", c.PricePerMonth)] : [];

    /// <summary>Percents of the contract: what is charged at least, and above which border the factor holds.</summary>
    private static IEnumerable<(string Name, string Value)> DemandTermsOf(TariffDefinition d)
    {
        if (d.Demand is { } demand)
        {
            yield return ("minimum", $"{demand.MinimumPercent}");
            if (demand.SurchargeAbovePercent is { } above)
            {
                yield return ("surcharge-above", $"{above}");
                yield return ("surcharge-factor", demand.SurchargeFactor);
            }
        }
    }

    private static string Percent(int basisPoints) => (basisPoints / 100m).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Plain(string value) => decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
        ? number.ToString("0.######", CultureInfo.InvariantCulture)
        : value;

    /// <summary>Everything but the numbers that have lines of their own.</summary>
    private static string TermsOf(TariffDefinition d) => JsonSerializer.Serialize(d with
    {
        Id = "",
        Version = 1,
        EffectiveFrom = null,
        Rates = [],
        StandingPerDay = "0",
        LevyPerKwh = "0",
        Capacity = d.Capacity is { } capacity ? capacity with { PricePerMonth = "0", Unit = "kVA" } : null,
        Demand = d.Demand is { } demand
            ? demand with { PricePerMonth = "0", MinimumPercent = 0, SurchargeAbovePercent = null, SurchargeFactor = "1" } : null,
        TaxBasisPoints = 0,
        Levies = [.. d.Levies.Select(l => l with { PerKwh = "0" })],
        Taxes = [.. d.Taxes.Select(t => t with { BasisPoints = 1 })],
        Tiers = d.Tiers is { } tiers ? tiers with { Steps = [], FreePricePerKwh = Plain(tiers.FreePricePerKwh) } : null,
    });
}
