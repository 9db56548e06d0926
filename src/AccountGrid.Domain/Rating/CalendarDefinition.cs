namespace AccountGrid.Domain.Rating;

/// <summary>Holidays of a tariff, and workdays moved to a weekend, as local days.</summary>
public sealed record CalendarDefinition
{
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    /// <summary>Weekend days that are worked in exchange for a holiday (调休).</summary>
    public IReadOnlyList<DateOnly> MovedWorkdays { get; init; } = [];

    /// <summary>
    /// Last day that the lists cover, no earlier than any listed one. Beyond it a holiday is not known and is charged by its weekday. Null: to the end of the
    /// year of the last listed day.
    /// </summary>
    public DateOnly? Until { get; init; }
}
