using AccountGrid.Host.MeterFiles;


namespace AccountGrid.Testing;

/// <summary>Real interval data where it is found (<see cref="RealFiles"/>), else generated data of the same form. Tests say which they used.</summary>
public static class SharedData
{
    public const string Swiss = "ch_households_15min.csv.gz";
    public const string Australian = "au_sgsc_5_halfhourly.csv.gz";

    public static string? Find(string name) => RealFiles.Data(name);

    /// <summary>A town with the defects of the real one: falls, spikes, gaps, a frozen meter.</summary>
    public static List<IntervalSeries> MadeUp(int meters, int days, int seed)
    {
        var random = new Random(seed);
        var start = new DateTimeOffset(2018, 10, 28, 23, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return [.. Enumerable.Range(1, meters).Select(m => new IntervalSeries($"MU{m:0000}", Intervals(random, start, days, m)))];
    }

    private static List<Interval> Intervals(Random random, long start, int days, int meter)
    {
        var intervals = new List<Interval>();
        for (var i = 1; i <= days * 96; i++)
        {
            if (meter % 7 == 0 && i % 200 < 6)
            {
                continue;
            }

            var milliWh = meter % 11 == 0 ? 999_000 : random.Next(0, 400_000);
            milliWh = meter % 5 == 0 && i % 333 == 0 ? -2_000_000 : meter % 6 == 0 && i % 400 == 0 ? 90_000_000 : milliWh;
            intervals.Add(new Interval(start + (i * 900_000L), milliWh));
        }

        return intervals;
    }
}
