namespace AccountGrid.Host.Reconciliation;

/// <summary>A business day of a channel, compared.</summary>
/// <param name="State"><c>open</c> or <c>signed</c>.</param>
/// <param name="Files">Files that are about the day.</param>
/// <param name="Results">Lines of the day by what they are, and what no file has. Of a signed day: as it was signed.</param>
/// <param name="OpenItems">Differences that nobody has decided about.</param>
/// <param name="Corrections">Differences that were found after the day was signed off.</param>
public sealed record ReconciliationDayAnswer(
    string Channel,
    DateOnly Day,
    string Currency,
    string State,
    IReadOnlyList<SettlementAnswer> Files,
    IReadOnlyList<ReconciliationCount> Results,
    int OpenItems,
    int Corrections,
    string? SignedBy,
    DateTimeOffset? SignedAt,
    string? Note);
