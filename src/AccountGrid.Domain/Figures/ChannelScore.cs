namespace AccountGrid.Domain.Figures;

/// <summary>The measures of a channel from what was counted. Source: SERVICE.md, channel scorecard.</summary>
public static class ChannelScore
{
    private const double MsPerSecond = 1_000;
    private const long MsPerMinute = 60_000;

    /// <summary>All measures, in their order.</summary>
    /// <param name="satisfied">Satisfied of all answers that may be shown; null where none may.</param>
    public static IReadOnlyList<MeasuredValue> Of(ChannelFacts f, Proportion? satisfied) =>
    [
        new(ChannelMeasure.Availability, f.WatchedMs == 0 ? null : (double)f.UpMs / f.WatchedMs, null, f.WatchedMs / MsPerMinute),
        Share(ChannelMeasure.SuccessRate, new(f.Succeeded, f.Ids), 1),
        Latency(ChannelMeasure.P50, f.P50),
        Latency(ChannelMeasure.P95, f.P95),
        Latency(ChannelMeasure.P99, f.P99),
        Rate(ChannelMeasure.UnknownOutcomes, f.Unknown, f.Ids),
        Rate(ChannelMeasure.Reversals, f.Reversed, f.Ids),
        Rate(ChannelMeasure.Unmatched, f.Unmatched, f.Settled),
        new(ChannelMeasure.SettlementDelay, f.SettledDays == 0 ? null : (double)f.DelayDays / f.SettledDays, null, f.SettledDays),
        Rate(ChannelMeasure.Complaints, f.Complaints, f.Ids),
        Satisfaction(satisfied),
    ];

    /// <summary>
    /// Ranks from 1, the best first, by the bound of the interval that is worse for the channel; by the number where there is no interval. Equal ones have the
    /// same rank. What has fewer observations than <see cref="SampleRules.RankedFrom"/> has none, and takes no place.
    /// </summary>
    public static IReadOnlyList<int?> Ranks(IReadOnlyList<MeasuredValue> values)
    {
        var keys = values.Select(v => v.Value is { } value && SampleRules.IsRanked(v.Observations)
            ? v.Measure.IsHighGood() ? -(v.Bounds?.Low ?? value) : v.Bounds?.High ?? value
            : (double?)null).ToList();
        return [.. keys.Select(k => k is { } key ? 1 + keys.Count(other => other < key) : (int?)null)];
    }

    /// <summary>
    /// Whether a number is worse than its target. Equal is not worse. What speaks of a sample breaks no target below
    /// <see cref="SampleRules.RankedFrom"/> observations: one payment of three would. Satisfaction is judged by its lower bound.
    /// </summary>
    public static bool IsBreach(MeasuredValue v, decimal target)
    {
        if (v.Value is not { } value || (v.Measure.IsSample() && !SampleRules.IsRanked(v.Observations)))
        {
            return false;
        }

        var judged = v.Measure == ChannelMeasure.Satisfaction ? v.Bounds!.Value.Low : value;
        return v.Measure.IsHighGood() ? judged < (double)target : judged > (double)target;
    }

    private static MeasuredValue Satisfaction(Proportion? satisfied) => satisfied is { } p
        ? Share(ChannelMeasure.Satisfaction, p, 1)
        : new(ChannelMeasure.Satisfaction, null, null, 0);

    /// <summary>More than one event of a payment is possible, such as two complaints: the interval is then that of all payments.</summary>
    private static MeasuredValue Rate(ChannelMeasure measure, long count, long of)
    {
        var share = Share(measure, new(Math.Min(count, of), of), ChannelMeasures.PerTenThousand);
        return share.Value is null ? share : share with { Value = ChannelMeasures.PerTenThousand * count / of };
    }

    private static MeasuredValue Share(ChannelMeasure measure, Proportion p, double unit) =>
        SampleRules.IsShown(p.Of) && p.Share is { } share && Wilson.Of(p) is { } bounds
            ? new(measure, unit * share, new(unit * bounds.Low, unit * bounds.High), p.Of)
            : new(measure, null, null, p.Of);

    private static MeasuredValue Latency(ChannelMeasure measure, LatencyFacts? l) => l is not null && SampleRules.IsShown(l.Count)
        ? new(measure, l.Ms / MsPerSecond, new(l.LowMs / MsPerSecond, l.HighMs / MsPerSecond), l.Count)
        : new(measure, null, null, l?.Count ?? 0);
}
