using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <param name="UntilMs">When it ends by itself; null is when it is lifted.</param>
public sealed record PlaceHold(int Account, HoldKind Kind, long? UntilMs, string Reason) : AccountCommand(Account);
