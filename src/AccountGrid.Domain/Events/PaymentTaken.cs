namespace AccountGrid.Domain.Events;

public sealed record PaymentTaken(long AmountNano, string Channel, string? Reference) : AccountEvent;
