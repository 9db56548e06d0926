namespace AccountGrid.Host.Reconciliation;

/// <summary>How much of a day has a result.</summary>
/// <param name="Result">See <see cref="ReconciliationItemAnswer"/>; also <c>matched</c>.</param>
/// <param name="Amount">Sum without regard to the direction, decimal string.</param>
public sealed record ReconciliationCount(string Result, int Count, string Amount);
