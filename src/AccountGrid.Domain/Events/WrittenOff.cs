namespace AccountGrid.Domain.Events;

public sealed record WrittenOff(Money Amount, string Reason, string DecidedBy, string ApprovedBy) : AccountEvent;
