namespace AccountGrid.Domain.Rating;

public sealed record CalendarDefinition
{
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    /// <summary>Weekend days that are worked in exchange for a holiday (调休).</summary>
    public IReadOnlyList<DateOnly> MovedWorkdays { get; init; } = [];
}
