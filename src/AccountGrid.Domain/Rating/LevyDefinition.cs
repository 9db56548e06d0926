namespace AccountGrid.Domain.Rating;

/// <summary>
/// A levy per kWh with a name of its own, the same at every hour. It is on all of a period's energy, or on the part of it that lies above and up to a border.
/// </summary>
public sealed record LevyDefinition
{
    /// <summary>Name on the bill, unique among levies and taxes.</summary>
    public required string Name { get; init; }

    /// <summary>Decimal string from 0 with at most six decimals.</summary>
    public required string PerKwh { get; init; }

    /// <summary>Energy of the period above which it is levied, Wh.</summary>
    public long AboveWh { get; init; }

    /// <summary>Energy of the period up to which it is levied, Wh; null is without end.</summary>
    public long? UpToWh { get; init; }

    /// <summary>First local day, the first of a month, or of a year where tiers are per year; null is from the beginning.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last local day, the last of a month, or of a year where tiers are per year; null is without end.</summary>
    public DateOnly? Until { get; init; }
}
