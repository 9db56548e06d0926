using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Rating;

/// <summary>
/// A tariff version as it is written, stored and shown. Immutable: another price is another version. Prices are decimal
/// strings per kWh with at most six decimals; times are local wall-clock <c>HH:mm</c> on quarter hours in <see cref="Zone"/>.
/// </summary>
public record TariffDefinition
{
    /// <summary>Name of the tariff, 1 to 32 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the tariff, 1 and up.</summary>
    public int Version { get; init; } = 1;

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>IANA time zone that decides days, rates and months.</summary>
    public required string Zone { get; init; }

    /// <summary>First local day on which accounts may be put on this version; null is any day.</summary>
    public DateOnly? EffectiveFrom { get; init; }

    /// <summary>Rates: a price per kWh by name ("flat", "peak", "summer-peak"...). At least one.</summary>
    public required IReadOnlyList<RateDefinition> Rates { get; init; }

    /// <summary>A price by interval on top of the rates; null is none.</summary>
    public DynamicDefinition? Dynamic { get; init; }

    /// <summary>Rules in order; the first that fits an instant decides its rate. What no rule fits has the first rate.</summary>
    public IReadOnlyList<RateRule> Schedule { get; init; } = [];

    /// <summary>Holidays, and workdays moved to a weekend, as days of <see cref="Zone"/>.</summary>
    public CalendarDefinition Calendar { get; init; } = new();

    /// <summary>
    /// The rate at which each rate register of a meter is charged: by OBIS code, 1.8.1 to 1.8.4, the name of a rate. What a register counts that is not named
    /// here is charged by <see cref="Schedule"/>, as 1.8.0 is. Kept in the order of the codes: one content has one form.
    /// </summary>
    public IReadOnlyDictionary<string, string> Registers
    {
        get;
        init => field = value is null ? null! : new SortedDictionary<string, string>(value.ToDictionary(), StringComparer.Ordinal);
    } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Consumption tiers (阶梯); null is none.</summary>
    public TierDefinition? Tiers { get; init; }

    /// <summary>Standing charge per local day, decimal string.</summary>
    public string StandingPerDay { get; init; } = "0";

    /// <summary>Levies per kWh that do not float with the time of use, decimal string with at most six decimals.</summary>
    public string LevyPerKwh { get; init; } = "0";

    /// <summary>Levies per kWh with names of their own, beside <see cref="LevyPerKwh"/>.</summary>
    public IReadOnlyList<LevyDefinition> Levies { get; init; } = [];

    /// <summary>Taxes with names of their own, beside <see cref="TaxBasisPoints"/>.</summary>
    public IReadOnlyList<TaxDefinition> Taxes { get; init; } = [];

    /// <summary>What energy is worth that meters deliver to the grid, 2.8.0; null: it is kept and credited nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExportDefinition? Export { get; init; }

    /// <summary>Tax on energy, tiers, levies and standing charge, hundredths of a percent, 0 to 10,000.</summary>
    public int TaxBasisPoints { get; init; }

    /// <summary>Charge for the contracted capacity, taxed as a standing charge; null is none. One of this and <see cref="Demand"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CapacityDefinition? Capacity { get; init; }

    /// <summary>Charge for the month's maximum demand, taxed as a standing charge; null is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DemandDefinition? Demand { get; init; }

    /// <summary>What the month's power factor changes of charges; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PowerFactorDefinition? PowerFactor { get; init; }
}
