using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>One line of a settlement file, of whatever format.</summary>
/// <param name="Line">Line of the file, from 1; in a zip, of the file within it.</param>
/// <param name="ChannelTxnId">The channel's own id of it, as the channel's mapping says; null where the file has none.</param>
/// <param name="References">Further ids of it.</param>
/// <param name="Amount">
/// Of a payment or a refund: more than zero, in whole smallest units of the currency. Of a fee: what the channel keeps, negative where it gives back.
/// </param>
/// <param name="Fee">What the channel keeps of a payment or gives back of a refund (negative); zero where the file does not say.</param>
/// <param name="At">When it happened; null where the file has only the day.</param>
/// <param name="BusinessDay">The day under which the channel settles it.</param>
/// <param name="Account">As the customer gave it; null where the file does not say.</param>
/// <param name="Original">Of a refund: the channel's id of the payment, if the file has it.</param>
public sealed record SettlementLine(
    int Line,
    SettlementLineKind Kind,
    string? ChannelTxnId,
    IReadOnlyList<SettlementReference> References,
    Money Amount,
    Money Fee,
    DateTimeOffset? At,
    DateOnly BusinessDay,
    string? Account,
    string? Original);
