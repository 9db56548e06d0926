namespace AccountGrid.Domain.Events;

public sealed record CompensationGiven(long AmountNano, long RestoreSinceMs, string Policy) : AccountEvent;
