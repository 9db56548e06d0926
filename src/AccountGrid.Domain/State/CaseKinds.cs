namespace AccountGrid.Domain.State;

/// <summary>Codes of the kinds of cases, as they are stored and sent.</summary>
public static class CaseKinds
{
    public static string Code(this CaseKind kind) => kind switch
    {
        CaseKind.Contact => "contact",
        CaseKind.DeliverByHand => "deliver-by-hand",
        CaseKind.InformAuthority => "inform-authority",
        CaseKind.CannotBeCut => "cannot-be-cut",
        CaseKind.CutBlocked => "cut-blocked",
        CaseKind.CloseAccount => "close-account",
        CaseKind.WriteOff => "write-off",
        CaseKind.DebtTerms => "debt-terms",
        CaseKind.RelayUnconfirmed => "relay-unconfirmed",
        CaseKind.RestoreUnconfirmed => "restore-unconfirmed",
        CaseKind.Complaint => "complaint",
        CaseKind.Tamper => "tamper",
        CaseKind.Manual => "manual",
        CaseKind.Suspense => "suspense",
        CaseKind.Reconciliation => "reconciliation",
        CaseKind.DebitReturned => "debit-returned",
        CaseKind.UseFall => "use-fall",
        CaseKind.ChannelTarget => "channel-target",
        CaseKind.PrepaymentRefused => "prepayment-refused",
        CaseKind.PayOut => "pay-out",
        _ => throw new InvariantBrokenException($"No code for kind of case {kind}."),
    };

    /// <summary>The kind with a code that was stored.</summary>
    /// <exception cref="InvariantBrokenException">No kind has this code.</exception>
    public static CaseKind Find(string code)
    {
        foreach (var kind in Enum.GetValues<CaseKind>())
        {
            if (kind.Code() == code)
            {
                return kind;
            }
        }

        throw new InvariantBrokenException($"'{code}' is not a kind of case.");
    }
}
