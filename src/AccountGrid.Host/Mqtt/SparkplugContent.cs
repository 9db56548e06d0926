namespace AccountGrid.Host.Mqtt;

/// <summary>A Sparkplug B message.</summary>
/// <param name="Sequence">0 to 255, and 0 again: the next of the node's messages has the next one. Null in deaths.</param>
internal sealed record SparkplugContent(ulong? Sequence, IReadOnlyList<SparkplugMetric> Metrics);
