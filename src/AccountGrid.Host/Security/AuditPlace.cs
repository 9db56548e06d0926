namespace AccountGrid.Host.Security;

/// <summary>A place in the audit trail, to go on from.</summary>
internal sealed record AuditPlace(DateTimeOffset At, string Account, long Sequence);
