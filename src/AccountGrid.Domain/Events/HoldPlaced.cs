using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

public sealed record HoldPlaced(HoldKind Kind, long UntilMs, string Reason) : AccountEvent;
