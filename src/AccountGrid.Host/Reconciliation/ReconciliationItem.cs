using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Reconciliation;

/// <summary>A difference of a day for a person to decide about.</summary>
/// <param name="Key">Identity within the day: the same however often the day is compared.</param>
/// <param name="Kind"><c>payment</c>, <c>refund</c> or <c>fee</c>.</param>
/// <param name="Txn">The line's id; null where no file has it, or where the line has none.</param>
/// <param name="OwnTxn">The grid's id of what it has, or of what is proposed.</param>
/// <param name="Amount">The channel's amount.</param>
/// <param name="OwnAmount">The grid's amount.</param>
/// <param name="Proposal">A code of <see cref="Correction"/>.</param>
/// <param name="LineKey">Of the line that is meant, or that is proposed.</param>
internal sealed record ReconciliationItem(
    DateOnly Day,
    string Key,
    string Result,
    string Kind,
    string? Txn,
    string? Original,
    string? OwnTxn,
    string? Account,
    long? Amount,
    long? OwnAmount,
    DateTimeOffset? At,
    string Proposal,
    string? LineKey)
{
    /// <summary>The item of a line that is not matched.</summary>
    public static ReconciliationItem Of(ReconciledLine l)
    {
        var own = l.Own ?? l.Proposal;
        return new(
            l.Line.BusinessDay, l.Key, ReconciliationResults.Name(l.Result), SettlementListing.Name(l.Line.Kind), l.Line.ChannelTxnId, l.Line.Original,
            own?.Txn, l.Line.Account ?? own?.Account, l.Line.Amount.Nano, own?.Amount.Nano, l.Line.At, Correction.Of(l), l.Key);
    }

    /// <summary>The item of an entry that no file has.</summary>
    public static ReconciliationItem Of(ReconciledOwn o) => new(
        o.Own.Day, o.Key, ReconciliationResults.Name(ReconciliationResult.MissingThere), o.Own.IsReversal ? "refund" : "payment", null, o.Own.Original,
        o.Own.Txn, o.Own.Account, null, o.Own.Amount.Nano, o.Own.At, Correction.Of(o), o.Proposal);
}
