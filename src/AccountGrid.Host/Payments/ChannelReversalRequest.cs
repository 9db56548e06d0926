namespace AccountGrid.Host.Payments;

/// <summary>Takes back a whole payment of the channel.</summary>
/// <param name="ChannelTxnId">The reversal's own id: once for ever among the channel's reversals.</param>
/// <param name="Original">channelTxnId of the payment.</param>
/// <param name="Amount">The payment's whole amount, decimal string.</param>
/// <param name="Reason"><c>timeout</c>, <c>customer</c>, <c>operator</c>, <c>bounced</c> or <c>chargeback</c>.</param>
/// <param name="At">When the channel decided it, with the offset from UTC.</param>
/// <param name="ExternalReason">The scheme's code, such as AM04 or MD06.</param>
public sealed record ChannelReversalRequest(
    string ChannelTxnId, string Original, string Amount, string Reason, DateTimeOffset At, string? ExternalReason = null);
