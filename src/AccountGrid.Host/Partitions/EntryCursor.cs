using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>How far an entry of the log is folded.</summary>
/// <param name="Position">Of the next record.</param>
/// <param name="Offset">Where it begins in the entry's payload, bytes; 0 is the first record.</param>
internal readonly record struct EntryCursor(long Position, int Offset)
{
    public EntryCursor(LogEntry entry)
        : this(entry.FirstPosition, 0)
    {
    }
}
