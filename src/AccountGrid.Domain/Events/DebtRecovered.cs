namespace AccountGrid.Domain.Events;

public sealed record DebtRecovered(long AmountNano) : AccountEvent;
