namespace AccountGrid.Domain.Rating;

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

    /// <summary>Months that have other steps, where tiers are per month; each month in one of them at most.</summary>
    public IReadOnlyList<TierSeason> Seasons { get; init; } = [];

    /// <summary>
    /// What an account's first month or year of such tiers has of each limit, where they begin for it behind the period's first day: <c>whole</c>;
    /// <c>months</c>, so many twelfths of a year as there are months from the one in which they begin, it included; or <c>days</c>, the share of the days from
    /// the one on which they begin. They begin when the account is opened, or comes from tiers of the other kind.
    /// </summary>
    public string FirstPeriod { get; init; } = "whole";

    /// <summary>Household size up to which the steps hold as they stand; 0: there is no extra allowance.</summary>
    public int HouseholdBase { get; init; }

    /// <summary>Every step begins so much later for households above <see cref="HouseholdBase"/>, whatever their size, Wh per period.</summary>
    public long ExtraWhFlat { get; init; }

    /// <summary>Every step begins so much later for each person above <see cref="HouseholdBase"/>, Wh per period.</summary>
    public long ExtraWhPerPerson { get; init; }

    /// <summary>Free energy per period for protected households, Wh, paid back at <see cref="FreePricePerKwh"/>.</summary>
    public long ProtectedFreeWh { get; init; }

    public string FreePricePerKwh { get; init; } = "0";
}
