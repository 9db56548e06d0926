namespace AccountGrid.Domain.Partitions;

/// <summary>A record for another partition's log, appended in the same transaction as the position that caused it.</summary>
/// <param name="Key">Key of the append, where something else may append the same record; null is none.</param>
/// <param name="KeyHash">What the key stands for: the hash of the command.</param>
public sealed record TransferEffect(long Position, int ToPartition, int Count, byte[] Records, string? Key = null, byte[]? KeyHash = null);
