namespace AccountGrid.Domain.Rating;

/// <summary>What the tiers of one period of an account depend on beside its energy.</summary>
/// <param name="Household">The household that the period is charged for.</param>
/// <param name="Day">Any local day of the period.</param>
/// <param name="Part">Months or days of the period that limits are for, as <see cref="TierSchedule.PartFrom"/> says; 0 is the whole period.</param>
public readonly record struct TierTerms(Household Household, int Day, int Part);
