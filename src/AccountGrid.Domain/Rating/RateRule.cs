namespace AccountGrid.Domain.Rating;

/// <summary>One line of a schedule. A missing field fits all; <see cref="To"/> may lie before <see cref="From"/>: it then runs over midnight.</summary>
public sealed record RateRule
{
    public required string Rate { get; init; }

    /// <summary>Local wall-clock start, <c>HH:mm</c>, inclusive.</summary>
    public string From { get; init; } = "00:00";

    /// <summary>Local wall-clock end, <c>HH:mm</c>, exclusive; <c>24:00</c> is the day's end.</summary>
    public string To { get; init; } = "24:00";

    /// <summary>Season's first day, <c>MM-dd</c>; null is the whole year. A season may run over the year's end.</summary>
    public string? SeasonFrom { get; init; }

    /// <summary>Season's last day, <c>MM-dd</c>, inclusive.</summary>
    public string? SeasonTo { get; init; }

    /// <summary>
    /// Days that it is for: any of <c>workday</c>, <c>weekend</c>, <c>holiday</c> and the weekdays <c>mon</c> to <c>sun</c>; empty is all. A holiday is only a
    /// holiday, on whatever weekday it lies; a moved workday is a workday and the weekday that it is.
    /// </summary>
    public IReadOnlyList<string> Days { get; init; } = [];
}
