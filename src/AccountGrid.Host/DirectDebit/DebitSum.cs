namespace AccountGrid.Host.DirectDebit;

/// <param name="State"><c>announced</c>, <c>sent</c>, <c>skipped</c>, <c>paid</c>, <c>rejected</c> or <c>returned</c>.</param>
/// <param name="Why">Code of why it was not collected; null where it was.</param>
/// <param name="Amount">Sum of what was collected, or was to be.</param>
public sealed record DebitSum(string State, string? Why, long Count, string Amount);
