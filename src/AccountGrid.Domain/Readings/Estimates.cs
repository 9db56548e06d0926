namespace AccountGrid.Domain.Readings;

/// <summary>
/// Values by a named method: pure functions of the points that count. Who asks for one decides it as a value, so that it stays as it was decided.
/// </summary>
public static class Estimates
{
    /// <summary>Weeks that <see cref="EstimateMethod.SameWeekdays"/> looks back: a month of them, so that one odd day weighs little.</summary>
    public const int Weeks = 4;

    private const long WeekMs = 7 * Instants.MsPerDay;

    /// <summary>The register at an instant by a method, Wh; null where the points do not tell.</summary>
    /// <param name="points">Those that count, in rising time; one at the instant itself is not looked at.</param>
    /// <param name="atMs">UTC ms.</param>
    public static long? Of(EstimateMethod method, IReadOnlyList<Point> points, long atMs)
    {
        List<Point> others = [.. points.Where(p => p.TimeMs != atMs)];
        return method == EstimateMethod.Interpolated ? RegisterAt(others, atMs) : SameWeekdays(others, atMs);
    }

    private static long? SameWeekdays(List<Point> points, long atMs)
    {
        var before = points.FindLastIndex(p => p.TimeMs < atMs);
        if (before < 0)
        {
            return null;
        }

        var (from, sum, known) = (points[before], 0L, 0);
        for (var week = 1; week <= Weeks; week++)
        {
            var shift = week * WeekMs;
            if (RegisterAt(points, from.TimeMs - shift) is { } began && RegisterAt(points, atMs - shift) is { } ended && ended >= began)
            {
                (sum, known) = (sum + ended - began, known + 1);
            }
        }

        return known == 0 ? null : from.ValueWh + (sum / known);
    }

    /// <summary>The register at an instant, by time between its neighbours; null where it lies outside of the points, or the register fell meanwhile.</summary>
    private static long? RegisterAt(List<Point> points, long ms)
    {
        var after = points.FindIndex(p => p.TimeMs >= ms);
        if (after < 0 || (after == 0 && points[0].TimeMs != ms))
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
