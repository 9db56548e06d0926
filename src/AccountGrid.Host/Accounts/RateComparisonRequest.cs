namespace AccountGrid.Host.Accounts;

/// <param name="Tariffs">What to compare with, 1 to 20.</param>
/// <param name="Months">Closed local months to look back, 1 to 24; the account's own where it has fewer.</param>
public sealed record RateComparisonRequest(IReadOnlyList<RateChoice> Tariffs, int Months = 12);
