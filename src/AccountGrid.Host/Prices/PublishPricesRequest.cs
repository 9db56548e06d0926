namespace AccountGrid.Host.Prices;

/// <param name="Prices">1 to 4,000 intervals, in any order; all are taken or none.</param>
/// <param name="Reason">Needed where a price that is known is given with another value.</param>
public sealed record PublishPricesRequest(IReadOnlyList<IntervalPrice> Prices, string? Reason = null);
