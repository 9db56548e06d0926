namespace AccountGrid.Domain.Figures;

/// <summary>A percentile of the times from paid to booked with its 95 % interval, ms, and of how many payments it is.</summary>
public sealed record LatencyFacts(long Ms, long LowMs, long HighMs, long Count)
{
    /// <summary>Null without payments.</summary>
    public static LatencyFacts? Of(LatencyDistribution latencies, int percent) =>
        latencies.Of(percent) is var (ms, bounds) ? new(ms, (long)bounds.Low, (long)bounds.High, latencies.Count) : null;
}
