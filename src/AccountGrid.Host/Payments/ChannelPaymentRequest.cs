namespace AccountGrid.Host.Payments;

/// <summary>A payment that a channel has taken from a customer. The channel is that of the key, never of the body.</summary>
/// <param name="ChannelTxnId">The channel's own id of it: once for ever. 1 to 64 visible ASCII characters.</param>
/// <param name="Account">As the customer gave it. One that the grid does not know is held for a person, and not refused.</param>
/// <param name="Amount">Decimal string, more than zero, in the decimals of the currency.</param>
/// <param name="Currency">ISO 4217; must be the channel's.</param>
/// <param name="PaidAt">When the customer paid, with the offset from UTC.</param>
/// <param name="BusinessDay">The day under which the channel settles it.</param>
/// <param name="Tender"><c>cash</c>, <c>bank</c>, <c>card</c>, <c>wallet</c>, <c>debit</c> or <c>token</c>, as the channel's configuration allows.</param>
/// <param name="QueryRef">The query before it, whose amount it pays.</param>
/// <param name="Bill">The bill that the customer named; kept for the receipt. What is paid is decided by the order of the policy pack.</param>
/// <param name="Payer">Stored masked.</param>
/// <param name="Terminal">Where it was taken: terminal, operator, agent and place, as the channel names them.</param>
/// <param name="ExternalRefs">Further ids of it; at most 8.</param>
/// <param name="Note">Free text; it has no consequences.</param>
public sealed record ChannelPaymentRequest(
    string ChannelTxnId,
    string Account,
    string Amount,
    string Currency,
    DateTimeOffset PaidAt,
    DateOnly BusinessDay,
    string Tender,
    string? QueryRef = null,
    string? Bill = null,
    ChannelPayer? Payer = null,
    string? Terminal = null,
    string? Operator = null,
    string? Agent = null,
    string? Place = null,
    IReadOnlyList<ChannelReference>? ExternalRefs = null,
    string? Note = null);
