using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;
using AccountGrid.Host.Ingest;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Tests;

/// <summary>The queue before the log, while the log takes nothing.</summary>
public sealed class ReadingLogTests
{
    /// <summary>
    /// All callers' readings of a partition become one append, and an append has a largest size: who comes too late for it is to come again, not to fail.
    /// </summary>
    [Fact]
    public async Task More_readings_of_one_partition_than_one_append_can_hold_are_refused_for_a_moment_and_none_of_the_others()
    {
        const int Batch = 200;
        var database = new TaskCompletionSource();
        var limits = new PostgresLogOptions { Partitions = 2, AppendBytesMax = 64 << 10 };
        var largest = 0;
        var queue = new ReadingLog(limits, _ => { }, AppendAsync, new GridOptions { CommitSpacingMs = 0 }, TimeProvider.System);
        var (taken, refused) = (new List<Task>(), 0);
        for (var n = 0; n < 100; n++)
        {
            try
            {
                taken.Add(
                    queue.AppendAsync(
                        Enumerable.Range(0, Batch)
                            .Select(
                                i => new RoutedReading(0, new Reading((n * Batch) + i, RegisterKind.Import, 1_772_000_000_000 + i, i, ReadingQuality.None, 0)))
                                .ToArray()));
            }
            catch (LogBackpressureException e)
            {
                Assert.True(e.RetryAfter > TimeSpan.Zero);
                refused++;
            }
        }

        Assert.True(refused > 0, "All went into the queue: the test proves nothing.");
        database.SetResult();
        await Task.WhenAll(taken);
        Assert.InRange(largest, Batch, limits.AppendBytesMax);
        await queue.AppendAsync([new RoutedReading(0, new Reading(1, RegisterKind.Import, 1_772_000_000_000, 1, ReadingQuality.None, 0))]);
        await queue.DisposeAsync();

        async Task AppendAsync(IReadOnlyList<LogAppend> appends)
        {
            largest = Math.Max(largest, appends.Max(a => a.Payload.Length));
            await database.Task;
        }
    }
}
