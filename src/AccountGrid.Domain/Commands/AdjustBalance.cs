namespace AccountGrid.Domain.Commands;

/// <param name="Amount">Credit where positive, debit where negative; never zero.</param>
/// <param name="DecidedBy">Who decided it, and who agreed: above the pack's limit two different people.</param>
/// <param name="CorrectsPosition">Position of the adjustment that it takes back, whole or in part; null is none.</param>
public sealed record AdjustBalance(int Account, Money Amount, string Reason, string? DecidedBy = null, string? ApprovedBy = null,
    long? CorrectsPosition = null) : AccountCommand(Account);
