namespace AccountGrid.Host.Billing.Invoices;

/// <summary>
/// The arithmetic of an invoice, checked after it was made. (Source: EN 16931-1, rules BR-CO-10 to BR-CO-17, BR-CO-25, BR-16, BR-27, BR-DEC, BR-S-08 and its
/// like; Peppol BIS Billing 3.0, PEPPOL-EN16931-R120.)
/// </summary>
internal static class InvoiceRules
{
    /// <summary>By how much a line may differ from quantity times price (R120).</summary>
    private const decimal LineTolerance = 0.02m;

    /// <summary>Rules that do not hold; empty where all do.</summary>
    public static IReadOnlyList<string> Broken(Invoice invoice)
    {
        var (lines, allowances, taxes, t) = (invoice.Lines, invoice.Allowances, invoice.Taxes, invoice.Totals);
        var broken = new List<string>();
        void Need(bool holds, string rule)
        {
            if (!holds)
            {
                broken.Add(rule);
            }
        }

        Need(lines.Count > 0, "BR-16");
        Need(lines.All(l => l.Price >= 0), "BR-27");
        Need(t.Lines == lines.Sum(l => l.Net), "BR-CO-10");
        Need(t.Allowances == allowances.Where(a => !a.IsCharge).Sum(a => a.Amount), "BR-CO-11");
        Need(t.Charges == allowances.Where(a => a.IsCharge).Sum(a => a.Amount), "BR-CO-12");
        Need(t.TaxExclusive == t.Lines - t.Allowances + t.Charges, "BR-CO-13");
        Need(t.Tax == taxes.Sum(x => x.Tax), "BR-CO-14");
        Need(t.TaxInclusive == t.TaxExclusive + t.Tax, "BR-CO-15");
        Need(t.Payable == t.TaxInclusive - t.Prepaid + t.Rounding, "BR-CO-16");
        Need(taxes.All(x => x.Tax == TaxOf(x.Taxable, x.Category.Percent ?? 0)), "BR-CO-17");
        Need(t.Payable <= 0 || invoice.Due is not null || invoice.Terms is not null, "BR-CO-25");
        Need(lines.All(l => Math.Abs(l.Net - (l.Quantity * l.Price)) <= LineTolerance), "PEPPOL-EN16931-R120");
        var categories = lines.Select(l => l.Category).Concat(allowances.Select(a => a.Category)).Distinct().ToList();
        Need(taxes.Select(x => x.Category).Distinct().Count() == taxes.Count && categories.All(c => taxes.Any(x => x.Category == c)), "BR-CO-18");
        foreach (var tax in taxes)
        {
            var net = lines.Where(l => l.Category == tax.Category).Sum(l => l.Net)
                + allowances.Where(a => a.Category == tax.Category).Sum(a => a.IsCharge ? a.Amount : -a.Amount);
            Need(tax.Taxable == net, $"BR-{tax.Category.Code}-08");
        }

        decimal[] amounts = [.. lines.Select(l => l.Net), .. allowances.Select(a => a.Amount), .. taxes.SelectMany(x => new[] { x.Taxable, x.Tax }), t.Lines,
            t.Allowances, t.Charges, t.TaxExclusive, t.Tax, t.TaxInclusive, t.Prepaid, t.Rounding, t.Payable];
        Need(amounts.All(a => decimal.Round(a, 2) == a), "BR-DEC");
        return broken;
    }

    /// <summary>Tax of a category, rounded to two decimals, half away from zero (BR-CO-17).</summary>
    public static decimal TaxOf(decimal taxable, decimal percent) => Math.Round(taxable * percent / 100m, 2, MidpointRounding.AwayFromZero);

    /// <summary>
    /// Amounts rounded to two decimals so that they sum to their rounded sum: each is rounded down, and the largest remainders are rounded up instead. Each
    /// differs from its amount by less than 0.01.
    /// </summary>
    public static IReadOnlyList<decimal> Rounded(IReadOnlyList<decimal> amounts)
    {
        var down = amounts.Select(a => Math.Floor(a * 100m) / 100m).ToArray();
        var missing = (int)((Math.Round(amounts.Sum(), 2, MidpointRounding.AwayFromZero) - down.Sum()) * 100m);
        foreach (var i in Enumerable.Range(0, down.Length).OrderByDescending(i => amounts[i] - down[i]).ThenBy(i => i).Take(missing))
        {
            down[i] += 0.01m;
        }

        return down;
    }
}
