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

    /// <summary>Puts another register in the place of the one at which the line begins. Closed days are asked for where there are any.</summary>
    internal static DaysNeeded? PutStart(FoldContext context, MeterState meter, AccountState account, in Point start)
    {
        if (ClosedDays.From(meter, account.Calendar.DayOf(meter.FromMs)) is { } closed)
        {
            return closed;
        }

        var old = MeterLine.PointsOf(meter);
        List<Point> points = [start, .. old.Skip(1)];
        var needed = Rebook(context, meter, account, old, points, 0);
        if (needed is null)
        {
            meter.Tail = points[0];
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
        if (Plan(context, meter, account, old, points, changed, out var plan) is { } needed)
        {
            return needed;
        }

        Apply(context, meter, account, plan!);
        return null;
    }

    /// <summary>What <see cref="Rebook"/> would do, as long as no other change is made to the line.</summary>
    /// <returns>The closed days that it needs; null, with a plan, where it needs none. Nothing has changed in either case.</returns>
    /// <param name="rating">What the meter can measure afterwards; null is as before.</param>
    internal static DaysNeeded? Plan(FoldContext context, MeterState meter, AccountState account, List<Point> old, List<Point> points, int changed,
        out LinePlan? plan, MeterRating? rating = null)
    {
        plan = null;
        if (StartOf(context, meter, account, points, changed, out var start) is { } before)
        {
            return before;
        }

        var doubts = Doubts.None;
        var end = RegisterLine.Mark(rating ?? meter.Rating, points, start, rating is null ? changed : points.Count - 1, ref doubts);
        var endMs = end == points.Count - 1 ? long.MaxValue : points[end].TimeMs;
        var (gone, added) = MeterLine.Differ(old, points, points[start].TimeMs, endMs);
        if (rating is { } other)
        {
            AddJudgedAnew(meter, account, old, gone, points, added, start, other);
        }

        if ((ClosedBehind(meter, account, old, gone, points, added) ?? ClosedBeforeRun(context, meter, account, old, points)) is { } closed)
        {
            return closed;
        }

        var again = rating is null ? LoadShapes.Respread(meter, account, old, gone, points, added) : LoadShapes.Spread(meter, account, points, added, start);
        foreach (var pair in added.Concat(again).Where(p => LoadShapes.NeedsShape(meter, account, points[p.From], points[p.To])))
        {
            if (LoadShapes.WeightsNeeded(context, meter, account, MeterLine.DayAt(account, points[pair.From].TimeMs)) is { } needed)
            {
                return needed;
            }
        }

        plan = new LinePlan(old, points, gone, added, again, doubts, start, IsWhole: endMs == long.MaxValue, rating);
        return null;
    }

    /// <summary>Differences that count before and afterwards, and that another rating judges in another way.</summary>
    private static void AddJudgedAnew(MeterState meter, AccountState account, List<Point> old, List<Pair> gone, List<Point> points, List<Pair> added,
        int start, in MeterRating rating)
    {
        var (isGone, isAdded, before) = (gone.ToHashSet(), added.ToHashSet(), meter.Rating);
        foreach (var pair in MeterLine.PairsOf(points, points[start].TimeMs, long.MaxValue).Where(p => !isAdded.Contains(p) && !isGone.Contains(p)))
        {
            var (was, wasGap) = JudgedBy(before, pair);
            if (JudgedBy(rating, pair) != (was, wasGap))
            {
                gone.Add(pair);
                added.Add(pair);
            }
        }

        meter.Rating = before;
        gone.Sort((a, b) => a.To.CompareTo(b.To));
        added.Sort((a, b) => a.To.CompareTo(b.To));

        ((VeeOutcome, Energy), bool) JudgedBy(in MeterRating by, Pair pair)
        {
            meter.Rating = by;
            return ((Charging.OutcomeOf(meter, account, points[pair.From], points[pair.To], out var energy), energy),
                Charging.IsGap(meter, points[pair.From], points[pair.To]));
        }
    }

    internal static void Apply(FoldContext context, MeterState meter, AccountState account, LinePlan plan)
    {
        var (old, points) = (plan.Old, plan.Points);
        plan.Gone.ForEach(p => Charging.Unbook(context, meter, account, old[p.From], old[p.To]));
        plan.Again.ForEach(p => Charging.Unbook(context, meter, account, points[p.From], points[p.To]));
        meter.Rating = plan.Rating ?? meter.Rating;
        foreach (var pair in plan.Added.Concat(plan.Again))
        {
            var shape = LoadShapes.NeedsShape(meter, account, points[pair.From], points[pair.To])
                ? LoadShapes.ShapeOf(meter, account, points, MeterLine.DayAt(account, points[pair.From].TimeMs))
                : null;
            points[pair.To] = Charging.Book(context, meter, account, points[pair.From], points[pair.To], shape);
        }

        SetRun(context, meter, account, RunAfter(meter, old, points), MeterLine.LastCounting(old).TimeMs, MeterLine.LastCounting(points).TimeMs);
        meter.Doubts = DoubtsAfter(meter.Doubts, plan.Doubts, points[plan.Start].TimeMs, plan.IsWhole);
        meter.Open = OpenPoints.From(points[0], points, 1);
        meter.Last = points[^1];
    }

    /// <summary>Index of the last point before a change that counts whatever the change is; or the days that tell.</summary>
    private static DaysNeeded? StartOf(FoldContext context, MeterState meter, AccountState account, List<Point> points, int changed, out int start)
    {
        var ms = points[changed].TimeMs;
        var tail = points[0];
        var untilMs = ms - 1;
        if (meter.Doubts.Reach(ms))
        {
            // What stood in the place of the last point may be why an earlier fall or jump was no glitch: only one behind it speaks of open ones alone.
            var isEnd = ms > meter.Last.TimeMs;
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

    /// <summary>The closed days that tell which run ends the line, where only their last point is left of it; null where none is needed.</summary>
    private static DaysNeeded? ClosedBeforeRun(FoldContext context, MeterState meter, AccountState account, List<Point> old, List<Point> points)
    {
        var day = Math.Max(account.Calendar.DayOfIntervalEnd(points[0].TimeMs), ChangeableDays.FirstChangeableDay(context, meter, account));
        return IsCutToFirst(old, points) && points[0].TimeMs > meter.FromMs ? ClosedDays.From(meter, day) : null;
    }

    /// <summary>The run that ends the changed line. Where only its first point is left, one begins there, as at an installation.</summary>
    private static Run RunAfter(MeterState meter, List<Point> old, List<Point> points) =>
        IsCutToFirst(old, points) ? new Run(0, points[0].TimeMs) : Run.AtEndOf(points, meter.Run);

    /// <summary>Whether something counted behind the first point and nothing does any more.</summary>
    private static bool IsCutToFirst(List<Point> old, List<Point> points) =>
        MeterLine.LastCounting(points).TimeMs == points[0].TimeMs && MeterLine.LastCounting(old).TimeMs > points[0].TimeMs;

    /// <summary>
    /// What a person should know of a run: nothing of one that was decided, nor of a rate register that stands still, as each does while another counts,
    /// nor of 2.8.0, which rests at night.
    /// </summary>
    private static VeeOutcome? FindingOf(MeterState meter, Run run, long untilMs) =>
        run.SinceMs == meter.RunDecidedMs || (meter.Register != RegisterKind.Import && run.StepWh == 0) ? null : run.FindingAt(untilMs);

    /// <summary>The run at the end of the line, with what a person should know of it: told when it has lasted long enough, withdrawn when it ends.</summary>
    internal static void SetRun(FoldContext context, MeterState meter, AccountState account, Run run, long beforeMs, long nowMs)
    {
        var (was, now) = (FindingOf(meter, meter.Run, beforeMs), FindingOf(meter, run, nowMs));
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
