namespace AccountGrid.Domain.Commands;

public sealed record WriteOff(int Account, Money Amount, string Reason, string DecidedBy, string ApprovedBy) : AccountCommand(Account);
