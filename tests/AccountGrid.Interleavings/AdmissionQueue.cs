using AccountGrid.Domain;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;
using AccountGrid.Host.Ingest;
using AccountGrid.Streams.Postgres;
using Microsoft.Coyote.Specifications;

namespace AccountGrid.Interleavings;

/// <summary>The queue between the ingest endpoints and the log, which gathers callers' batches into groups and splits them by partition.</summary>
internal static class AdmissionQueue
{
    private const int Partitions = 4;

    /// <summary>Callers come while groups are being committed, and some commits fail.</summary>
    public static async Task CallersAndAFailingLogAsync()
    {
        var log = new FakeLog(failEvery: 3);
        var queue = log.Queue();
        var answers = await Task.WhenAll(Enumerable.Range(1, 5).Select(caller => Task.Run(() => AnswerAsync(queue, caller, [caller % Partitions]))));
        await queue.DisposeAsync();
        for (var caller = 1; caller <= 5; caller++)
        {
            var committed = log.Committed.Count(r => r.Meter == caller);
            Specification.Assert(answers[caller - 1] ? committed == 1 : committed == 0,
                $"Caller {caller} was answered {answers[caller - 1]} and its reading is committed {committed} times.");
        }
    }

    /// <summary>The process stops while callers wait and others come.</summary>
    public static async Task ClosingAsync()
    {
        var log = new FakeLog(failEvery: 0);
        var queue = log.Queue();
        var callers = Enumerable.Range(1, 4).Select(caller => Task.Run(() => AnswerAsync(queue, caller, [caller % Partitions]))).ToList();
        await Task.Yield();
        await queue.DisposeAsync();
        var answers = await Task.WhenAll(callers);
        for (var caller = 1; caller <= 4; caller++)
        {
            Specification.Assert(!answers[caller - 1] || log.Committed.Count(r => r.Meter == caller) == 1,
                $"Caller {caller} was answered and nothing of it is committed.");
        }
    }

    /// <summary>Each caller's batch goes to several partitions.</summary>
    public static async Task BatchesStayWholeAsync()
    {
        var log = new FakeLog(failEvery: 2);
        var queue = log.Queue();
        await Task.WhenAll(Enumerable.Range(1, 4).Select(caller => Task.Run(() => AnswerAsync(queue, caller, [0, 1, caller % Partitions]))));
        await queue.DisposeAsync();
        foreach (var caller in log.Committed.GroupBy(r => r.Meter))
        {
            Specification.Assert(caller.Count() == 3 && caller.Select(r => r.Group).Distinct().Count() == 1,
                $"Caller {caller.Key}'s three readings are committed as {string.Join(", ", caller)}.");
        }
    }

    /// <summary>As it would be if the log answered before it committed.</summary>
    public static async Task AnsweredTooEarlyAsync()
    {
        var log = new FakeLog(failEvery: 0) { AnswersFirst = true };
        var queue = log.Queue();
        var isAnswered = await AnswerAsync(queue, 1, [0]);
        Specification.Assert(!isAnswered || log.Committed.Count == 1, "A caller was answered and nothing of it is committed.");
        await queue.DisposeAsync();
    }

    private static async Task<bool> AnswerAsync(ReadingLog queue, int caller, int[] partitions)
    {
        try
        {
            await queue.AppendAsync(
                partitions.Select((p, i) => new RoutedReading(p, new Reading(caller, RegisterKind.Import, (i + 1) * 1_000, caller, ReadingQuality.None, 0)))
                    .ToArray());
            return true;
        }
        catch (Exception e) when (e is LogUnavailableException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>A log that takes a group in a moment that may come late, or refuses it whole.</summary>
    private sealed class FakeLog(int failEvery)
    {
        private int _groups;

        public List<(int Meter, int Partition, int Group)> Committed { get; } = [];

        public ReadingLog Queue() =>
            new(new PostgresLogOptions { Partitions = Partitions }, _ => { }, AppendAsync, new GridOptions { CommitSpacingMs = 0 }, TimeProvider.System);

        public bool AnswersFirst { get; init; }

        private Task AppendAsync(IReadOnlyList<LogAppend> appends)
        {
            var commit = CommitAsync(appends);
            return AnswersFirst ? Task.CompletedTask : commit;
        }

        private async Task CommitAsync(IReadOnlyList<LogAppend> appends)
        {
            var group = Interlocked.Increment(ref _groups);
            await Task.Yield();
            if (failEvery > 0 && group % failEvery == 0)
            {
                throw new LogUnavailableException("The database is away.");
            }

            var found = new List<(int, int, int)>();
            foreach (var append in appends)
            {
                var reader = new LogRecords.Reader(append.Payload.Span);
                while (reader.Next())
                {
                    found.Add((reader.Reading.Meter, append.Partition, group));
                }
            }

            lock (Committed)
            {
                Committed.AddRange(found);
            }

            await Task.Yield();
        }
    }
}
