namespace AccountGrid.Domain.Figures;

/// <summary>What the scorecard of a payment channel measures. <see cref="ChannelMeasures"/> has names and units.</summary>
public enum ChannelMeasure
{
    /// <summary>Share of its hours in which it was available.</summary>
    Availability,

    /// <summary>Share of its payment ids whose money was taken.</summary>
    SuccessRate,

    /// <summary>Time from paid to booked that half of the payments do not exceed.</summary>
    P50,

    /// <summary>Time that 95 of 100 payments do not exceed.</summary>
    P95,

    /// <summary>Time that 99 of 100 payments do not exceed.</summary>
    P99,

    /// <summary>Payment ids of which the channel did not know what had become of them.</summary>
    UnknownOutcomes,

    /// <summary>Payments that were taken back.</summary>
    Reversals,

    /// <summary>Payments that the settlement file and the grid do not agree about.</summary>
    Unmatched,

    /// <summary>Working days from a day to the first settlement file about it.</summary>
    SettlementDelay,

    /// <summary>Complaints that name the channel.</summary>
    Complaints,

    /// <summary>Satisfied customers, by the lower bound of the interval.</summary>
    Satisfaction,
}
