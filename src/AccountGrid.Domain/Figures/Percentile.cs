namespace AccountGrid.Domain.Figures;

/// <summary>Percentiles by nearest rank: always a value that was observed, which a mean of two neighbours is not.</summary>
public static class Percentile
{
    /// <summary>The smallest value that at least <paramref name="percent"/> percent of all values do not exceed. Null without values.</summary>
    /// <param name="percent">1 to 100.</param>
    public static long? Of(IEnumerable<long> values, int percent)
    {
        Invariant.Holds(percent is >= 1 and <= 100, $"{percent} is no percentile.");
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : sorted[(int)((((long)sorted.Count * percent) + 99) / 100) - 1];
    }
}
