namespace AccountGrid.Streams.Postgres;

/// <summary>What was read ahead of one partition and not yet taken by its receiver.</summary>
internal sealed class PartitionTail(int partition, long from, int bytesMax)
{
    private readonly Lock _lock = new();
    private readonly Queue<LogBatch> _ready = new();
    private long _readyBytes;
    private long _next = from;
    private int _generation;

    public int Partition { get; } = partition;

    /// <summary>From where to read, and the count of rewinds: what was read for an older cursor is dropped, so the two are taken together.</summary>
    public (long From, int Generation) Cursor
    {
        get
        {
            lock (_lock)
            {
                return (_next, _generation);
            }
        }
    }

    public bool Wants(long head)
    {
        lock (_lock)
        {
            return head > _next && _readyBytes < bytesMax;
        }
    }

    /// <summary>
    /// Takes what was read. Of it, what came from memory while it was being read is left out: batches must not overlap, since Orleans' agent delivers one
    /// whose token was delivered before again and again, without a pause.
    /// </summary>
    public void Offer(LogBatch batch, int generation)
    {
        lock (_lock)
        {
            if (generation == _generation
                && LogReading.Batch(Partition, [.. batch.Entries.Where(e => e.FirstPosition + e.Count > _next)], batch.Timeline) is { } news)
            {
                _ready.Enqueue(news);
                _readyBytes += news.Bytes;
                _next = news.EndPosition;
            }
        }
    }

    /// <summary>Takes a row that continues what was read so far; leaves any other to be read.</summary>
    public void OfferNext(long first, int count, byte[] row, int timeline)
    {
        lock (_lock)
        {
            if (first != _next || _readyBytes >= bytesMax)
            {
                return;
            }

            var entries = new List<LogEntry>();
            LogFraming.Read(row, first, count, entries);
            _ready.Enqueue(new LogBatch(Partition, first, count, entries, timeline));
            _readyBytes += row.Length;
            _next = first + count;
        }
    }

    /// <summary>Everything that is ready, joined where it is continuous: a delivery costs the same however much is in it.</summary>
    public List<LogBatch> TakeAll()
    {
        lock (_lock)
        {
            var taken = new List<LogBatch>();
            var (run, timeline) = (new List<LogEntry>(), 0);
            while (_ready.TryDequeue(out var batch))
            {
                if (run.Count > 0 && (run[^1].FirstPosition + run[^1].Count != batch.FirstPosition || timeline != batch.Timeline))
                {
                    taken.Add(LogReading.Batch(Partition, run, timeline)!);
                    run = [];
                }

                timeline = batch.Timeline;
                run.AddRange(batch.Entries);
            }

            if (LogReading.Batch(Partition, run, timeline) is { } last)
            {
                taken.Add(last);
            }

            _readyBytes = 0;
            return taken;
        }
    }

    /// <summary>Reads again from an earlier position.</summary>
    public void Rewind(long position)
    {
        lock (_lock)
        {
            _generation++;
            _ready.Clear();
            _readyBytes = 0;
            _next = position;
        }
    }
}
