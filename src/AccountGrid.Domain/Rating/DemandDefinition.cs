namespace AccountGrid.Domain.Rating;

/// <summary>
/// A charge for a calendar month's maximum demand; a part of a month by days. The demand of an interval is its energy by its length. (Source: two-part tariffs,
/// 两部制电价, by maximum demand.)
/// </summary>
public sealed record DemandDefinition
{
    /// <summary>Price per kW and calendar month, decimal string with at most six decimals.</summary>
    public required string PricePerMonth { get; init; }

    /// <summary>Length of the intervals of which the highest counts: 15, 30 or 60 minutes from the local midnight on.</summary>
    public int IntervalMinutes { get; init; } = 15;

    /// <summary>Percent of the contracted demand that is charged at least, 0 to 100.</summary>
    public int MinimumPercent { get; init; }

    /// <summary>Percent of the contracted demand above which <see cref="SurchargeFactor"/> holds, 100 to 1000; null is never.</summary>
    public int? SurchargeAbovePercent { get; init; }

    /// <summary>
    /// How many times the price holds for demand above <see cref="SurchargeAbovePercent"/>, decimal string from 1 to 10 with at most two decimals.
    /// </summary>
    public string SurchargeFactor { get; init; } = "1";

    /// <summary>
    /// What a day of a month is that is not charged for as a whole: <c>calendar</c>, a part of the month's days, or <c>thirtieths</c>, one thirtieth of
    /// the month each, up to thirty. (Source of the latter: 供电营业规则, 1996, article 84.)
    /// </summary>
    public string PartOfMonth { get; init; } = "calendar";
}
