using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>A household that held before a local day, the first of a tier period.</summary>
public readonly record struct FormerHousehold(int UntilDay, Household Household);
