using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Audit;

/// <summary>
/// The audit's own reading of which points of a register count, by the rules of docs/domain-rules.md "Metering": written a second time, slow and plain, and
/// blind to the marks and shapes that the fold has stored. The border of back-billing is a dated fact that only the fold knows: it is taken as it stands. So
/// is what people decided about a reading, which <c>AuditDecisions</c> compares with events.
/// </summary>
internal static class AuditLine
{
    private const long Hour = 3_600_000;
    private const long Month = 31 * 24 * Hour;

    /// <summary>The points that count, in rising time; the first always does.</summary>
    public static List<Point> Of(MeterRating rating, IReadOnlyList<Point> points)
    {
        var measured = points.Where((p, i) => i == 0 || (!IsEstimate(p) && !IsDismissed(p))).ToList();
        List<Point> solid = [measured[0]];
        for (var i = 1; i < measured.Count; i++)
        {
            var from = solid[^1];
            if (Judge(rating, from, measured[i] with { Decision = null }).Word is not ("fell" or "spike"))
            {
                solid.Add(measured[i]);
                continue;
            }

            // Where the glitch ends, or here if it is none.
            i = ReturnOf(rating, from, measured, i) ?? i;
            solid.Add(measured[i]);
        }

        var estimates = points.Where((p, i) => i > 0 && IsEstimate(p) && !IsDismissed(p)).ToList();
        var line = new List<Point>();
        var next = 0;
        for (var i = 0; i < solid.Count; i++)
        {
            line.Add(solid[i]);
            Point? after = i + 1 < solid.Count ? solid[i + 1] : null;
            var between = new List<Point>();
            for (; next < estimates.Count && (after is null || estimates[next].TimeMs < after.Value.TimeMs); next++)
            {
                between.Add(estimates[next]);
            }

            if (after is not null)
            {
                // What was foreseen beyond the last value is over once another is measured.
                between.RemoveAll(p => p.Quality.HasFlag(ReadingQuality.Projected));
            }

            between.Reverse();
            var fitting = new Stack<Point>();
            foreach (var estimate in between)
            {
                if (Judge(rating, solid[i], estimate).Word != "fell" && (after is null || Judge(rating, estimate, after.Value).Word != "fell"))
                {
                    fitting.Push(estimate);
                    after = estimate;
                }
            }

            line.AddRange(fitting);
        }

        return line;
    }

    /// <summary>
    /// What a difference is, and its energy: charged where the outcome is "charged", else held. What people decided is about what the register shows.
    /// </summary>
    public static (string Word, long Wh) Judge(MeterRating rating, Point from, Point to)
    {
        var shown = to.ValueWh - from.ValueWh;
        var width = Fact(rating.RegisterWidthWh, rating.Changes, to.TimeMs, c => c.RegisterWidthWh);
        var (decided, upTo) = (to.Decision?.Kind, to.Decision?.Wh ?? 0);
        var wh = Supplied(rating, from, to, to.ValueWh);
        if (shown < 0)
        {
            var rolled = shown + width;
            if (decided == ReadingDecision.Rollover && width > 0 && rolled >= 0 && rolled <= upTo)
            {
                return ("charged", Supplied(rating, from, to, to.ValueWh + width));
            }

            if (decided == ReadingDecision.SetBack && -shown <= upTo)
            {
                return ("set back", 0);
            }

            var nearTop = width > 0 && (decimal)from.ValueWh / width >= 0.9m;
            return nearTop && rolled >= 0 && Supplied(rating, from, to, to.ValueWh + width) is var passed && !IsSpike(rating, from, to, passed)
                ? ("charged", passed) : ("fell", wh);
        }

        if (decided == ReadingDecision.Accept && shown <= upTo)
        {
            return ("charged", wh);
        }

        if (to.TimeMs - from.TimeMs > 400 * 24 * Hour)
        {
            return ("too long", wh);
        }

        return (IsSpike(rating, from, to, wh) ? "spike" : "charged", wh);
    }

