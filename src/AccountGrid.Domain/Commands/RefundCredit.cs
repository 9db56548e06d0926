namespace AccountGrid.Domain.Commands;

/// <param name="AmountNano">More than zero; taken from the balance and paid out.</param>
/// <param name="DecidedBy">Who decided it, and who agreed, as for <see cref="AdjustBalance"/>.</param>
public sealed record RefundCredit(int Account, long AmountNano, string? Reason, string? DecidedBy = null, string? ApprovedBy = null) : AccountCommand(Account);
