namespace AccountGrid.Domain.Figures;

/// <summary>What is counted of a payment channel on a day or in a month. Everything else follows from it: see <see cref="ChannelScore"/>.</summary>
public sealed record ChannelFacts
{
    /// <summary>Payment ids whose money was taken, and not taken back for a time-out.</summary>
    public long Succeeded { get; init; }

    /// <summary>Payment ids that were refused after they were registered.</summary>
    public long Rejected { get; init; }

    /// <summary>
    /// Payment ids of which the channel did not know the outcome: closed before a payment came, taken back for a time-out, or still being booked.
    /// </summary>
    public long Unknown { get; init; }

    /// <summary>Payments that were taken back, for whatever reason.</summary>
    public long Reversed { get; init; }

    /// <summary>Differences with the settlement files that no rule resolved.</summary>
    public long Unmatched { get; init; }

    /// <summary>Payments of the days that a settlement file is about, by either side.</summary>
    public long Settled { get; init; }

    /// <summary>Days that a settlement file is about.</summary>
    public int SettledDays { get; init; }

    /// <summary>Sum of the working days from each of them to its first file.</summary>
    public int DelayDays { get; init; }

    public long Complaints { get; init; }

    /// <summary>Time in which it was to be available, ms; 0 where the channel is not watched.</summary>
    public long WatchedMs { get; init; }

    /// <summary>Time of it in which it was, ms.</summary>
    public long UpMs { get; init; }

    /// <summary>Times from paid to booked; null without payments.</summary>
    public LatencyFacts? P50 { get; init; }

    public LatencyFacts? P95 { get; init; }

    public LatencyFacts? P99 { get; init; }

    public long Ids => Succeeded + Rejected + Unknown;

    /// <summary>Facts of a longer time: sums, and the percentiles of all its payments, which follow from no sums.</summary>
    public static ChannelFacts Sum(IReadOnlyList<ChannelFacts> days, LatencyDistribution latencies) => new ChannelFacts
    {
        Succeeded = days.Sum(d => d.Succeeded),
        Rejected = days.Sum(d => d.Rejected),
        Unknown = days.Sum(d => d.Unknown),
        Reversed = days.Sum(d => d.Reversed),
        Unmatched = days.Sum(d => d.Unmatched),
        Settled = days.Sum(d => d.Settled),
        SettledDays = days.Sum(d => d.SettledDays),
        DelayDays = days.Sum(d => d.DelayDays),
        Complaints = days.Sum(d => d.Complaints),
        WatchedMs = days.Sum(d => d.WatchedMs),
        UpMs = days.Sum(d => d.UpMs),
    }.With(latencies);

    /// <summary>These facts with the percentiles of some payments.</summary>
    public ChannelFacts With(LatencyDistribution latencies) =>
        this with { P50 = LatencyFacts.Of(latencies, 50), P95 = LatencyFacts.Of(latencies, 95), P99 = LatencyFacts.Of(latencies, 99) };
}
