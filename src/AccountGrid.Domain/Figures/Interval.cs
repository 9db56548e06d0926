namespace AccountGrid.Domain.Figures;

/// <summary>The bounds of a confidence interval, in the unit of what it is about. The lower one is never above the upper.</summary>
public readonly record struct Interval(double Low, double High);
