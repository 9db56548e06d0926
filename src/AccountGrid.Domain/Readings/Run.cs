namespace AccountGrid.Domain.Readings;

/// <summary>
/// Equal differences in a row at the end of a meter's line, judged by the time that they take. A function of the points, whatever order they came in.
/// </summary>
/// <param name="StepWh">Each difference, Wh; 0 is a register that stands still. One that is not 0 is of at most <see cref="Limits.FrozenIntervalMaxMs"/>:
/// longer ones make no run.</param>
/// <param name="SinceMs">Where the first one begins, UTC ms.</param>
public readonly record struct Run(long StepWh, long SinceMs)
{
    /// <summary>The run with one more difference.</summary>
    public Run With(in Point from, in Point to)
    {
        var step = to.ValueWh - from.ValueWh;
        return !Continues(step, from, to) ? new Run(step, to.TimeMs) : step == StepWh ? this : new Run(step, from.TimeMs);
    }

    /// <summary>The run that ends a line.</summary>
    /// <param name="points">In rising time, those that do not count among them.</param>
    /// <param name="before">The run as it was; where all points belong to one run it may have begun before the first.</param>
    public static Run AtEndOf(List<Point> points, Run before)
    {
        var to = PreviousCounting(points, points.Count);
        var from = PreviousCounting(points, to);
        if (from < 0)
        {
            return before;
        }

        var step = points[to].ValueWh - points[from].ValueWh;
        if (!Continues(step, points[from], points[to]))
        {
            return new Run(step, points[to].TimeMs);
        }

        for (var earlier = PreviousCounting(points, from); earlier >= 0; earlier = PreviousCounting(points, from))
        {
            if (points[from].ValueWh - points[earlier].ValueWh != step || !Continues(step, points[earlier], points[from]))
            {
                return new Run(step, points[from].TimeMs);
            }

            from = earlier;
        }

        return new Run(step, before.StepWh == step ? Math.Min(before.SinceMs, points[from].TimeMs) : points[from].TimeMs);
    }

    /// <summary>
    /// What a person should know of a run that lasts until an instant: no consumption for <see cref="Limits.ZeroRunMs"/>, or the same for
    /// <see cref="Limits.FrozenRunMs"/>; null is nothing.
    /// </summary>
    public VeeOutcome? FindingAt(long untilMs) => StepWh switch
    {
        0 => untilMs - SinceMs >= Limits.ZeroRunMs ? VeeOutcome.ZeroRun : null,
        < 0 => null,
        _ => untilMs - SinceMs >= Limits.FrozenRunMs && StepWh / GrainOf(StepWh) >= Limits.FrozenRunSteps ? VeeOutcome.FrozenRun : null,
    };

    private static bool Continues(long step, in Point from, in Point to) => step == 0 || to.TimeMs - from.TimeMs <= Limits.FrozenIntervalMaxMs;

    private static int GrainOf(long wh) => wh % 1_000 == 0 ? 1_000 : wh % 100 == 0 ? 100 : wh % 10 == 0 ? 10 : 1;

    private static int PreviousCounting(List<Point> points, int before)
    {
        var i = before - 1;
        while (i >= 0 && !RegisterLine.Counts(points[i]))
        {
            i--;
        }

        return i;
    }
}
