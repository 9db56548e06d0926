namespace AccountGrid.Domain.Readings;

/// <summary>
/// Which points of a register count: a pure function of the points in rising time and of the meter's rating, so the order in which they became known does not
/// matter. Consumption is the sum of the differences between neighbours that count; a point that does not is kept, marked
/// <see cref="ReadingQuality.PassedOver"/>. Rules, see docs/domain-rules.md "Metering":
/// <list type="bullet">
/// <item>A register that falls and returns is one glitch. Values below the one before are passed over where the first value at or above it is a difference that
/// <see cref="Validation.Judge"/> accepts, comes within <see cref="Limits.GlitchMaxMs"/> and <see cref="Limits.GlitchMaxChanges"/>, and one step makes up more
/// than half of the fall: a register that was set back and counts up again does not return in a step. Likewise a jump that no service could carry and that
/// the register takes back.</item>
/// <item>An estimate counts only while it lies between the measured value before it and whatever counts after it; of several estimates the later one
/// holds.</item>
/// <item>A projection is an estimate beyond the last measured value. It counts only while no measured value follows it: what was used meanwhile is then
/// spread by the meter's own use, and what is left of it is not charged to the last day.</item>
/// <item>What does not return counts: the fall, or the jump, is held, and the line goes on from the new value.</item>
/// <item>What a person decided about a difference says what it costs. A fall or jump that the register takes back is a glitch all the same.</item>
/// <item>A value that a person dismissed never counts, and is neither a fall nor a return.</item>
/// </list>
/// The first point, where the meter's time on its account begins, always counts.
/// </summary>
public static class RegisterLine
{
    public static bool Counts(in Point point) => (point.Quality & ReadingQuality.PassedOver) == 0;

    /// <summary>Whether a person decided that the point never counts.</summary>
    public static bool IsDismissed(in Point point) => point.Decision?.Kind == ReadingDecision.Dismiss;

    /// <summary>Not measured: what a later measured value corrects.</summary>
    public static bool IsEstimate(in Point point) => (point.Quality & (ReadingQuality.Estimated | ReadingQuality.Projected)) != 0;

    /// <summary>An estimate of what a silent meter shows, which any later measured value takes the place of.</summary>
    public static bool IsProjection(in Point point) => (point.Quality & ReadingQuality.Projected) != 0;

    /// <summary>Whether a difference is one that only the points after it can tell: a fall, or a jump that no service could carry.</summary>
    public static bool IsDoubtful(VeeOutcome outcome) => outcome is VeeOutcome.RegisterFell or VeeOutcome.Spike;

    /// <summary>Marks which points after one count, up to the first from which on nothing can have changed.</summary>
    /// <param name="points">In rising time; marks are set in place.</param>
    /// <param name="start">Index of a point that counts whatever comes later.</param>
    /// <param name="changed">Index of the last point that is new; what counted behind it before, and counts now, ends the work.</param>
    /// <param name="doubts">Falls and jumps that were met, added to.</param>
    /// <returns>Index of the last point that was looked at.</returns>
    public static int Mark(in MeterRating rating, List<Point> points, int start, int changed, ref Doubts doubts)
    {
        var anchor = start;
        while (true)
        {
            var next = NextCounting(rating, points, anchor, ref doubts);
            MarkBetween(rating, points, anchor, next < 0 ? points.Count : next);
            if (next < 0)
            {
                return points.Count - 1;
            }

            var counted = Counts(points[next]);
            Set(points, next, counts: true);
            if (counted && next > changed)
            {
                return next;
            }

            anchor = next;
        }
    }

    private static int NextCounting(in MeterRating rating, List<Point> points, int anchor, ref Doubts doubts)
    {
        var next = NextMeasured(points, anchor);
        if (next < 0)
        {
            return next;
        }

        var outcome = Validation.Judge(rating, points[anchor], points[next] with { Decision = null }, out _);
        if (!IsDoubtful(outcome))
        {
            return next;
        }

        var found = outcome == VeeOutcome.RegisterFell ? ReturnFromFall(rating, points, anchor, next) : ReturnFromJump(rating, points, anchor, next);
        if (found > 0)
        {
            return found;
        }

        doubts.Add(points[anchor], points[next], outcome, isOpen: found == Undecided);
        return next;
    }

    private const int Undecided = -1;
    private const int NeverReturns = -2;

    private static int ReturnFromFall(in MeterRating rating, List<Point> points, int anchor, int fallen)
    {
        var (from, last) = (points[anchor], points[fallen]);
        var (lowest, largestStep, changes) = (last.ValueWh, 0L, 0);
        for (var i = NextMeasured(points, fallen); i >= 0; i = NextMeasured(points, i))
        {
            var point = points[i];
            changes += point.ValueWh == last.ValueWh ? 0 : 1;
            if (point.TimeMs - from.TimeMs > Limits.GlitchMaxMs || changes > Limits.GlitchMaxChanges)
            {
                return NeverReturns;
            }

            largestStep = Math.Max(largestStep, point.ValueWh - last.ValueWh);
            if (point.ValueWh >= from.ValueWh)
            {
                var returns = Validation.Judge(rating, from, point, out _) == VeeOutcome.Accepted && largestStep > (from.ValueWh - lowest) / 2;
                return returns && !Faults.Sabotage.CountReturns ? i : NeverReturns;
            }

            lowest = Math.Min(lowest, point.ValueWh);
            last = point;
        }

        return Undecided;
    }

    private static int ReturnFromJump(in MeterRating rating, List<Point> points, int anchor, int jumped)
    {
        var (from, top, last) = (points[anchor], points[jumped], points[jumped]);
        var changes = 0;
        for (var i = NextMeasured(points, jumped); i >= 0; i = NextMeasured(points, i))
        {
            var point = points[i];
            changes += point.ValueWh == last.ValueWh ? 0 : 1;
            if (point.TimeMs - from.TimeMs > Limits.GlitchMaxMs || changes > Limits.GlitchMaxChanges)
            {
                return NeverReturns;
            }

            if (point.ValueWh < top.ValueWh && point.ValueWh >= from.ValueWh)
            {
                return Validation.Judge(rating, from, point, out _) == VeeOutcome.Accepted ? i : NeverReturns;
            }

            last = point;
        }

        return Undecided;
    }

    /// <summary>
    /// Marks what lies between two measured points that count and follow each other: measured ones are passed over, estimates fit or are passed over.
    /// </summary>
    private static void MarkBetween(in MeterRating rating, List<Point> points, int anchor, int end)
    {
        Point? after = end < points.Count ? points[end] : null;
        for (var i = end - 1; i > anchor; i--)
        {
            var point = points[i];
            var fits = Faults.Sabotage.KeepEstimates || (Rises(rating, points[anchor], point) && (after is not { } later || Rises(rating, point, later)));
            var counts = IsEstimate(point) && fits && !IsDismissed(point) && !(IsProjection(point) && end < points.Count);
            Set(points, i, counts);
            after = counts ? point : after;
        }
    }

    private static bool Rises(in MeterRating rating, in Point from, in Point to) => Validation.Judge(rating, from, to, out _) != VeeOutcome.RegisterFell;

    private static int NextMeasured(List<Point> points, int after)
    {
        for (var i = after + 1; i < points.Count; i++)
        {
            if (!IsEstimate(points[i]) && !IsDismissed(points[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Set(List<Point> points, int index, bool counts)
    {
        if (Counts(points[index]) != counts)
        {
            points[index] = points[index] with { Quality = points[index].Quality ^ ReadingQuality.PassedOver, Shape = null };
        }
    }
}
