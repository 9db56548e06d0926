namespace AccountGrid.Domain.Customers;

/// <summary>The result of an evaluation with all that it is made of.</summary>
/// <param name="Points">0 to 100, the sum of the factors' points.</param>
/// <param name="Grade">What the points and knock-outs alone give. The customer's grade follows it by <see cref="RiskStanding.After"/>.</param>
public sealed record RiskScore(decimal Points, RiskGrade Grade, IReadOnlyList<RiskFactor> Factors, IReadOnlyList<KnockOut> KnockOuts);
