namespace AccountGrid.Domain.Rating;

/// <param name="AboveWh">Energy of the period above which the step holds, Wh.</param>
/// <param name="AdderPerKwh">Surcharge against the base price, decimal string with at most six decimals.</param>
public sealed record TierStep(long AboveWh, string AdderPerKwh);
