using AccountGrid.Streams.Postgres;

namespace AccountGrid.Streams.Tests;

/// <summary>What is read ahead of one partition, from the database and from this process's own commits.</summary>
public sealed class PartitionTailTests
{
    [Fact]
    public void What_comes_from_memory_while_it_is_being_read_is_delivered_once()
    {
        var tail = new PartitionTail(0, 0, 1 << 20);
        var generation = tail.Cursor.Generation;
        tail.OfferNext(0, 3, Row(3), 1);
        tail.OfferNext(3, 2, Row(2), 1);
        tail.Offer(Batch(0, 3, 2, 4), generation);
        var taken = tail.TakeAll();
        Assert.Equal([(0L, 9L)], taken.Select(b => (b.FirstPosition, b.EndPosition)));
        Assert.Equal([0L, 3, 5], taken[0].Entries.Select(e => e.FirstPosition));
    }

    [Fact]
    public void A_commit_that_does_not_continue_the_tail_is_left_to_be_read()
    {
        var tail = new PartitionTail(0, 0, 1 << 20);
        tail.OfferNext(5, 2, Row(2), 1);
        Assert.Empty(tail.TakeAll());
        Assert.True(tail.Wants(7));
        tail.Offer(Batch(0, 5, 2), tail.Cursor.Generation);
        Assert.Equal((0L, 7L), (tail.TakeAll()[0].FirstPosition, tail.Cursor.From));
    }

    [Fact]
    public void What_was_read_for_an_older_cursor_is_dropped()
    {
        var tail = new PartitionTail(0, 4, 1 << 20);
        var generation = tail.Cursor.Generation;
        tail.Rewind(0);
        tail.Offer(Batch(4, 2), generation);
        Assert.Empty(tail.TakeAll());
        Assert.Equal(0, tail.Cursor.From);
    }

    /// <summary>
    /// Orleans' agent asks for the batch of a token and moves on once: with two batches over one position it must land on the one that begins there.
    /// </summary>
    [Fact]
    public void A_cursor_at_a_token_stands_on_the_batch_that_begins_there()
    {
        var cache = new LogQueueCache(1 << 20, _ => { });
        cache.AddToCache([new LogBatchContainer(Batch(0, 10), "n"), new LogBatchContainer(Batch(5, 15), "n"), new LogBatchContainer(Batch(20, 1), "n")]);
        var cursor = cache.GetCacheCursor(default, new Orleans.Providers.Streams.Common.EventSequenceTokenV2(5));
        Assert.Equal([5L, 20], new[] { Next(cursor), Next(cursor) });
    }

    private static long Next(Orleans.Streams.IQueueCacheCursor cursor)
    {
#pragma warning disable CS0618 // The method that the agent of this version calls.
        Assert.True(cursor.MoveNext());
#pragma warning restore CS0618
        return cursor.GetCurrent(out _)!.SequenceToken.SequenceNumber;
    }

    private static byte[] Row(int count)
    {
        var row = new byte[LogFraming.HeaderBytes + 1];
        LogFraming.Write(row, count, [7]);
        return row;
    }

    private static LogBatch Batch(long first, params int[] counts)
    {
        var entries = new List<LogEntry>();
        foreach (var count in counts)
        {
            entries.Add(new LogEntry(first, count, new byte[] { 7 }));
            first += count;
        }

        return LogReading.Batch(0, entries, 1)!;
    }
}
