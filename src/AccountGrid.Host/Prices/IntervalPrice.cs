namespace AccountGrid.Host.Prices;

/// <param name="Start">Start of the interval with its offset from UTC.</param>
/// <param name="Price">Decimal string, per kWh or per MWh as the series says; it may lie below zero.</param>
public sealed record IntervalPrice(DateTimeOffset Start, string Price);
