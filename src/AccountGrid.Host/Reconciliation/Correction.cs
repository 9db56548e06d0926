using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Reconciliation;

/// <summary>What can be done about a difference: codes, and which is proposed. A person accepts or rejects it; nothing is done without.</summary>
internal static class Correction
{
    /// <summary>Book the channel's payment here; money without an account is held.</summary>
    public const string BookPayment = "book_payment";

    /// <summary>Take the payment back here: the channel does not have the money.</summary>
    public const string ReversePayment = "reverse_payment";

    /// <summary>Take the payment back here and book it with the channel's amount.</summary>
    public const string RebookPayment = "rebook_payment";

    /// <summary>Take both for the same: they are alike by account, amount and day.</summary>
    public const string Pair = "pair";

    /// <summary>Nothing here: the channel has to say or do something.</summary>
    public const string AskChannel = "ask_channel";

    /// <summary>Nothing here: the channel settles it under its own day.</summary>
    public const string AcceptDay = "accept_day";

    /// <summary>Nothing here: the fee is right as it is.</summary>
    public const string AcceptFee = "accept_fee";

    /// <summary>What is proposed about a line that is not matched.</summary>
    public static string Of(ReconciledLine l) => (l.Result, l.Line.Kind) switch
    {
        (ReconciliationResult.MissingHere, _) when l.Proposal is not null => Pair,
        (ReconciliationResult.MissingHere, SettlementLineKind.Payment) => BookPayment,
        (ReconciliationResult.MissingHere, _) when l.Line.Original is not null => ReversePayment,
        (ReconciliationResult.Amount, SettlementLineKind.Payment) => RebookPayment,
        (ReconciliationResult.DayShift, _) => AcceptDay,
        (ReconciliationResult.Fee, _) => AcceptFee,
        _ => AskChannel,
    };

    /// <summary>What is proposed about an entry that no file has.</summary>
    public static string Of(ReconciledOwn o) => o.Proposal is not null ? Pair : o.Own.IsReversal ? AskChannel : ReversePayment;
}
