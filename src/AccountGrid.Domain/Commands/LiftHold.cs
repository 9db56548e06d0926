using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

public sealed record LiftHold(int Account, HoldKind Kind, string Reason) : AccountCommand(Account);
