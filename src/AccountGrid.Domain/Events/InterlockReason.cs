namespace AccountGrid.Domain.Events;

/// <param name="Code">Stable: <c>interlock.hold</c>, <c>interlock.payment_pending</c>...</param>
public sealed record InterlockReason(RefusalCode Code, string Detail);
