namespace AccountGrid.Domain.Commands;

public sealed record WriteOff(int Account, long AmountNano, string Reason, string DecidedBy, string ApprovedBy) : AccountCommand(Account);