    /// <summary>The last of a fact that was set before an instant; what was installed where none was.</summary>
    private static long Fact(long installed, IReadOnlyList<MeterFact>? changes, long beforeMs, Func<MeterFact, long?> of) =>
        changes?.Where(c => c.FromMs < beforeMs && of(c) is not null).OrderBy(c => c.FromMs).LastOrDefault() is { } last ? of(last)!.Value : installed;

    /// <summary>
    /// Energy of the supply between two values: each part of the difference by the transformers' ratio of its time, rounded down to a Wh at each border.
    /// </summary>
    private static long Supplied(MeterRating rating, Point from, Point to, long toWh)
    {
        var borders = (rating.Changes ?? []).Where(c => c.RatioMicro is not null && c.FromMs > from.TimeMs && c.FromMs < to.TimeMs).Select(c => c.FromMs)
            .Order().Append(to.TimeMs).ToList();
        var (supplied, beginMs, begin) = (0m, from.TimeMs, from.ValueWh);
        foreach (var ms in borders)
        {
            var end = ms == to.TimeMs ? toWh
                : from.ValueWh + (long)decimal.Truncate((toWh - from.ValueWh) * (decimal)(ms - from.TimeMs) / (to.TimeMs - from.TimeMs));
            var ratio = RatioAt(rating, beginMs + 1) / 1_000_000m;
            supplied += decimal.Floor(end * ratio) - decimal.Floor(begin * ratio);
            (beginMs, begin) = (ms, end);
        }

        return (long)Math.Clamp(supplied, -1_000_000_000_000_000_000m, 1_000_000_000_000_000_000m);
    }

    private static long RatioAt(MeterRating rating, long beforeMs) =>
        Fact(rating.RatioMicro == 0 ? 1_000_000 : rating.RatioMicro, rating.Changes, beforeMs, c => c.RatioMicro);

    public static bool IsEstimate(Point point) => point.Quality.HasFlag(ReadingQuality.Estimated) || point.Quality.HasFlag(ReadingQuality.Projected);

    /// <summary>Whether a person decided that the value is the register's.</summary>
    public static bool IsRight(Point point) => point.Decision?.Kind is ReadingDecision.Accept or ReadingDecision.Rollover or ReadingDecision.SetBack;

    private static bool IsDismissed(Point point) => point.Decision?.Kind == ReadingDecision.Dismiss;

    private static int? ReturnOf(MeterRating rating, Point from, List<Point> measured, int first)
    {
        var fell = measured[first].ValueWh < from.ValueWh;
        var (changes, largest, lowest) = (0, 0L, measured[first].ValueWh);
        for (var i = first + 1; i < measured.Count; i++)
        {
            var (point, last) = (measured[i], measured[i - 1]);
            changes += point.ValueWh != last.ValueWh ? 1 : 0;
            largest = Math.Max(largest, point.ValueWh - last.ValueWh);
            if (point.TimeMs > from.TimeMs + Month || changes > 96)
            {
                return null;
            }

            if (point.ValueWh >= from.ValueWh && (fell || point.ValueWh < measured[first].ValueWh))
            {
                return Judge(rating, from, point).Word == "charged" && (!fell || largest > (from.ValueWh - lowest) / 2) ? i : null;
            }

            lowest = Math.Min(lowest, point.ValueWh);
        }

        return null;
    }

    private static bool IsSpike(MeterRating rating, Point from, Point to, long wh)
    {
        var capacity = Fact(rating.CapacityW, rating.Changes, to.TimeMs, c => c.CapacityW);
        if (capacity == 0)
        {
            return wh > 1_000_000_000;
        }

        var step = new[] { 1_000L, 100L, 10L, 1L }.First(s => from.ValueWh % s == 0 && to.ValueWh % s == 0);
        var ratio = Math.Max(RatioAt(rating, from.TimeMs + 1), RatioAt(rating, to.TimeMs));
        return (wh - decimal.Ceiling(step * (ratio / 1_000_000m))) * 3_600_000m > (decimal)capacity * (to.TimeMs - from.TimeMs);
    }
}
