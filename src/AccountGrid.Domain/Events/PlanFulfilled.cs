namespace AccountGrid.Domain.Events;

/// <summary>Every instalment is paid, or nothing is owed any more.</summary>
public sealed record PlanFulfilled(Money Amount) : AccountEvent;
