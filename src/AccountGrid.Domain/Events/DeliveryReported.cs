namespace AccountGrid.Domain.Events;

public sealed record DeliveryReported(string NoticeId, string Channel, long AtMs) : AccountEvent;
