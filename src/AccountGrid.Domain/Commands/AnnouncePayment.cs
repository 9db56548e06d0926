namespace AccountGrid.Domain.Commands;

/// <summary>A channel says that a payment is on its way: no cut while it is waited for.</summary>
public sealed record AnnouncePayment(int Account, string Reference, long UntilMs) : AccountCommand(Account);
