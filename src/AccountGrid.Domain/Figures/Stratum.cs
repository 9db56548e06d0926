namespace AccountGrid.Domain.Figures;

/// <summary>A part of a group, such as its customers of one risk grade, with its weight in the standard population.</summary>
public readonly record struct Stratum(long StandardWeight, Proportion Observed);
