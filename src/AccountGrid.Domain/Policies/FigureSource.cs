namespace AccountGrid.Domain.Policies;

/// <param name="Figure">Path of a figure, or of the group it is in: <c>lateFee.minimum</c>, <c>ladder</c>.</param>
/// <param name="Source">Where it is written.</param>
/// <param name="Confirmed">Whether a public text confirms it; an unconfirmed one is this pack's choice.</param>
public sealed record FigureSource(string Figure, string Source, bool Confirmed);
