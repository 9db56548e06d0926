namespace AccountGrid.Domain.Rating;

/// <summary>What exported energy brings in a period; each is a credit where it is above zero.</summary>
/// <param name="Netted">What imported energy would have cost that export was taken off, without levies. Taxes of the tariff are on the rest.</param>
/// <param name="Rest">Paid for what was left at a settlement.</param>
/// <param name="FeedIn">By a feed-in tariff, before its taxes.</param>
/// <param name="Taxes">Taxes on <paramref name="FeedIn"/>: paid with it above zero, withheld below.</param>
internal readonly record struct ExportAmounts(WideMoney Netted, WideMoney Rest, WideMoney FeedIn, WideMoney Taxes)
{
    /// <summary>What is credited beside <see cref="Netted"/>, which other taxes depend on.</summary>
    public WideMoney Paid => Rest + FeedIn + Taxes;
}
