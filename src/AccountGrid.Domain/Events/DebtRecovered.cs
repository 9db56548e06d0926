namespace AccountGrid.Domain.Events;

public sealed record DebtRecovered(Money Amount) : AccountEvent;
