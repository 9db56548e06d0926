namespace AccountGrid.Domain.Events;

public sealed record DebtMoved(long AmountNano, int ShareBasisPoints, long PerDayNano, string Reason) : AccountEvent;
