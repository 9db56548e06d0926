namespace AccountGrid.Domain.Rating;

/// <summary>
/// A tariff version as it is written, stored and shown. Immutable: another price is another version. Prices are decimal
/// strings per kWh with at most six decimals; times are local wall-clock <c>HH:mm</c> on quarter hours in <see cref="Zone"/>.
/// </summary>
public sealed record TariffDefinition
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

    /// <summary>Rules in order; the first that fits an instant decides its rate. What no rule fits has the first rate.</summary>
    public IReadOnlyList<RateRule> Schedule { get; init; } = [];

    /// <summary>Holidays, and workdays moved to a weekend, as days of <see cref="Zone"/>.</summary>
    public CalendarDefinition Calendar { get; init; } = new();

    /// <summary>Consumption tiers (阶梯); null is none.</summary>
    public TierDefinition? Tiers { get; init; }

    /// <summary>Standing charge per local day, decimal string.</summary>
    public string StandingPerDay { get; init; } = "0";

    /// <summary>Levies per kWh that do not float with the time of use, decimal string with at most six decimals.</summary>
    public string LevyPerKwh { get; init; } = "0";

    /// <summary>Tax on energy, tiers, levies and standing charge, hundredths of a percent, 0 to 10,000.</summary>
    public int TaxBasisPoints { get; init; }
}

/// <param name="Name">Name of the rate, unique in the tariff.</param>
/// <param name="PricePerKwh">Decimal string, at most six decimals.</param>
public sealed record RateDefinition(string Name, string PricePerKwh);

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

    /// <summary>Day types that it is for: <c>workday</c>, <c>weekend</c>, <c>holiday</c>; empty is all. A holiday is only a holiday.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];
}

public sealed record CalendarDefinition
{
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    /// <summary>Weekend days that are worked in exchange for a holiday (调休).</summary>
    public IReadOnlyList<DateOnly> MovedWorkdays { get; init; } = [];
}

/// <summary>
/// Tiers are surcharges on whatever the time of use costs: the part of a period's energy above <see cref="TierStep.AboveWh"/> costs
/// <see cref="TierStep.AdderPerKwh"/> more. A charge is then a function of the period's energy alone, whatever the order of arrival.
/// </summary>
public sealed record TierDefinition
{
    /// <summary><c>month</c> or <c>year</c>, of the local calendar.</summary>
    public string Per { get; init; } = "month";

    /// <summary>Steps in rising order; each adder is against the base price, not against the step below.</summary>
    public required IReadOnlyList<TierStep> Steps { get; init; }

    /// <summary>Household size up to which the steps hold as they stand; 0 switches the extra allowance off.</summary>
    public int HouseholdBase { get; init; }

    /// <summary>Every step begins so much later for each person above <see cref="HouseholdBase"/>, Wh per period.</summary>
    public long ExtraWhPerPerson { get; init; }

    /// <summary>Free energy per period for protected households, Wh, paid back at <see cref="FreePricePerKwh"/>.</summary>
    public long ProtectedFreeWh { get; init; }

    public string FreePricePerKwh { get; init; } = "0";
}

/// <param name="AboveWh">Energy of the period above which the step holds, Wh.</param>
/// <param name="AdderPerKwh">Surcharge against the base price, decimal string with at most six decimals.</param>
public sealed record TierStep(long AboveWh, string AdderPerKwh);
