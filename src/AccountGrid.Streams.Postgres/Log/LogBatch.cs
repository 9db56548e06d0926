namespace AccountGrid.Streams.Postgres;

/// <summary>Consecutive appends of one partition: the unit in which the log is read and delivered.</summary>
[GenerateSerializer, Immutable]
public sealed record LogBatch([property: Id(0)] int Partition, [property: Id(1)] long FirstPosition, [property: Id(2)] int Count,
    [property: Id(3)] IReadOnlyList<LogEntry> Entries)
{
    /// <summary>Position after the last record.</summary>
    public long EndPosition => FirstPosition + Count;

    public long Bytes => Entries.Sum(e => (long)e.Payload.Length);
}
