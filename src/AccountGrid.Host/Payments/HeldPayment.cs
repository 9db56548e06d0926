namespace AccountGrid.Host.Payments;

/// <summary>A payment in suspense: its account is not known or owes nothing more. It waits for a person.</summary>
/// <param name="Account">As the customer gave it.</param>
/// <param name="Because">Code of why it is held.</param>
public sealed record HeldPayment(
    string Channel, string ChannelTxnId, string Account, string Amount, string Currency, DateTimeOffset PaidAt, DateOnly BusinessDay, string Because);
