namespace AccountGrid.Domain.Figures;

/// <summary>Names and units of the measures of payment channels, as they are stored and sent.</summary>
public static class ChannelMeasures
{
    /// <summary>Unit of rates that would be small shares.</summary>
    public const double PerTenThousand = 10_000;

    public static string Code(this ChannelMeasure measure) => measure switch
    {
        ChannelMeasure.Availability => "availability",
        ChannelMeasure.SuccessRate => "successRate",
        ChannelMeasure.P50 => "p50",
        ChannelMeasure.P95 => "p95",
        ChannelMeasure.P99 => "p99",
        ChannelMeasure.UnknownOutcomes => "unknownOutcomes",
        ChannelMeasure.Reversals => "reversals",
        ChannelMeasure.Unmatched => "unmatched",
        ChannelMeasure.SettlementDelay => "settlementDelay",
        ChannelMeasure.Complaints => "complaints",
        ChannelMeasure.Satisfaction => "satisfaction",
        _ => throw new InvariantBrokenException($"No code for measure {measure}."),
    };

    /// <summary><c>share</c>, 0 to 1; <c>seconds</c>; <c>per10000</c> payments; <c>workingDays</c>.</summary>
    public static string Unit(this ChannelMeasure measure) => measure switch
    {
        ChannelMeasure.Availability or ChannelMeasure.SuccessRate or ChannelMeasure.Satisfaction => "share",
        ChannelMeasure.P50 or ChannelMeasure.P95 or ChannelMeasure.P99 => "seconds",
        ChannelMeasure.SettlementDelay => "workingDays",
        _ => "per10000",
    };

    /// <summary>Whether more is better; of the others less is.</summary>
    public static bool IsHighGood(this ChannelMeasure measure) => measure.Unit() == "share";

    /// <summary>
    /// Whether the number speaks of a sample of payments or persons, and needs enough of them. Hours and days are counted in full.
    /// </summary>
    public static bool IsSample(this ChannelMeasure measure) => measure is not (ChannelMeasure.Availability or ChannelMeasure.SettlementDelay);

    /// <summary>The measure with a code; null where none has it.</summary>
    public static ChannelMeasure? Find(string? code) =>
        Enum.GetValues<ChannelMeasure>().Where(m => m.Code() == code).Cast<ChannelMeasure?>().FirstOrDefault();
}
