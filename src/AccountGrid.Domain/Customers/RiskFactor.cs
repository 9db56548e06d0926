namespace AccountGrid.Domain.Customers;

/// <summary>One factor of a risk score: the fact, in the unit that <see cref="RiskFacts"/> names, and the points that it gives.</summary>
/// <param name="Fact">Null: not known, which costs no points.</param>
/// <param name="Points">0 to <paramref name="PointsMax"/>, with two decimals, rounded half away from zero.</param>
public readonly record struct RiskFactor(RiskFactorKind Kind, decimal? Fact, decimal Points, int PointsMax);
