namespace AccountGrid.Host.Reconciliation;

/// <summary>A line of an imported settlement file with what the reconciliation of its day says.</summary>
/// <param name="Line">Line of the file, from 1; 0 of what no file has.</param>
/// <param name="Kind"><c>payment</c>, <c>refund</c> or <c>fee</c>.</param>
/// <param name="Result">
/// <c>matched</c>, <c>missing_here</c>, <c>amount</c>, <c>duplicate</c>, <c>day_shift</c> or <c>fee</c>; <c>missing_there</c> only where it is asked for: of
/// the file's days, what the grid has and no file does.
/// </param>
/// <param name="MatchedWith"><c>channelTxnId</c> of what the grid has; null where it has nothing.</param>
public sealed record SettlementLineAnswer(
    int Line,
    string Kind,
    string? ChannelTxnId,
    string Amount,
    string Fee,
    DateTimeOffset? At,
    DateOnly BusinessDay,
    string? Account,
    string? Original,
    string? Result,
    string? MatchedWith);
