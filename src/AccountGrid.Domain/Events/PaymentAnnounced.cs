namespace AccountGrid.Domain.Events;

public sealed record PaymentAnnounced(string Reference, long UntilMs) : AccountEvent;
