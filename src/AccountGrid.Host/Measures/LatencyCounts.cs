namespace AccountGrid.Host.Measures;

/// <summary>
/// How often something took how long, counted in buckets whose bounds grow by a tenth, so that counts of several processes can be added. A percentile is the
/// upper bound of its bucket: at most a tenth more than the true one, and 1 ms at least.
/// </summary>
/// <param name="Buckets">Counts by bucket; those that are empty are left out.</param>
public sealed record LatencyCounts(IReadOnlyDictionary<int, long> Buckets)
{
    /// <summary>The last bucket has all of ten minutes and more.</summary>
    private const int BucketMax = 140;

    private const double Growth = 1.1;

    public static LatencyCounts None { get; } = new(new Dictionary<int, long>());

    public long Count => Buckets.Values.Sum();

    /// <summary>The bucket of a time; one below zero, which clocks that differ can lead to, counts as none.</summary>
    public static int BucketOf(TimeSpan took) =>
        took.TotalMilliseconds <= 1 ? 0 : Math.Min(BucketMax, (int)Math.Ceiling((Math.Log(took.TotalMilliseconds) / Math.Log(Growth)) - 1e-9));

    public static LatencyCounts Sum(IEnumerable<LatencyCounts> all) =>
        new(all.SelectMany(a => a.Buckets).GroupBy(b => b.Key).ToDictionary(g => g.Key, g => g.Sum(b => b.Value)));

    /// <summary>The percentile by nearest rank, ms; null where nothing was counted.</summary>
    /// <param name="percent">1 to 100.</param>
    public double? At(int percent)
    {
        var rank = ((Count * percent) + 99) / 100;
        var seen = 0L;
        foreach (var (bucket, count) in Buckets.OrderBy(b => b.Key))
        {
            seen += count;
            if (seen >= rank)
            {
                return Math.Round(Math.Pow(Growth, bucket), 1);
            }
        }

        return null;
    }
}
