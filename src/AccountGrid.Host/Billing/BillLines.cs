using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Billing;

/// <summary>
/// Puts a bill's document together, as a function of its facts and of what the tables say. The facts are frozen and count: what the lines that are listed
/// leave of a frozen sum has a line of its own, so that the lines always sum to the total.
/// </summary>
internal static class BillLines
{
    /// <summary>Most credits that a document lists, the latest; a prepaid account can have several a day.</summary>
    public const int CreditsMax = 200;

    public static BillDocument Document(string id, string account, long closedMs, BillFacts f, BillSource source)
    {
        var credits = source.Statement.Credits;
        var older = credits.Take(Math.Max(0, credits.Count - CreditsMax)).Aggregate(WideMoney.Zero, (sum, e) => sum + e.Amount);
        var moved = source.Statement.Moved.Aggregate(WideMoney.Zero, (sum, m) => sum + m.Amount);
        return new BillDocument(
            id, account, f.Number, Instants.DayToText(f.FromDay), Instants.DayToText(f.ToDay), f.DueDay == 0 ? null : Instants.DayToText(f.DueDay), f.Currency,
            f.EnergyWh, Of(f, source), f.Amount.ToString(), f.Debits.ToString(), f.Payments.ToString(),
            f.Arrears.ToString(), f.Fees.ToString(), f.Balance.ToString(), f.ToPay.ToString(), f.Policy, Instants.ToInstant(closedMs),
            source.Meters, [.. (f.Items ?? []).Select(i => Owed(i, source))],
            [.. credits.Skip(credits.Count - CreditsMax).Select(e => new BillCredit(
                Instants.ToInstant(e.AtMs), EffectStatements.KindText(e.Kind), e.Amount.ToString(), e.Reference))],
            older == WideMoney.Zero ? null : older.ToString(), [.. source.Statement.Corrections.Select(Correction)], (f.Balance - moved).ToString(),
            [.. source.Statement.Moved.Select(m => new BillMovement(EffectStatements.KindText(m.Kind), m.Amount.ToString()))],
            source.Months, f.Open.ToString(), Instants.DayToText(source.IssuedDay),
            [.. (f.Parts.Named?.Items ?? []).Where(n => n.Kind == AmountKind.IncludedTax)
                .Select(n => new BillLine("included-tax", n.Name, null, null, n.Amount.ToString()))], f.IsFinal, f.TwoPart?.Select(BillTwoPart.Of).ToList());
    }

    /// <summary>The lines of a bill; they sum to its amount.</summary>
    public static List<BillLine> Of(BillFacts f, BillSource source)
    {
        var lines = new List<BillLine>();
        var tax = source.TaxBasisPoints;
        void Add(string kind, string name, WideMoney amount, int? taxed)
        {
            if (amount != WideMoney.Zero)
            {
                lines.Add(new BillLine(kind, name, null, null, amount.ToString(), TaxBasisPoints: taxed));
            }
        }

        void AddNamed(string kind, AmountKind of, int? taxed)
        {
            foreach (var amount in (f.Parts.Named?.Items ?? []).Where(n => n.Kind == of))
            {
                Add(kind, amount.Name, amount.Amount, taxed);
            }
        }

        // What the bill's own days cost by the time of its closing, and beside it what days before them changed by.
        var own = f.Parts + source.Statement.OwnCorrections;
        var earlier = source.Statement.Corrections.Aggregate(default(ChargeParts), (sum, e) => sum + e.Parts);
        Add("energy-other", "Energy of days changed since", own.Energy - AddEnergy(lines, source.Energy), tax);
        lines.AddRange(source.Tiers);
        var tiers = source.Tiers.Aggregate(WideMoney.Zero, (sum, l) => sum + Parse(l.Amount));
        Add("tiers", "Tier surcharge", own.Tiers - tiers, tax);
        Add("standing", "Standing charge", own.Standing, tax);
        Add("capacity", "Charge for capacity or demand", own.Capacity, tax);
        Add("power-factor", "Adjustment by power factor", own.PowerFactor, tax);

        // Levies and taxes by name are those of corrections too; a tax without a name is on all lines before it.
        AddNamed("named-levy", AmountKind.Levy, tax);
        Add("corrections", "Corrections of earlier days", earlier.Energy + earlier.Tiers + earlier.Standing + earlier.Capacity + earlier.PowerFactor,
            tax);
        AddNamed("named-tax", AmountKind.Tax, null);
        Add("tax", "Tax", own.Tax + earlier.Tax - (f.Parts.Named?.Of(AmountKind.Tax) ?? WideMoney.Zero), tax);
        lines.AddRange(ExportLines.Of(f, own.Export + earlier.Export, source.Export));
        Add("corrections-other", "Other corrections, with tax", lines.Aggregate(f.Parts.Total + f.Corrections, (rest, l) => rest - Parse(l.Amount)), null);
        Add("rounding", "Rounded to the currency's digits; the rest is carried to the next bill", f.Amount - (f.Parts.Total + f.Corrections), null);
        return lines;
    }

