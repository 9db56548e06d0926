namespace AccountGrid.Domain.Events;

public sealed record DebtMoved(Money Amount, int ShareBasisPoints, Money PerDay, string Reason) : AccountEvent;
