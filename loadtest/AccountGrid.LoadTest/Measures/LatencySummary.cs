using HdrHistogram;

namespace AccountGrid.LoadTest.Measures;

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
            h.TotalCount, At(50), At(90), At(95), At(99), At(99.9), h.GetMaxValue() / 1000.0,
            [.. h.RecordedValues().Select(v => new[] { v.ValueIteratedTo, v.CountAtValueIteratedTo })]);
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
