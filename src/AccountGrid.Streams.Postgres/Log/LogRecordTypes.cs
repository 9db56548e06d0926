using Orleans;

namespace AccountGrid.Streams.Postgres;

/// <summary>An idempotency key: unique per partition, with a hash of the body that it stands for.</summary>
public readonly record struct LogKey(string Key, byte[] BodyHash);

/// <summary>Something to append: one or more records as bytes that the log does not look into.</summary>
/// <param name="Partition">0 to partitions − 1.</param>
/// <param name="Count">Records in the payload; each gets a position. 1 or more.</param>
/// <param name="Key">Makes the append happen at most once; null appends always.</param>
/// <param name="IsOfReader">By the partition's own reader, which needs it to go on: it is not refused for how far the reader is behind.</param>
public readonly record struct LogAppend(int Partition, int Count, ReadOnlyMemory<byte> Payload, LogKey? Key = null, bool IsOfReader = false);

public enum AppendOutcome : byte
{
    Appended = 0,

    /// <summary>The key was used before with the same body; the position is that of the first append.</summary>
    Existed = 1,

    /// <summary>The key was used before with another body; nothing was appended.</summary>
    KeyConflict = 2,
}

/// <param name="FirstPosition">Position of the first record, dense and rising per partition.</param>
public readonly record struct AppendResult(int Partition, long FirstPosition, AppendOutcome Outcome);

/// <summary>One append as it is read back.</summary>
[GenerateSerializer, Immutable]
public readonly record struct LogEntry([property: Id(0)] long FirstPosition, [property: Id(1)] int Count, [property: Id(2)] ReadOnlyMemory<byte> Payload);

/// <summary>Consecutive appends of one partition: the unit in which the log is read and delivered.</summary>
[GenerateSerializer, Immutable]
public sealed record LogBatch([property: Id(0)] int Partition, [property: Id(1)] long FirstPosition, [property: Id(2)] int Count, [property: Id(3)] IReadOnlyList<LogEntry> Entries)
{
    /// <summary>Position after the last record.</summary>
    public long EndPosition => FirstPosition + Count;

    public long Bytes => Entries.Sum(e => (long)e.Payload.Length);
}

/// <summary>The log does not take more right now: try again after <see cref="RetryAfter"/>. Nothing was appended.</summary>
[Orleans.GenerateSerializer]
[Orleans.Alias("AccountGrid.Streams.LogBackpressureException")]
public sealed class LogBackpressureException(string message, TimeSpan retryAfter) : Exception(message)
{
    [Orleans.Id(0)]
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>The append failed. Unless it says otherwise its outcome is not known: with a key it may be asked again, without one it may be there.</summary>
public sealed class LogUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
