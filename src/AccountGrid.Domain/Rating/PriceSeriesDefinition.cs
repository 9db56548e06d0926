namespace AccountGrid.Domain.Rating;

/// <summary>A series of prices by interval, such as a day-ahead market. Immutable: intervals of another length are another series.</summary>
public sealed record PriceSeriesDefinition
{
    /// <summary>Name, 1 to 32 characters.</summary>
    public required string Id { get; init; }

    /// <summary>IANA time zone. Intervals count from its midnights, and its months are those of the average for a price that is missing.</summary>
    public required string Zone { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Length of an interval, 15 or 60 minutes. The last interval of a day may be shorter.</summary>
    public int ResolutionMinutes { get; init; } = 60;

    /// <summary>What a price is for: <c>kWh</c> with at most six decimals, or <c>MWh</c> with at most three.</summary>
    public string Per { get; init; } = "kWh";

    /// <summary>Price per kWh of an interval that is missing where no average is known either; decimal string with at most six decimals.</summary>
    public required string FallbackPerKwh { get; init; }
}
