namespace AccountGrid.Domain.Partitions;

/// <summary>A record for another partition's log, appended in the same transaction as the position that caused it.</summary>
public sealed record TransferEffect(long Position, int ToPartition, int Count, byte[] Records);
