namespace AccountGrid.Host.Operations;

/// <summary>The grid as it works now.</summary>
/// <param name="At">When this was read.</param>
/// <param name="ReadingsPerSecond">Acknowledged in the last minute, by all processes that are not silent.</param>
/// <param name="Acknowledgement">Of batches of readings, from when they were read to the end of their commit.</param>
/// <param name="Freshness">Of batches of the log: how old the last record was when it was folded.</param>
/// <param name="Lag">Records of the log whose effects are not written yet, in all partitions.</param>
/// <param name="Quarantined">Records that were set aside and wait for a decision.</param>
/// <param name="Partitions">By number.</param>
public sealed record GridAnswer(
    DateTimeOffset At, double ReadingsPerSecond, LatencyAnswer Acknowledgement, LatencyAnswer Freshness, long Lag, long Quarantined, OutboxAnswer Outbox,
    DatabaseAnswer Database, IReadOnlyList<ProcessAnswer> Processes, IReadOnlyList<PartitionAnswer> Partitions);
