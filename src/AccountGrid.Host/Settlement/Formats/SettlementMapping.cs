namespace AccountGrid.Host.Settlement.Formats;

/// <summary>
/// How the settlement files of a channel are read. Layouts that are known have their names built in; what differs from merchant to merchant is said here.
/// </summary>
public sealed record SettlementMapping
{
    /// <summary><c>csv</c>, <c>wechat</c>, <c>alipay</c>, <c>mpesa</c> or <c>camt</c>.</summary>
    public required string Format { get; init; }

    /// <summary>
    /// Which id of the file is the <c>channelTxnId</c> of payments: <c>channel</c>, the channel's own, or <c>merchant</c>, the order number that the company
    /// gave (of camt: the end-to-end id). The other one becomes a reference.
    /// </summary>
    public string TxnId { get; init; } = "channel";

    /// <summary>Of WeChat and Alipay: <c>settled</c>, what the company receives, or <c>order</c>, what the order was for.</summary>
    public string AmountOf { get; init; } = "settled";

    /// <summary>Of Alipay: whether a fee that the channel keeps is a <c>negative</c> or a <c>positive</c> number.</summary>
    public string FeeSign { get; init; } = "negative";

    /// <summary>IANA zone of times without an offset; null is the channel's.</summary>
    public string? Zone { get; init; }

    /// <summary>Of M-Pesa and camt: words of reason types, details or bank codes that mark a fee. Upper and lower case are the same.</summary>
    public IReadOnlyList<string> FeeWords { get; init; } = ["charge", "fee", "CHRG", "COMM"];

    /// <summary>Of M-Pesa: words that mark money that went back to a customer.</summary>
    public IReadOnlyList<string> RefundWords { get; init; } = ["reversal", "refund"];

    /// <summary>Of M-Pesa: words that mark movements of the company's own money, which are passed over.</summary>
    public IReadOnlyList<string> PassedWords { get; init; } =
        ["settlement", "organization withdrawal", "business transfer", "funds transfer", "utility to working"];

    /// <summary>
    /// Of M-Pesa and camt: regular expression whose first group is the account in the free text. Null: of M-Pesa the word behind "Acc.", of camt none.
    /// </summary>
    public string? AccountPattern { get; init; }

    /// <summary>Of a CSV: its layout.</summary>
    public CsvMapping? Csv { get; init; }
}
