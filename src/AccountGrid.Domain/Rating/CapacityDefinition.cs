namespace AccountGrid.Domain.Rating;

/// <summary>
/// A charge for the contracted capacity of an account, by calendar month; a part of a month by days. (Source: two-part tariffs, 两部制电价, by transformer
/// capacity.)
/// </summary>
public sealed record CapacityDefinition
{
    /// <summary>Price per unit and calendar month, decimal string with at most six decimals.</summary>
    public required string PricePerMonth { get; init; }

    /// <summary>What the contracted capacity is counted in: <c>kVA</c> or <c>kW</c>.</summary>
    public string Unit { get; init; } = "kVA";

    /// <summary>
    /// What a day of a month is that is not charged for as a whole: <c>calendar</c>, a part of the month's days, or <c>thirtieths</c>, one thirtieth of
    /// the month each, up to thirty. (Source of the latter: 供电营业规则, 1996, article 84.)
    /// </summary>
    public string PartOfMonth { get; init; } = "calendar";
}
