namespace AccountGrid.Domain.Events;

public sealed record FeesWaived(Money Amount, string Reason, string DecidedBy, string? ApprovedBy) : AccountEvent;
