using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

public sealed record RelayChanged(Relay From, Relay To, int Sequence, CutCause Cause, string? Reason) : AccountEvent;
