using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>The points of a meter's open days.</summary>
internal static class MeterLine
{
    /// <summary>Differences that counted between two instants and no longer do, and those that do now.</summary>
    internal static (List<Pair> Gone, List<Pair> Added) Differ(List<Point> old, List<Point> points, long fromMs, long toMs)
    {
        var (gone, added) = (new List<Pair>(), new List<Pair>());
        var (a, b) = (PairsOf(old, fromMs, toMs), PairsOf(points, fromMs, toMs));
        var (i, j) = (0, 0);
        while (i < a.Count || j < b.Count)
        {
            var oldTo = i < a.Count ? old[a[i].To].TimeMs : long.MaxValue;
            var newTo = j < b.Count ? points[b[j].To].TimeMs : long.MaxValue;
            if (oldTo == newTo && IsSame(old[a[i].From], points[b[j].From]) && IsSame(old[a[i].To], points[b[j].To]))
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            if (oldTo <= newTo)
            {
                gone.Add(a[i++]);
            }

            if (newTo <= oldTo)
            {
                added.Add(b[j++]);
            }
        }

        return (gone, added);
    }

    private static bool IsSame(in Point a, in Point b) => a.TimeMs == b.TimeMs && a.ValueWh == b.ValueWh && a.Quality == b.Quality && a.Decision == b.Decision;

    internal static List<Pair> PairsOf(List<Point> points, long fromMs, long toMs)
    {
        var pairs = new List<Pair>();
        var from = -1;
        for (var i = IndexAtOrAfter(points, fromMs); i < points.Count && points[i].TimeMs <= toMs; i++)
        {
            if (!RegisterLine.Counts(points[i]))
            {
                continue;
            }

            if (from >= 0)
            {
                pairs.Add(new Pair(from, i));
            }

            from = i;
        }

        return pairs;
    }

    /// <summary>The point that a register follows which ends a line: glitches and estimates that it contradicts drop out before it.</summary>
    /// <returns>Null where the register itself does not count.</returns>
    internal static Point? BeforeEnd(MeterState meter, List<Point> points, Point end)
    {
        List<Point> line = [.. points.Where(p => p.TimeMs < end.TimeMs), end];
        var doubts = Doubts.None;
        RegisterLine.Mark(meter.Rating, line, 0, line.Count - 1, ref doubts);
        return RegisterLine.Counts(line[^1]) ? LastCounting(line[..^1]) : null;
    }

    internal static Point LastCounting(List<Point> points)
    {
        var i = points.Count - 1;
        while (i > 0 && !RegisterLine.Counts(points[i]))
        {
            i--;
        }

        return points[i];
    }

    /// <summary>
    /// Whether a measured value behind the line may end a projection: one with estimates behind it, or in closed days where estimates alone are open.
    /// </summary>
    internal static bool MayEndProjection(MeterState meter)
    {
        var points = PointsOf(meter);
        for (var i = points.Count - 1; i >= 0 && (RegisterLine.IsEstimate(points[i]) || !RegisterLine.Counts(points[i])); i--)
        {
            if (RegisterLine.IsProjection(points[i]) || (i == 0 && points[0].TimeMs > meter.FromMs))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The known points of a meter's open days, behind the last one of its closed days that counts.</summary>
    internal static List<Point> PointsOf(MeterState meter)
    {
        var points = new List<Point>(meter.Open.Count + 1) { meter.Tail };
        points.AddRange(meter.Open.ToList());
        return points;
    }

    internal static int DayAt(AccountState account, long ms) => account.PlanAt(ms).Day;

    internal static int IndexAtOrAfter(List<Point> points, long ms)
    {
        int low = 0, high = points.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (points[middle].TimeMs < ms)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
