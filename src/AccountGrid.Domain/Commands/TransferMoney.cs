namespace AccountGrid.Domain.Commands;

/// <summary>
/// Moves money from a float or suspense account to a customer's account, as a payment there: a sale of an agent, or a held payment's assignment.
/// </summary>
/// <param name="Amount">More than zero.</param>
/// <param name="Currency">Currency of the amount; the payment is refused by an account of another one.</param>
/// <param name="ToPartition">Partition of <paramref name="ToAccount"/>.</param>
/// <param name="Channel">The payment channel.</param>
/// <param name="Reference">The channel's own id of the payment.</param>
/// <param name="Announced">The announcement that the payment ends; see <see cref="AnnouncePayment"/>.</param>
/// <param name="Key">Key under which the payment is appended to the log of <paramref name="ToPartition"/>: whoever brings it there, it is taken once.</param>
public sealed record TransferMoney(
    int Account, Money Amount, string Currency, int ToAccount, int ToPartition, string Channel, string? Reference, string? Announced, string Key)
    : AccountCommand(Account);
