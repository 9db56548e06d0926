namespace AccountGrid.Domain.Figures;

/// <summary>
/// Figures of billing and collection, as fractions, not percent. A figure whose denominator is not positive is not defined and null. Nothing is clamped: what
/// was collected for a period can exceed what was billed for it. Source: SERVICE.md, formulas.
/// </summary>
public static class Collection
{
    /// <summary>Collected for a period over billed for it, or collected on arrears of the year's start over those arrears.</summary>
    public static decimal? Rate(Money collected, Money billed) => Ratio(collected.Nano, billed.Nano);

    /// <summary>Receivable at the month's end over the mean monthly bill of all customers (应收余额比重).</summary>
    public static decimal? ReceivableRatio(Money receivable, Money billed, int months) =>
        months <= 0 ? null : Ratio(receivable.Nano, billed.Nano / (decimal)months);

    /// <summary>Energy billed over energy that went into the network.</summary>
    public static decimal? BillingEfficiency(Energy billed, Energy input) => Ratio(billed.Wh, input.Wh);

    /// <summary>
    /// Aggregate technical and commercial loss: what is not paid of the energy that went into the network. Negative if old arrears were collected.
    /// </summary>
    public static decimal? AtcLoss(decimal? billingEfficiency, decimal? collectionEfficiency) => 1 - (billingEfficiency * collectionEfficiency);

    /// <summary>Days of sales outstanding: receivable over billed, times the days of the period.</summary>
    public static decimal? DaysOfSales(Money receivable, Money billed, int days) => Ratio((decimal)receivable.Nano * days, billed.Nano);

    /// <summary>Best possible days of sales outstanding: the same with the receivable that is not due yet.</summary>
    public static decimal? BestDaysOfSales(Money current, Money billed, int days) => DaysOfSales(current, billed, days);

    /// <summary>Collection effectiveness index: of what could be collected in the period, what was. 1 if nothing overdue is left.</summary>
    /// <param name="opening">Receivable at the beginning.</param>
    /// <param name="closing">Receivable at the end.</param>
    /// <param name="closingCurrent">The part of it that is not due yet.</param>
    public static decimal? EffectivenessIndex(Money opening, Money billed, Money closing, Money closingCurrent)
    {
        var asked = (decimal)opening.Nano + billed.Nano;
        return Ratio(asked - closing.Nano, asked - closingCurrent.Nano);
    }

    private static decimal? Ratio(decimal part, decimal whole) => whole <= 0 ? null : part / whole;
}
