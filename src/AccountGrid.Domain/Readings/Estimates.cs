namespace AccountGrid.Domain.Readings;

/// <summary>
/// Values by a named method: pure functions of the points that count. Who asks for one decides it as a value, so that it stays as it was decided.
/// </summary>
public static class Estimates
{
    /// <summary>Weeks that <see cref="EstimateMethod.SameWeekdays"/> looks back: a month of them, so that one odd day weighs little.</summary>
    public const int Weeks = 4;

    /// <summary>Days that <see cref="EstimateMethod.LoadShape"/> looks back.</summary>
    public const int ShapeDays = 7 * Weeks;

    /// <summary>Days that <see cref="EstimateMethod.LastYear"/> looks back: whole weeks, so that weekdays are the same.</summary>
    public const int YearDays = 52 * 7;

    /// <summary>Days before the last value whose readings a method looks at.</summary>
    /// <param name="silentMs">From the last value to the instant.</param>
    public static int DaysBefore(EstimateMethod method, long silentMs) => method switch
    {
        EstimateMethod.LastYear => YearDays * (int)(1 + (silentMs / (YearDays * Instants.MsPerDay))),
        EstimateMethod.Interpolated => 1,
        _ => 7 * (Weeks + 1),
    } + 1;

    /// <summary>The register at an instant by a method, Wh; null where the points do not tell.</summary>
    /// <param name="points">Those that count, in rising time; one at the instant itself is not looked at.</param>
    /// <param name="atMs">UTC ms.</param>
    public static long? Of(EstimateMethod method, IReadOnlyList<Point> points, long atMs)
    {
        List<Point> others = [.. points.Where(p => p.TimeMs != atMs)];
        return method switch
        {
            EstimateMethod.Interpolated => RegisterAt(others, atMs),
            EstimateMethod.SameWeekdays => ByPast(others, atMs, Instants.MsPerDay, 7 * Instants.MsPerDay, Weeks),
            EstimateMethod.LoadShape => ByPast(others, atMs, Instants.MsPerHour, Instants.MsPerDay, ShapeDays),
            EstimateMethod.LastYear => ByPast(others, atMs, Instants.MsPerDay, YearDays * Instants.MsPerDay, 1),
            _ => throw new InvariantBrokenException($"No estimate by {method}."),
        };
    }

    /// <summary>
    /// The value before an instant, and for each part of the time since it the mean use of that part some periods earlier: of the latest ones that lie before
    /// the value.
    /// </summary>
    /// <param name="partMs">Length of a part; the last one can be shorter.</param>
    /// <param name="count">Periods whose mean it is, as far as they are known.</param>
    private static long? ByPast(List<Point> points, long atMs, long partMs, long periodMs, int count)
    {
        var before = points.FindLastIndex(p => p.TimeMs < atMs);
        if (before < 0)
        {
            return null;
        }

        var (from, wh) = (points[before], points[before].ValueWh);
        for (var start = from.TimeMs; start < atMs; start += partMs)
        {
            var end = Math.Min(atMs, start + partMs);
            var (sum, known) = (0L, 0);
            var first = Math.Max(1, (end - from.TimeMs + periodMs - 1) / periodMs);
            for (var period = first; period < first + count; period++)
            {
                var shift = period * periodMs;
                if (RegisterAt(points, start - shift) is { } began && RegisterAt(points, end - shift) is { } ended && ended >= began)
                {
                    (sum, known) = (sum + ended - began, known + 1);
                }
            }

            if (known == 0)
            {
                return null;
            }

            wh += sum / known;
        }

        return wh;
    }

    /// <summary>The register at an instant, by time between its neighbours; null where it lies outside of the points, or the register fell meanwhile.</summary>
    private static long? RegisterAt(List<Point> points, long ms)
    {
        var (after, high) = (0, points.Count);
        while (after < high)
        {
            var middle = (after + high) / 2;
            (after, high) = points[middle].TimeMs < ms ? (middle + 1, high) : (after, middle);
        }

        if (after == points.Count || (after == 0 && points[0].TimeMs != ms))
        {
            return null;
        }

        if (points[after].TimeMs == ms)
        {
            return points[after].ValueWh;
        }

        var (from, to) = (points[after - 1], points[after]);
        return to.ValueWh < from.ValueWh
            ? null
            : from.ValueWh + (long)((Int128)(to.ValueWh - from.ValueWh) * (ms - from.TimeMs) / (to.TimeMs - from.TimeMs));
    }
}
