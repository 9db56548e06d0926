namespace AccountGrid.Domain.Figures;

/// <summary>How long payments took, exactly: each time with how often it was seen.</summary>
/// <param name="times">ms, 0 and more, and count, 1 and more; each time once.</param>
public sealed class LatencyDistribution(IEnumerable<(long Ms, long Count)> times)
{
    private readonly List<(long Ms, long UpTo)> _ranks = Ranks(times);

    public long Count => _ranks.Count == 0 ? 0 : _ranks[^1].UpTo;

    /// <summary>
    /// The percentile by nearest rank, as <see cref="Percentile.Of"/>, with its 95 % interval by order statistics. The ranks of the bounds are cut to those
    /// that there are. Source: Conover, Practical Nonparametric Statistics, 1999, 3.2. Null without payments.
    /// </summary>
    /// <param name="percent">1 to 99.</param>
    public (long Ms, Interval Bounds)? Of(int percent)
    {
        Invariant.Holds(percent is >= 1 and <= 99, $"{percent} is no percentile.");
        if (Count == 0)
        {
            return null;
        }

        var share = percent / 100.0;
        var half = Wilson.Z * Math.Sqrt(Count * share * (1 - share));
        var (low, high) = ((long)Math.Floor((Count * share) - half), (long)Math.Ceiling((Count * share) + half));
        return (At(((Count * percent) + 99) / 100), new(At(Math.Max(1, low)), At(Math.Min(Count, high))));
    }

    private long At(long rank) => _ranks[Math.Max(0, _ranks.FindIndex(r => r.UpTo >= rank))].Ms;

    private static List<(long Ms, long UpTo)> Ranks(IEnumerable<(long Ms, long Count)> times)
    {
        var ranks = new List<(long, long)>();
        var sum = 0L;
        foreach (var (ms, count) in times.OrderBy(t => t.Ms))
        {
            Invariant.Holds(ms >= 0 && count > 0, $"{count} payments of {ms} ms are none.");
            sum += count;
            ranks.Add((ms, sum));
        }

        return ranks;
    }
}
