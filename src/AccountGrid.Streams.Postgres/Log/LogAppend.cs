namespace AccountGrid.Streams.Postgres;

/// <summary>Something to append: one or more records as bytes that the log does not look into.</summary>
/// <param name="Partition">0 to partitions − 1.</param>
/// <param name="Count">Records in the payload; each gets a position. 1 or more.</param>
/// <param name="Key">Makes the append happen at most once; null appends always.</param>
/// <param name="IsOfReader">By the partition's own reader, which needs it to go on: it is not refused for how far the reader is behind.</param>
public readonly record struct LogAppend(int Partition, int Count, ReadOnlyMemory<byte> Payload, LogKey? Key = null, bool IsOfReader = false);
