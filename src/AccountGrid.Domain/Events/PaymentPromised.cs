namespace AccountGrid.Domain.Events;

public sealed record PaymentPromised(int ByDay) : AccountEvent;
