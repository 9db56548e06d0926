namespace AccountGrid.Domain.Rating;

/// <param name="From">Lowest power factor of the step, decimal string from 0.00 to 1.00 with two decimals.</param>
/// <param name="BasisPoints">Hundredths of a percent that are added, -10,000 to 20,000; below zero is a reduction.</param>
public sealed record PowerFactorStep(string From, int BasisPoints);
