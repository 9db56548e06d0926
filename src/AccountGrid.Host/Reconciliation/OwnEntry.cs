using AccountGrid.Domain;

namespace AccountGrid.Host.Reconciliation;

/// <summary>A payment of a channel, or the reversal of one, as the grid has it.</summary>
/// <param name="IsReversal">False is a payment, booked or held.</param>
/// <param name="Txn"><c>channelTxnId</c> of the payment or of the reversal.</param>
/// <param name="Original">Of a reversal: the payment's.</param>
/// <param name="References">Values of its external references; ids that are of more than one payment, such as mandates, are not among them.</param>
/// <param name="Account">As the customer gave it, or as a person assigned it.</param>
internal sealed record OwnEntry(
    bool IsReversal, string Txn, string? Original, IReadOnlyList<string> References, Money Amount, DateTimeOffset At, DateOnly Day, string? Account);
