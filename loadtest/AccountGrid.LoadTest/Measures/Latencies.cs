using HdrHistogram;

namespace AccountGrid.LoadTest.Measures;

/// <summary>Latencies of one kind: a histogram of the whole run, and one for the second that is running. Microseconds, to three digits. Thread-safe.</summary>
public sealed class Latencies
{
    /// <summary>Longest latency told apart, microseconds: ten minutes.</summary>
    private const long LongestUs = 600_000_000;

    private readonly Lock _lock = new();
    private readonly LongHistogram _all = New();
    private LongHistogram _second = New();

    public static LongHistogram New() => new(1, LongestUs, 3);

    public void Record(TimeSpan latency)
    {
        var us = Math.Clamp((long)latency.TotalMicroseconds, 1, LongestUs);
        lock (_lock)
        {
            _all.RecordValue(us);
            _second.RecordValue(us);
        }
    }

    /// <summary>The running second's 99th percentile, ms, and its count; begins the next.</summary>
    public (double P99Ms, long Count) TakeSecond()
    {
        lock (_lock)
        {
            var count = _second.TotalCount;
            var p99 = count == 0 ? double.NaN : _second.GetValueAtPercentile(99) / 1000.0;
            _second.Reset();
            return (p99, count);
        }
    }

    /// <summary>Begins anew: what was recorded so far was warm-up.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _all.Reset();
            _second.Reset();
        }
    }

    public LatencySummary Summary()
    {
        lock (_lock)
        {
            return LatencySummary.Of(_all);
        }
    }
}

/// <summary>Percentiles in milliseconds, and the histogram's own counts so that several processes' results can be merged exactly.</summary>
/// <param name="CountsByUs">Count by value, microseconds; only values that occurred.</param>
public sealed record LatencySummary(long Count, double P50, double P90, double P95, double P99, double P999, double Max, IReadOnlyList<long[]> CountsByUs)
{
    public static LatencySummary Of(LongHistogram h)
    {
        if (h.TotalCount == 0)
        {
            return new LatencySummary(0, 0, 0, 0, 0, 0, 0, []);
        }

        double At(double percentile) => h.GetValueAtPercentile(percentile) / 1000.0;
        return new LatencySummary(
            h.TotalCount, At(50), At(90), At(95), At(99), At(99.9), h.GetMaxValue() / 1000.0, [.. h.RecordedValues().Select(v => new[] { v.ValueIteratedTo, v.CountAtValueIteratedTo })]);
    }

    public static LatencySummary Merge(IEnumerable<LatencySummary> parts)
    {
        var all = Latencies.New();
        foreach (var pair in parts.SelectMany(p => p.CountsByUs))
        {
            all.RecordValueWithCount(pair[0], pair[1]);
        }

        return Of(all);
    }
}
