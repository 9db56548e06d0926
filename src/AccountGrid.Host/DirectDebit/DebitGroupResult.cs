namespace AccountGrid.Host.DirectDebit;

/// <summary>What a bank answered about a whole message, or about one payment information of it.</summary>
/// <param name="PaymentId">Null is the whole message.</param>
/// <param name="Kind">As of a <see cref="DebitResult"/>; null where only the totals are to be checked.</param>
/// <param name="Count">How many collections the message had, as the file says; null where it does not.</param>
/// <param name="Sum">What they came to; null where the file does not say.</param>
internal sealed record DebitGroupResult(int Line, string MessageId, string? PaymentId, string? Kind, string? Reason, string? Count, string? Sum);
