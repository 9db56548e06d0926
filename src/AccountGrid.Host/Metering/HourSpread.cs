namespace AccountGrid.Host.Metering;

/// <summary>A day's energy by hours: as the register rose between readings, evenly in time, and exactly the day's in sum.</summary>
internal static class HourSpread
{
    /// <param name="points">Register values around the day, in the order of time; UTC ms and Wh.</param>
    /// <param name="borders">Where hours begin, and last the day's end, UTC ms; rising, two or more.</param>
    /// <param name="totalWh">What the day was charged for.</param>
    /// <returns>As many values as there are hours. Where readings say less than the total, hours without readings share what is left; where they say more,
    /// because some of it is held or was dismissed, all hours are less in proportion.</returns>
    public static long[] Of(IReadOnlyList<(long AtMs, long Wh)> points, IReadOnlyList<long> borders, long totalWh)
    {
        var read = new long[borders.Count - 1];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = Math.Max(0, RegisterAt(points, borders[i + 1]) - RegisterAt(points, borders[i]));
        }

        var left = totalWh - read.Sum();
        if (left == 0)
        {
            return read;
        }

        bool IsRead(int hour) => points.Count > 0 && borders[hour] >= points[0].AtMs && borders[hour + 1] <= points[^1].AtMs;
        var blank = Enumerable.Range(0, read.Length).Where(h => !IsRead(h)).ToList();
        if (left > 0 && blank.Count > 0)
        {
            Share(blank.ConvertAll(_ => 1L), left).Zip(blank).ToList().ForEach(s => read[s.Second] += s.First);
            return read;
        }

        return Share(read.Any(r => r > 0) ? read : [.. read.Select(_ => 1L)], totalWh);
    }

    /// <summary>The register at an instant; before the first reading and after the last it is known not to have been less or more.</summary>
    private static long RegisterAt(IReadOnlyList<(long AtMs, long Wh)> points, long atMs)
    {
        if (points.Count == 0)
        {
            return 0;
        }

        var after = 0;
        while (after < points.Count && points[after].AtMs <= atMs)
        {
            after++;
        }

        if (after == 0 || after == points.Count)
        {
            return points[after == 0 ? 0 : ^1].Wh;
        }

        var (from, to) = (points[after - 1], points[after]);
        return from.Wh + (long)((Int128)(to.Wh - from.Wh) * (atMs - from.AtMs) / (to.AtMs - from.AtMs));
    }

    /// <summary>Shares by weight that sum to the total exactly: each border between two is rounded once.</summary>
    private static long[] Share(IReadOnlyList<long> weights, long total)
    {
        var sum = weights.Aggregate((Int128)0, (s, w) => s + w);
        var (shares, passed, given) = (new long[weights.Count], (Int128)0, 0L);
        for (var i = 0; i < shares.Length; i++)
        {
            passed += weights[i];
            var until = (long)(passed * total / sum);
            (shares[i], given) = (until - given, until);
        }

        return shares;
    }
}
