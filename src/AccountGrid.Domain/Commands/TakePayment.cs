namespace AccountGrid.Domain.Commands;

/// <param name="Amount">More than zero.</param>
/// <param name="Channel">Where it was paid ("bank", "wallet", "counter"...).</param>
/// <param name="Reference">The channel's own id of the payment.</param>
/// <param name="Announced">The announcement that it ends, where that has another reference; see <see cref="AnnouncePayment"/>.</param>
public sealed record TakePayment(int Account, Money Amount, string Channel, string? Reference, string? Announced = null) : AccountCommand(Account);
