namespace AccountGrid.Host.Reconciliation;

/// <summary>A difference of a day, and what was decided about it.</summary>
/// <param name="Result"><c>missing_here</c>, <c>missing_there</c>, <c>amount</c>, <c>duplicate</c>, <c>day_shift</c> or <c>fee</c>.</param>
/// <param name="Kind"><c>payment</c>, <c>refund</c> or <c>fee</c>.</param>
/// <param name="OwnTxn"><c>channelTxnId</c> of what the grid has, or of what is proposed.</param>
/// <param name="Amount">The channel's amount; null where no file has it.</param>
/// <param name="OwnAmount">The grid's amount; null where it has nothing.</param>
/// <param name="Proposal">
/// The correction that a person can accept: <c>book_payment</c>, <c>reverse_payment</c>, <c>rebook_payment</c>, <c>pair</c>, <c>ask_channel</c>,
/// <c>accept_day</c> or <c>accept_fee</c>.
/// </param>
/// <param name="State"><c>open</c>, <c>accepted</c>, <c>rejected</c>, or <c>gone</c>: it went away by itself.</param>
/// <param name="IsCorrection">It was found after the day was signed off.</param>
/// <param name="Outcome">What the correction came to; null while it is open or being carried out.</param>
public sealed record ReconciliationItemAnswer(
    string Key,
    string Result,
    string Kind,
    string? ChannelTxnId,
    string? Original,
    string? OwnTxn,
    string? Account,
    string? Amount,
    string? OwnAmount,
    string Proposal,
    string State,
    bool IsCorrection,
    string? DecidedBy,
    string? Reason,
    string? Outcome);
