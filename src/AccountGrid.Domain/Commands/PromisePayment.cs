namespace AccountGrid.Domain.Commands;

/// <param name="ByDay">Last local day of the promise.</param>
public sealed record PromisePayment(int Account, int ByDay) : AccountCommand(Account);
