using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>
/// A change of a meter's line that concerns more than the difference which a point splits: glitches, estimates, and gaps whose load shape changes. What counted
/// before is compared with what counts now; differences that are gone are taken back and new ones booked, so the books are those of the set of points.
/// </summary>
public sealed partial class PartitionFold
{
    /// <summary>A difference between two points of a list that count and follow each other, by their indices.</summary>
    private readonly record struct Pair(int From, int To);

    /// <summary>Puts a point into the line, in the place of another of the same time where there is one.</summary>
    private DaysNeeded? Put(MeterState meter, AccountState account, in Point point)
    {
        var old = PointsOf(meter);
        var points = new List<Point>(old.Count + 1);
        points.AddRange(old);
        var at = IndexAtOrAfter(points, point.TimeMs);
        if (at < points.Count && points[at].TimeMs == point.TimeMs)
        {
            // Where only its revision is another, its difference stays as it was spread.
            points[at] = point with { Shape = points[at].Shape };
        }
        else
        {
            points.Insert(at, point);
        }

        var needed = Rebook(meter, account, old, points, at);
        if (needed is null)
        {
            Arrived(meter, account);
        }

        return needed;
    }

    /// <summary>Brings a meter's books from one set of open points to another. Nothing has changed where closed days are asked for.</summary>
    /// <param name="old">Its points as they are, the last of the closed days first.</param>
    /// <param name="points">Its points as they are to be.</param>
    /// <param name="changed">Index of the last new point in <paramref name="points"/>: those before it are as they were, or stand in the place of one that was there.</param>
    private DaysNeeded? Rebook(MeterState meter, AccountState account, List<Point> old, List<Point> points, int changed)
    {
        if (StartOf(meter, account, points, changed, out var start) is { } context)
        {
            return context;
        }

        var doubts = Doubts.None;
        var end = RegisterLine.Mark(meter.Rating, points, start, changed, ref doubts);
        var endMs = end == points.Count - 1 ? long.MaxValue : points[end].TimeMs;
        var (gone, added) = Differ(old, points, points[start].TimeMs, endMs);
        if (ClosedBehind(meter, account, old, gone, points, added) is { } closed)
        {
            return closed;
        }

        var again = Respread(meter, account, old, gone, points, added);
        foreach (var pair in added.Concat(again).Where(p => NeedsShape(account, points[p.From], points[p.To])))
        {
            if (WeightsNeeded(meter, account, DayAt(account, points[pair.From].TimeMs)) is { } needed)
            {
                return needed;
            }
        }

        gone.ForEach(p => Unbook(meter, account, old[p.From], old[p.To]));
        again.ForEach(p => Unbook(meter, account, points[p.From], points[p.To]));
        added.AddRange(again);
        foreach (var pair in added)
        {
            var shape = NeedsShape(account, points[pair.From], points[pair.To]) ? ShapeOf(meter, account, points, DayAt(account, points[pair.From].TimeMs)) : null;
            points[pair.To] = Book(meter, account, points[pair.From], points[pair.To], shape);
        }

        SetRun(meter, account, Run.AtEndOf(points, meter.Run), LastCounting(old).TimeMs, LastCounting(points).TimeMs);
        meter.Doubts = DoubtsAfter(meter.Doubts, doubts, points[start].TimeMs, isWhole: endMs == long.MaxValue);
        meter.Open = OpenPoints.From(points[0], points, 1);
        meter.Last = points[^1];
        return null;
    }

