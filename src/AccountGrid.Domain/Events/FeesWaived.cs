namespace AccountGrid.Domain.Events;

public sealed record FeesWaived(long AmountNano, string Reason, string DecidedBy, string? ApprovedBy) : AccountEvent;
