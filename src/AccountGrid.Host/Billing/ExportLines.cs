using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Billing;

/// <summary>Lines of what exported energy brings: credits are below zero. They are behind the taxes on what is sold, which are not on them.</summary>
internal static class ExportLines
{
    /// <param name="amount">What it brings on the bill, with its taxes and with corrections.</param>
    /// <param name="export">Energy of the bill's days.</param>
    public static List<BillLine> Of(BillFacts f, WideMoney amount, IReadOnlyList<BillExport> export)
    {
        var lines = new List<BillLine>();
        var rest = amount;
        foreach (var e in export.Where(e => e.Price is not null && amount != WideMoney.Zero))
        {
            Add("export", e.Rate, -WideMoney.Product(e.Wh, e.Price!.Value.MicroPerKwh), e.Wh, BillLines.Price(e.Price.Value.MicroPerKwh));
        }

        foreach (var tax in (f.Parts.Named?.Items ?? []).Where(n => n.Kind == AmountKind.ExportTax))
        {
            Add("export-tax", tax.Name, -tax.Amount, null, null);
        }

        var netted = export.Where(e => e.Price is null).Sum(e => e.Wh);
        if (rest != WideMoney.Zero)
        {
            var (kind, name, wh) = netted > 0 ? ("net-metering", "Net metering", netted) : ("export-other", "Exported energy of other days", (long?)null);
            Add(kind, name, rest, wh, null);
        }

        return lines;

        void Add(string kind, string name, WideMoney line, long? wh, string? price)
        {
            rest -= line;
            lines.Add(new BillLine(kind, name, wh, price, line.ToString()));
        }
    }
}
