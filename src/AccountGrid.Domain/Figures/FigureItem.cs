namespace AccountGrid.Domain.Figures;

/// <summary>A figure of a group, as it is shown.</summary>
/// <param name="Name">One of <see cref="FigureNames"/>, or a derived one of <see cref="DerivedFigures"/>.</param>
/// <param name="Detail">Channel, kind, stage, code or person, as the name says; empty is none.</param>
/// <param name="Count">How often; of a share, of how many it is the share.</param>
/// <param name="Amount">In the currency, exact; null where the name has none.</param>
/// <param name="Value">A derived figure: a share of 1, or days; null where it is not derived.</param>
/// <param name="Low">Lower bound of the 95 % interval of a share of counts.</param>
/// <param name="High">Upper bound.</param>
public sealed record FigureItem(string Name, string Detail, long Count, string? Amount, double? Value = null, double? Low = null, double? High = null);
