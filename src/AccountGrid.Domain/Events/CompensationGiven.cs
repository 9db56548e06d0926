namespace AccountGrid.Domain.Events;

public sealed record CompensationGiven(Money Amount, long RestoreSinceMs, string Policy) : AccountEvent;
