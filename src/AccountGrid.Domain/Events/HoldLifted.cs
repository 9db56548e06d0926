using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

public sealed record HoldLifted(HoldKind Kind, string Reason) : AccountEvent;
