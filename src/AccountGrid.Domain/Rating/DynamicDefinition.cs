namespace AccountGrid.Domain.Rating;

/// <summary>
/// A price that follows a price series, interval by interval: the series' price times a factor and a surcharge, between a floor and a cap. It comes on top of
/// the tariff's rate of the time, as a network charge, and of its levies. All are decimal strings per kWh with at most six decimals.
/// </summary>
public sealed record DynamicDefinition
{
    /// <summary>Id of the price series.</summary>
    public required string Series { get; init; }

    /// <summary>Length of its intervals, 15 or 60 minutes.</summary>
    public int ResolutionMinutes { get; init; } = 60;

    /// <summary>What the series' price is multiplied by, from 0 to 1,000; the product is rounded half to even at six decimals.</summary>
    public string Factor { get; init; } = "1";

    /// <summary>Added to it; may lie below zero.</summary>
    public string SurchargePerKwh { get; init; } = "0";

    /// <summary>Least price. It bounds what a difference may cost, so there is always one.</summary>
    public required string FloorPerKwh { get; init; }

    /// <summary>Greatest price.</summary>
    public required string CapPerKwh { get; init; }
}
