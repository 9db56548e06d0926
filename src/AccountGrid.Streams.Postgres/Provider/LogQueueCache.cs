using System.Diagnostics.CodeAnalysis;
using Orleans.Streams;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// Batches of one partition between its receiver and its subscribers, by position. A subscriber that asks for an earlier position than
/// the cache holds makes the receiver read again from there: the log is the cache's memory. Batches go when every cursor is past them.
/// Used by one pulling agent, on its own scheduler.
/// </summary>
internal sealed class LogQueueCache(int bytesMax, Action<long> rewind) : IQueueCache
{
    private readonly LinkedList<LogBatchContainer> _batches = [];
    private readonly List<Cursor> _cursors = [];
    private long _bytes;

    /// <summary>Batches taken from the receiver at once; each may be large.</summary>
    public int GetMaxAddCount() => 16;

    public bool IsUnderPressure() => _bytes >= bytesMax;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var batch in messages.Cast<LogBatchContainer>())
        {
            _batches.AddLast(batch);
            _bytes += batch.Batch.Bytes;
        }
    }

    public bool TryPurgeFromCache([MaybeNullWhen(false)] out IList<IBatchContainer> purgedItems)
    {
        purgedItems = null;
        if (_cursors.Count == 0)
        {
            return false;
        }

        var doneBefore = _cursors.Min(c => c.DoneBefore);
        while (_batches.First is { } first && first.Value.Batch.EndPosition <= doneBefore)
        {
            _batches.RemoveFirst();
            _bytes -= first.Value.Batch.Bytes;
            (purgedItems ??= []).Add(first.Value);
        }

        return purgedItems is not null;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token)
    {
        var oldest = _batches.First?.Value.Batch.FirstPosition;
        var from = token?.SequenceNumber ?? _batches.Last?.Value.Batch.FirstPosition ?? 0;
        if (token is not null && (oldest is null || from < oldest))
        {
            Rewind(from);
        }

        var cursor = new Cursor(this, from);
        _cursors.Add(cursor);
        return cursor;
    }

    private void Rewind(long from)
    {
        _batches.Clear();
        _bytes = 0;
        rewind(from);
    }

    /// <summary>The batch that begins at a position, or else the first that ends behind it: a token names a batch by its beginning.</summary>
    private LogBatchContainer? FirstEndingAfter(long position)
    {
        foreach (var batch in _batches)
        {
            if (batch.Batch.FirstPosition == position)
            {
                return batch;
            }
        }

        foreach (var batch in _batches)
        {
            if (batch.Batch.EndPosition > position)
            {
                return batch;
            }
        }

        return null;
    }

    private sealed class Cursor(LogQueueCache cache, long from) : IQueueCacheCursor
    {
        private LogBatchContainer? _current;
        private long _next = from;

        /// <summary>Everything before this was delivered to this cursor's subscriber.</summary>
        public long DoneBefore => _current?.Batch.FirstPosition ?? _next;

        public IBatchContainer GetCurrent(out Exception? exception)
        {
            exception = null;
            return _current!;
        }

        public bool MoveNext()
        {
            _current = cache.FirstEndingAfter(_next);
            if (_current is null)
            {
                return false;
            }

            _next = _current.Batch.EndPosition;
            return true;
        }

        public void Refresh(StreamSequenceToken? token)
        {
        }

        public void RecordDeliveryFailure()
        {
        }

        public void Dispose() => cache._cursors.Remove(this);
    }
}
