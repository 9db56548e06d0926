using AccountGrid.Host.Measures;

namespace AccountGrid.Host.Operations;

/// <summary>How long something took in the last minute.</summary>
/// <param name="Count">How often it was done.</param>
/// <param name="P50Ms">Percentiles, ms, at most a tenth too high; null where nothing was done.</param>
public sealed record LatencyAnswer(long Count, double? P50Ms, double? P95Ms, double? P99Ms)
{
    internal static LatencyAnswer Of(LatencyCounts counts) => new(counts.Count, counts.At(50), counts.At(95), counts.At(99));
}