    /// <summary>Index of the last point before a change that counts whatever the change is; or the days that tell.</summary>
    private DaysNeeded? StartOf(MeterState meter, AccountState account, List<Point> points, int changed, out int start)
    {
        var ms = points[changed].TimeMs;
        var tail = points[0];
        var untilMs = ms - 1;
        if (meter.Doubts.Reach(ms))
        {
            var isEnd = changed == points.Count - 1;
            untilMs = Math.Min(untilMs, Math.Max(ms - Limits.GlitchMaxMs, isEnd ? meter.Doubts.FirstMs : long.MinValue));
            var day = Math.Max(account.Calendar.DayOf(untilMs), FirstChangeableDay(meter, account));
            if (tail.TimeMs > untilMs && tail.TimeMs > meter.FromMs && meter.ClosedThroughDay >= day)
            {
                start = 0;
                return new DaysNeeded(meter, day, AndPrevious: false);
            }
        }

        start = changed - 1;
        while (start > 0 && (points[start].TimeMs > untilMs || !RegisterLine.Counts(points[start]) || RegisterLine.IsEstimate(points[start])))
        {
            start--;
        }

        var tailDay = account.Calendar.DayOfIntervalEnd(tail.TimeMs);
        if (start <= 0 && RegisterLine.IsEstimate(tail) && tail.TimeMs > meter.FromMs && tailDay >= FirstChangeableDay(meter, account))
        {
            return new DaysNeeded(meter, tailDay, AndPrevious: true);
        }

        // Closed days from the tail's on may hold points of a glitch: a late point in its midst can make it none.
        var fromTail = Math.Max(tailDay, FirstChangeableDay(meter, account));
        if (start <= 0 && changed < points.Count - 1 && meter.ClosedThroughDay >= fromTail)
        {
            return new DaysNeeded(meter, fromTail, AndPrevious: false);
        }

        start = Math.Max(0, start);
        return null;
    }

    /// <summary>Differences that counted between two instants and no longer do, and those that do now.</summary>
    private static (List<Pair> Gone, List<Pair> Added) Differ(List<Point> old, List<Point> points, long fromMs, long toMs)
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

    private static bool IsSame(in Point a, in Point b) => a.TimeMs == b.TimeMs && a.ValueWh == b.ValueWh && a.Quality == b.Quality;

    private static List<Pair> PairsOf(List<Point> points, long fromMs, long toMs)
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

    /// <summary>The closed days that the earliest of the differences begins in; null where none does.</summary>
    private static DaysNeeded? ClosedBehind(MeterState meter, AccountState account, List<Point> old, List<Pair> gone, List<Point> points, List<Pair> added)
    {
        var first = Math.Min(gone.Count > 0 ? old[gone[0].From].TimeMs : long.MaxValue, added.Count > 0 ? points[added[0].From].TimeMs : long.MaxValue);
        return first < meter.ClosedEndMs ? new DaysNeeded(meter, account.Calendar.DayOf(first), AndPrevious: false) : null;
    }

    /// <summary>The point that a register follows which ends a line: glitches and estimates that it contradicts drop out before it.</summary>
    /// <returns>Null where the register itself does not count.</returns>
    private static Point? BeforeEnd(MeterState meter, List<Point> points, Point end)
    {
        List<Point> line = [.. points.Where(p => p.TimeMs < end.TimeMs), end];
        var doubts = Doubts.None;
        RegisterLine.Mark(meter.Rating, line, 0, line.Count - 1, ref doubts);
        return RegisterLine.Counts(line[^1]) ? LastCounting(line[..^1]) : null;
    }

    private static Point LastCounting(List<Point> points)
    {
        var i = points.Count - 1;
        while (i > 0 && !RegisterLine.Counts(points[i]))
        {
            i--;
        }

        return points[i];
    }

    private static Doubts DoubtsAfter(Doubts before, Doubts found, long fromMs, bool isWhole)
    {
        if (!isWhole)
        {
            found.Add(before);
            return found;
        }

        // Everything behind the first instant was looked at; of what lies before it only the last fall or jump can matter, to data that come late.
        found.LastMs = Math.Max(found.LastMs, Math.Min(before.LastMs, fromMs));
        return found;
    }

    /// <summary>The run at the end of the line, with what a person should know of it: told when it has lasted long enough, withdrawn when it ends.</summary>
    private void SetRun(MeterState meter, AccountState account, Run run, long beforeMs, long nowMs)
    {
        var (was, now) = (meter.Run.FindingAt(beforeMs), run.FindingAt(nowMs));
        if (was is { } old && (now != was || run != meter.Run))
        {
            Resolve(meter, account, new Point(meter.Run.SinceMs, meter.Run.StepWh), old);
        }

        if (now is { } found && (now != was || run != meter.Run))
        {
            Raise(meter, account, new Point(run.SinceMs, run.StepWh), found, 0);
        }

        meter.Run = run;
    }
}
