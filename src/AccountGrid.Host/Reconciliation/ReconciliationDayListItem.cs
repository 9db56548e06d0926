namespace AccountGrid.Host.Reconciliation;

/// <summary>A business day of a channel in a list.</summary>
/// <param name="Files">Settlement files that are about the day.</param>
/// <param name="OpenItems">Differences that nobody has decided about, as of the last comparison.</param>
/// <param name="SignedBy">Who signed the day off; null where nobody has.</param>
public sealed record ReconciliationDayListItem(DateOnly Day, string Currency, int Files, int OpenItems, string? SignedBy, DateTimeOffset? SignedAt);
