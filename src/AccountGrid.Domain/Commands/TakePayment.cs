namespace AccountGrid.Domain.Commands;

/// <param name="AmountNano">More than zero.</param>
/// <param name="Channel">Where it was paid ("bank", "wallet", "counter"...).</param>
/// <param name="Reference">The channel's own id of the payment.</param>
public sealed record TakePayment(int Account, long AmountNano, string Channel, string? Reference) : AccountCommand(Account);
