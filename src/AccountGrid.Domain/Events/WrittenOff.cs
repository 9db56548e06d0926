namespace AccountGrid.Domain.Events;

public sealed record WrittenOff(long AmountNano, string Reason, string DecidedBy, string ApprovedBy) : AccountEvent;
