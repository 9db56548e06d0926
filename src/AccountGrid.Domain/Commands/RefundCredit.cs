namespace AccountGrid.Domain.Commands;

/// <param name="Amount">More than zero; taken from the balance and paid out.</param>
/// <param name="DecidedBy">Who decided it, and who agreed, as for <see cref="AdjustBalance"/>.</param>
public sealed record RefundCredit(int Account, Money Amount, string? Reason, string? DecidedBy = null, string? ApprovedBy = null) : AccountCommand(Account);
