namespace AccountGrid.Streams.Postgres;

/// <summary>Consecutive appends of one partition: the unit in which the log is read and delivered.</summary>
/// <param name="Timeline">
/// The timeline of the server that they were read from, <see cref="ServerTimeline"/>: another one may have others at these positions. 0 is not known.
/// </param>
[GenerateSerializer, Immutable]
public sealed record LogBatch([property: Id(0)] int Partition, [property: Id(1)] long FirstPosition, [property: Id(2)] int Count,
    [property: Id(3)] IReadOnlyList<LogEntry> Entries, [property: Id(4)] int Timeline = 0)
{
    /// <summary>Position after the last record.</summary>
    public long EndPosition => FirstPosition + Count;

    public long Bytes => Entries.Sum(e => (long)e.Payload.Length);
}
