namespace AccountGrid.Host.Mqtt;

/// <summary>A metric of a Sparkplug B message. What is null was not sent.</summary>
/// <param name="TimestampMs">When its value was so, UTC ms.</param>
/// <param name="Type">The specification's number of the data type.</param>
internal sealed record SparkplugMetric(string? Name, ulong? Alias, ulong? TimestampMs, uint? Type, bool IsHistorical, bool IsNull, object? Value);
