namespace AccountGrid.Domain.Commands;

/// <summary>
/// Money into or out of a float or suspense account from outside: an agent's deposit or withdrawal; a held payment that came, or that went back to its payer.
/// </summary>
/// <param name="Amount">Into the account where positive, out of it where negative; not zero.</param>
/// <param name="Reference">Its reference outside: of the bank transfer, or the channel's own id of the payment.</param>
/// <param name="DecidedBy">Who decided it; null where a channel did.</param>
public sealed record MoveInternal(int Account, Money Amount, string? Reference, string? DecidedBy = null) : AccountCommand(Account);