    public static string Price(long microPerKwh) => (microPerKwh / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture);

    /// <summary>Energy by rate without levy, then the levy on all of it. Returns what they cost.</summary>
    private static WideMoney AddEnergy(List<BillLine> lines, IReadOnlyList<BillEnergy> energy)
    {
        var sum = WideMoney.Zero;
        foreach (var e in energy)
        {
            if (e.Followed is { } followed)
            {
                sum += followed;
                lines.Add(new BillLine(
                    e.IsAverage ? "series-average" : "series", e.Rate, e.Wh, null, followed.ToString(), TaxBasisPoints: e.TaxBasisPoints));
                continue;
            }

            Add("energy", e.Rate, e.Wh, e.Price, e.TaxBasisPoints);
        }

        foreach (var levied in energy.Where(e => e.Levy.MicroPerKwh != 0).GroupBy(e => (e.Levy, e.TaxBasisPoints)))
        {
            Add("levy", "Levy", levied.Sum(e => e.Wh), levied.Key.Levy, levied.Key.TaxBasisPoints);
        }

        return sum;

        void Add(string kind, string name, long wh, Price price, int? tax)
        {
            var amount = WideMoney.Product(wh, price.MicroPerKwh);
            sum += amount;
            lines.Add(new BillLine(kind, name, wh, Price(price.MicroPerKwh), amount.ToString(), TaxBasisPoints: tax));
        }
    }

    private static BillOwed Owed(BillItem item, BillSource source) => new(
        KindText(item.Kind), item.DueDay == 0 ? null : Instants.DayToText(item.DueDay), item.DueDay == 0 ? null : source.IssuedDay - item.DueDay,
        item.Amount.ToString(), source.Reasons.GetValueOrDefault(item.Position));

    private static BillCorrection Correction(LedgerEntry e)
    {
        var cause = e.Kind switch
        {
            EntryKind.Charge => "late",
            EntryKind.Standing => "standing",
            _ when e.Reference?.StartsWith("prices:", StringComparison.Ordinal) == true => "prices",
            _ => e.Parts.Energy != WideMoney.Zero ? "readings"
                : e.Parts.Capacity != WideMoney.Zero ? "capacity"
                : e.Parts.PowerFactor != WideMoney.Zero ? "power-factor"
                : "tiers",
        };
        return new(Instants.DayToText(e.Day), cause, (e.Parts.Total - e.Parts.Tax).ToString(), e.Parts.Tax.ToString(),
            cause == "capacity" ? e.Reference : null);
    }

    private static string KindText(ItemKind kind) => kind switch
    {
        ItemKind.Opening => "opening",
        ItemKind.Bill => "bill",
        ItemKind.Fee => "fee",
        ItemKind.Debit => "debit",
        ItemKind.Recovery => "recovery",
        ItemKind.Refund => "refund",
        ItemKind.Reversal => "reversal",
        _ => throw new InvariantBrokenException($"No text for item kind {kind}."),
    };

    private static WideMoney Parse(string text) => BillMoney.Parse(text);
}
