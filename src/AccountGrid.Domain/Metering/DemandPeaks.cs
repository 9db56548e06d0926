using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>
/// The highest demand of a local day: a pure function of the points of 1.8.0. The register rises evenly between two neighbours. An interval counts where
/// differences cover it whole that are accepted, measured at both ends and no longer than <see cref="Limits.DemandIntervalMaxMs"/>: readings each hour give the
/// hour's average, and what is estimated or held gives none. What of a difference lies within an interval is rounded down to a millionth of a Wh.
/// </summary>
internal static class DemandPeaks
{
    /// <param name="meter">The line of 1.8.0.</param>
    /// <param name="points">Its points around the day, <see cref="MeterLine.PointsOf"/>.</param>
    /// <param name="intervalMs">Length of the intervals, from the local midnight on; the last of a day can be shorter, and then counts by its own
    /// length.</param>
    /// <returns>Whole W, half up, and the beginning of the first interval with them; 0 where no interval counts.</returns>
    public static (long W, long AtMs) Of(MeterState meter, AccountState account, List<Point> points, int day, long intervalMs)
    {
        var (startMs, endMs) = (account.Calendar.StartOf(day), account.Calendar.StartOf(day + 1));
        var count = (int)((endMs - startMs + intervalMs - 1) / intervalMs);
        var (microWh, coveredMs) = (new Int128[count], new long[count]);
        foreach (var pair in MeterLine.PairsOf(points, startMs - Limits.DemandIntervalMaxMs, endMs + Limits.DemandIntervalMaxMs))
        {
            var (from, to) = (points[pair.From], points[pair.To]);
            if (to.TimeMs - from.TimeMs <= Limits.DemandIntervalMaxMs && !RegisterLine.IsEstimate(from) && !RegisterLine.IsEstimate(to)
                && Charging.OutcomeOf(meter, account, from, to, out var energy) == VeeOutcome.Accepted)
            {
                Add(from.TimeMs, to.TimeMs, energy.Wh);
            }
        }

        var (highest, atMs) = (0L, 0L);
        for (var i = 0; i < count; i++)
        {
            var lengthMs = Math.Min(intervalMs, endMs - startMs - (i * intervalMs));
            var w = coveredMs[i] == lengthMs ? WOf(microWh[i], lengthMs) : 0;
            if (w > highest)
            {
                (highest, atMs) = (w, startMs + (i * intervalMs));
            }
        }

        return (highest, atMs);

        void Add(long fromMs, long toMs, long wh)
        {
            for (var at = Math.Max(fromMs, startMs); at < Math.Min(toMs, endMs);)
            {
                var i = (int)((at - startMs) / intervalMs);
                var next = Math.Min(Math.Min(toMs, endMs), startMs + ((i + 1) * intervalMs));
                microWh[i] += (Int128)wh * 1_000_000 * (next - at) / (toMs - fromMs);
                coveredMs[i] += next - at;
                at = next;
            }
        }
    }

    /// <summary>µWh in ms as whole W, half up.</summary>
    private static long WOf(Int128 microWh, long ms) => (long)(((microWh * 2 * Instants.MsPerHour) + (1_000_000 * (Int128)ms)) / (2_000_000 * (Int128)ms));
}
