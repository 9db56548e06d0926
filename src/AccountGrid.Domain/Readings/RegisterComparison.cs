namespace AccountGrid.Domain.Readings;

/// <summary>
/// Whether the rate registers of a meter add up to its total register: a pure function of their points, so that the order in which these became known does not
/// matter. Compared is what each counted between the first and the last instant at which all have a measured point. Each register can show up to one of its
/// own steps (<see cref="Validation.StepOf"/>) more or less than was used, so that together they may differ by the sum of the steps.
/// </summary>
/// <param name="From">Point of the total at the first such instant; <paramref name="To"/> at the last.</param>
/// <param name="TotalWh">What the total counted, Wh; <paramref name="RatesWh"/> what the rate registers counted together.</param>
public sealed record RegisterComparison(Point From, Point To, long TotalWh, long RatesWh, long ToleranceWh)
{
    /// <summary>Whether they differ by more than their own steps.</summary>
    public bool Disagrees => Math.Abs(TotalWh - RatesWh) > ToleranceWh;

    /// <summary>
    /// Compares registers over a part of their lines. Null where there is nothing to compare: fewer than two instants at which all have a measured point, or
    /// a difference between them that <see cref="Validation.Judge"/> does not accept, which has an exception of its own.
    /// </summary>
    /// <param name="total">Points of 1.8.0 that count, in rising time.</param>
    /// <param name="rates">Points of each rate register that count, in rising time.</param>
    public static RegisterComparison? Of(in MeterRating rating, IReadOnlyList<Point> total, IReadOnlyList<IReadOnlyList<Point>> rates)
    {
        var common = rates.Aggregate(TimesOf(total), (times, points) => times.Intersect(TimesOf(points))).Order().ToList();
        if (common.Count < 2 || Counted(rating, total, common[0], common[^1]) is not { } all)
        {
            return null;
        }

        var (sum, tolerance) = (0L, all.StepWh);
        foreach (var points in rates)
        {
            if (Counted(rating, points, common[0], common[^1]) is not { } counted)
            {
                return null;
            }

            (sum, tolerance) = (sum + counted.Wh, tolerance + counted.StepWh);
        }

        return new(total.First(p => p.TimeMs == common[0]), total.First(p => p.TimeMs == common[^1]), all.Wh, sum, tolerance);
    }

    private static IEnumerable<long> TimesOf(IReadOnlyList<Point> points) => points.Where(p => !RegisterLine.IsEstimate(p)).Select(p => p.TimeMs);

    private static (long Wh, long StepWh)? Counted(in MeterRating rating, IReadOnlyList<Point> points, long fromMs, long toMs)
    {
        var part = points.Where(p => p.TimeMs >= fromMs && p.TimeMs <= toMs).ToList();
        var wh = 0L;
        for (var i = 1; i < part.Count; i++)
        {
            if (Validation.Judge(rating, part[i - 1], part[i], out var energy) != VeeOutcome.Accepted)
            {
                return null;
            }

            wh += energy.Wh;
        }

        return (wh, rating.StepWh(part[0], part[^1], Validation.StepOf(part[0], part[^1])));
    }
}
