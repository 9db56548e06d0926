namespace AccountGrid.Host.Prices;

/// <param name="Price">Per kWh or per MWh as the series says.</param>
/// <param name="Publication">Number of the publication that it is of; null where it is missing, and the average stands in its place.</param>
public sealed record PriceAnswer(DateTimeOffset Start, DateTimeOffset End, string Price, int? Publication, bool IsAverage);
