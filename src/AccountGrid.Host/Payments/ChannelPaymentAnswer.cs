namespace AccountGrid.Host.Payments;

/// <summary>What became of a payment. The same request again has the same answer.</summary>
/// <param name="Status"><c>accepted</c>; <c>held</c>: the money is in suspense, and a person moves it to an account.</param>
/// <param name="Payment">Id of the payment; null while it is held.</param>
/// <param name="ReceiptNumber">Channel and channelTxnId, as it stands on the receipt.</param>
/// <param name="Position">Position in the account's log: a balance asked for with <c>?after=</c> has the payment in it. Null while it is held.</param>
/// <param name="BalanceAfter">Balance right after the payment; null while it is held.</param>
/// <param name="Allocated">What it paid; the parts sum to the amount.</param>
/// <param name="HeldBecause">Code of why it is held; null where it is not.</param>
public sealed record ChannelPaymentAnswer(
    string ChannelTxnId,
    string Status,
    string? Payment,
    string ReceiptNumber,
    string Account,
    string Amount,
    string Currency,
    long? Position,
    string? BalanceAfter,
    IReadOnlyList<AllocatedPart> Allocated,
    ChannelText ReceiptText,
    string? HeldBecause = null);
