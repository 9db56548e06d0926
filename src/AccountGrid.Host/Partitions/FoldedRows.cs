using AccountGrid.Domain.Partitions;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// The appends that a partition has folded and whose effects are not known to be written: what a standby that is promoted may not have. Effects whose commit a
/// standby has confirmed come after their records in PostgreSQL's write-ahead log, of which a standby has a beginning, so all records before them are on
/// every later server. Those after them are compared, append by append; a server may have others at the same positions.
/// </summary>
internal sealed class FoldedRows(PartitionHold hold, IPartitionLog log, ILogger logger)
{
    /// <summary>Bytes of appends kept at most: of a partition that has more to write, memory is loaded again when its server is replaced.</summary>
    internal const int BytesMax = 1 << 20;

    private const int ReadBytes = 4 << 20;

    private readonly Queue<LogEntry> _appends = new();
    private long _bytes;

    /// <summary>Where the last append ends that was folded, and the last one that was not kept.</summary>
    private long _end;
    private long _endOfLeftOut;

    /// <summary>Notes an append before it is folded.</summary>
    /// <param name="written">Up to where effects are written, and confirmed.</param>
    public void Add(LogEntry entry, long written)
    {
        Forget(written);
        if (EndOf(entry) <= _end)
        {
            return;
        }

        _end = EndOf(entry);
        if (_bytes + entry.Payload.Length > BytesMax)
        {
            _endOfLeftOut = _end;
            return;
        }

        _appends.Enqueue(entry);
        _bytes += entry.Payload.Length;
    }

    /// <summary>Takes over a server's timeline, or loses the partition and throws.</summary>
    public async Task AdoptAsync(PartitionState state, long written, int timeline)
    {
        hold.EnsureHeld();
        Forget(written);
        if (timeline < hold.Lease.Timeline)
        {
            throw new IOException($"The log of partition {hold.Partition} was read from a server that was replaced.");
        }

        if (!log.IsApart(hold.Partition) && (_endOfLeftOut > written || !await IsInLogAsync(timeline)))
        {
            hold.LoseToOtherLog();
            PartitionMessages.NotInLog(logger, hold.Partition, hold.Lease.Epoch, written, state.Position);
            hold.EnsureHeld();
        }

        hold.Lease = hold.Lease with { Timeline = timeline };
    }

    private async Task<bool> IsInLogAsync(int timeline)
    {
        var rest = new Queue<LogEntry>(_appends);
        while (rest.TryPeek(out var next))
        {
            var batch = await log.ReadAsync(hold.Partition, next.FirstPosition, ReadBytes);
            if (batch is null)
            {
                return false;
            }

            if (batch.Timeline != timeline)
            {
                throw new IOException($"The log of partition {hold.Partition} was read on timeline {batch.Timeline} in the place of {timeline}.");
            }

            foreach (var entry in batch.Entries)
            {
                if (rest.TryDequeue(out var own) && (own.FirstPosition != entry.FirstPosition || !own.Payload.Span.SequenceEqual(entry.Payload.Span)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static long EndOf(LogEntry entry) => entry.FirstPosition + entry.Count;

    private void Forget(long written)
    {
        while (_appends.TryPeek(out var oldest) && EndOf(oldest) <= written)
        {
            _bytes -= _appends.Dequeue().Payload.Length;
        }
    }
}
