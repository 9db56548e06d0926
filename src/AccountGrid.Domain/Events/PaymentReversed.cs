namespace AccountGrid.Domain.Events;

public sealed record PaymentReversed(long PaymentPosition, long AmountNano, string? Reason) : AccountEvent;
