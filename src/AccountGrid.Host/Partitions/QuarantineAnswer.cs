namespace AccountGrid.Host.Partitions;

/// <param name="Count">Records that were quarantined together.</param>
/// <param name="Cause">What the fold said.</param>
/// <param name="Record">The first of them as text, where it can be read: a command as it is stored, or a reading.</param>
/// <param name="Account">The account that it names, as the grid numbers it; null where it cannot be told.</param>
public sealed record QuarantineAnswer(int Partition, long Position, int Count, DateTimeOffset At, string Cause, string? Record, int? Account,
    DateTimeOffset? ResolvedAt, string? ResolvedBy, string? Resolution);
