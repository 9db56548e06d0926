using HdrHistogram;

namespace AccountGrid.LoadTest.Measures;

/// <summary>Latencies of one kind: a histogram of the whole run, and one for the second that is running. Microseconds, to three digits. Thread-safe.</summary>
public sealed class Latencies
{
    /// <summary>Longest latency told apart, microseconds: ten minutes.</summary>
    private const long LongestUs = 600_000_000;

    private readonly Lock _lock = new();
    private readonly LongHistogram _all = New();
    private readonly LongHistogram _second = New();

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
