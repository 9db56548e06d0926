namespace AccountGrid.Host.Payments;

/// <summary>How a channel of direct debit collects. (Source: SEPA Direct Debit rulebooks; batches of banks for 代扣.)</summary>
public sealed record DirectDebitSetting
{
    /// <summary>What mandates of the channel may be: <c>core</c> and <c>b2b</c>, or <c>batch</c>.</summary>
    public required IReadOnlyList<string> Schemes { get; init; }

    /// <summary>The file of collections: <c>pain.008.001.08</c>, <c>pain.008.001.02</c> or <c>csv</c>.</summary>
    public required string File { get; init; }

    /// <summary>Calendar days, at least, from the customer's notice to the collection.</summary>
    public int NoticeDays { get; init; } = 14;

    /// <summary>Calendar days before the collection on which its file can be made at the earliest.</summary>
    public int LeadDays { get; init; } = 2;

    /// <summary>Calendar days after the collection for which the bank's answer is waited for: no late fee grows and nobody is cut.</summary>
    public int AnswerDays { get; init; } = 5;

    /// <summary>Days for which a payment that the customer had refunded counts as in dispute.</summary>
    public int DisputeDays { get; init; } = 28;

    /// <summary>Whether a payment is booked when the bank accepts it (ACCP, ACSP), and not only when it is settled (ACSC, ACCC).</summary>
    public bool BookOnAcceptance { get; init; }

    /// <summary>
    /// Whether the grid announces what is due each day by itself, for the first business day that is more than <see cref="NoticeDays"/> ahead, and makes each
    /// run <see cref="LeadDays"/> before its day. If not, both are requests.
    /// </summary>
    public bool Daily { get; init; }

    /// <summary>Who collects; needed for pain.008.</summary>
    public DebitCreditor? Creditor { get; init; }

    /// <summary>Layout of the file; needed for csv.</summary>
    public DebitFileMapping? Csv { get; init; }

    /// <summary>Layout of files of results that are CSV; null where there are none.</summary>
    public DebitResultMapping? Results { get; init; }
}
