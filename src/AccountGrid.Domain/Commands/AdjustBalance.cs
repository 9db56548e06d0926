namespace AccountGrid.Domain.Commands;

/// <param name="AmountNano">Credit where positive, debit where negative; never zero.</param>
/// <param name="DecidedBy">Who decided it, and who agreed: above the pack's limit two different people.</param>
/// <param name="CorrectsPosition">Position of the adjustment that it takes back, whole or in part; null is none.</param>
public sealed record AdjustBalance(int Account, long AmountNano, string Reason, string? DecidedBy = null, string? ApprovedBy = null,
    long? CorrectsPosition = null) : AccountCommand(Account);
