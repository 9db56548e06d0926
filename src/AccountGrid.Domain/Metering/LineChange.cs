using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>
/// A change of a meter's line that concerns more than the difference which a point splits: glitches, estimates, and gaps whose load shape changes. What counted
/// before is compared with what counts now; differences that are gone are taken back and new ones booked, so the books are those of the set of points.
/// </summary>
internal static class LineChange
{
    /// <summary>Puts a point into the line, in the place of another of the same time where there is one.</summary>
    internal static DaysNeeded? Put(FoldContext context, MeterState meter, AccountState account, in Point point)
    {
        var old = MeterLine.PointsOf(meter);
        var points = new List<Point>(old.Count + 1);
        points.AddRange(old);
        var at = MeterLine.IndexAtOrAfter(points, point.TimeMs);
        if (at < points.Count && points[at].TimeMs == point.TimeMs)
        {
            // Where only its revision is another, its difference stays as it was spread.
            points[at] = point with { Shape = points[at].Shape };
        }
        else
        {
            points.Insert(at, point);
        }

        var needed = Rebook(context, meter, account, old, points, at);
        if (needed is null)
        {
            MeterReadings.Arrived(context, meter, account);
        }

        return needed;
    }

    /// <summary>Brings a meter's books from one set of open points to another. Nothing has changed where closed days are asked for.</summary>
    /// <param name="old">Its points as they are, the last of the closed days first.</param>
    /// <param name="points">Its points as they are to be.</param>
    /// <param name="changed">Index of the last new point in <paramref name="points"/>: those before it are as they were, or stand in the place of one that was
    /// there.</param>
    internal static DaysNeeded? Rebook(FoldContext context, MeterState meter, AccountState account, List<Point> old, List<Point> points, int changed)
    {
        if (StartOf(context, meter, account, points, changed, out var start) is { } before)
        {
            return before;
        }

        var doubts = Doubts.None;
        var end = RegisterLine.Mark(meter.Rating, points, start, changed, ref doubts);
        var endMs = end == points.Count - 1 ? long.MaxValue : points[end].TimeMs;
        var (gone, added) = MeterLine.Differ(old, points, points[start].TimeMs, endMs);
        if (ClosedBehind(meter, account, old, gone, points, added) is { } closed)
        {
            return closed;
        }

        var again = LoadShapes.Respread(meter, account, old, gone, points, added);
        foreach (var pair in added.Concat(again).Where(p => LoadShapes.NeedsShape(account, points[p.From], points[p.To])))
        {
            if (LoadShapes.WeightsNeeded(context, meter, account, MeterLine.DayAt(account, points[pair.From].TimeMs)) is { } needed)
            {
                return needed;
            }
        }

        gone.ForEach(p => Charging.Unbook(context, meter, account, old[p.From], old[p.To]));
        again.ForEach(p => Charging.Unbook(context, meter, account, points[p.From], points[p.To]));
        added.AddRange(again);
        foreach (var pair in added)
        {
            var shape = LoadShapes.NeedsShape(account, points[pair.From], points[pair.To])
                ? LoadShapes.ShapeOf(meter, account, points, MeterLine.DayAt(account, points[pair.From].TimeMs))
                : null;
            points[pair.To] = Charging.Book(context, meter, account, points[pair.From], points[pair.To], shape);
        }

        SetRun(context, meter, account, Run.AtEndOf(points, meter.Run), MeterLine.LastCounting(old).TimeMs, MeterLine.LastCounting(points).TimeMs);
        meter.Doubts = DoubtsAfter(meter.Doubts, doubts, points[start].TimeMs, isWhole: endMs == long.MaxValue);
        meter.Open = OpenPoints.From(points[0], points, 1);
        meter.Last = points[^1];
        return null;
    }

    /// <summary>Index of the last point before a change that counts whatever the change is; or the days that tell.</summary>
    private static DaysNeeded? StartOf(FoldContext context, MeterState meter, AccountState account, List<Point> points, int changed, out int start)
    {
        var ms = points[changed].TimeMs;
        var tail = points[0];
        var untilMs = ms - 1;
        if (meter.Doubts.Reach(ms))
        {
            var isEnd = changed == points.Count - 1;
            untilMs = Math.Min(untilMs, Math.Max(ms - Limits.GlitchMaxMs, isEnd ? meter.Doubts.FirstMs : long.MinValue));
            var day = Math.Max(account.Calendar.DayOf(untilMs), ChangeableDays.FirstChangeableDay(context, meter, account));
            if (tail.TimeMs > untilMs && tail.TimeMs > meter.FromMs && ClosedDays.From(meter, day) is { } days)
            {
                start = 0;
                return days;
            }
        }

        start = changed - 1;
        while (start > 0 && (points[start].TimeMs > untilMs || !RegisterLine.Counts(points[start]) || RegisterLine.IsEstimate(points[start])))
        {
            start--;
        }

        var tailDay = account.Calendar.DayOfIntervalEnd(tail.TimeMs);
        if (start <= 0 && RegisterLine.IsEstimate(tail) && tail.TimeMs > meter.FromMs && tailDay >= ChangeableDays.FirstChangeableDay(context, meter, account))
        {
            return ClosedDays.Around(meter, tailDay);
        }

        // Closed days from the tail's on may hold points of a glitch: a late point in its midst can make it none.
        var fromTail = Math.Max(tailDay, ChangeableDays.FirstChangeableDay(context, meter, account));
        if (start <= 0 && changed < points.Count - 1 && ClosedDays.From(meter, fromTail) is { } needed)
        {
            return needed;
        }

        start = Math.Max(0, start);
        return null;
    }

    /// <summary>The closed days that the earliest of the differences begins in; null where none does.</summary>
    private static DaysNeeded? ClosedBehind(MeterState meter, AccountState account, List<Point> old, List<Pair> gone, List<Point> points, List<Pair> added)
    {
        var first = Math.Min(gone.Count > 0 ? old[gone[0].From].TimeMs : long.MaxValue, added.Count > 0 ? points[added[0].From].TimeMs : long.MaxValue);
        return ClosedDays.Behind(meter, account, first);
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
    internal static void SetRun(FoldContext context, MeterState meter, AccountState account, Run run, long beforeMs, long nowMs)
    {
        var (was, now) = (meter.Run.FindingAt(beforeMs), run.FindingAt(nowMs));
        if (was is { } old && (now != was || run != meter.Run))
        {
            ReadingExceptions.Resolve(context, meter, account, new Point(meter.Run.SinceMs, meter.Run.StepWh), old);
        }

        if (now is { } found && (now != was || run != meter.Run))
        {
            ReadingExceptions.Raise(context, meter, account, new Point(run.SinceMs, run.StepWh), found, 0);
        }

        meter.Run = run;
    }
}
