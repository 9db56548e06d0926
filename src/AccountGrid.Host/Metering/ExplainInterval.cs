namespace AccountGrid.Host.Metering;

/// <summary>An interval of a day whose tariff follows a price series.</summary>
/// <param name="Price">Per kWh, with the rate of the time and the levy that is in it.</param>
/// <param name="SeriesPrice">The series' own price per kWh; its average where <paramref name="IsAverage"/> is set.</param>
/// <param name="Publication">Number of the publication that it is of; null where it was missing.</param>
/// <param name="IsAverage">The price was missing: what is known of the month up to that day stands in its place, until it comes.</param>
public sealed record ExplainInterval(DateTimeOffset Start, long EnergyWh, string Price, string SeriesPrice, int? Publication, bool IsAverage);
