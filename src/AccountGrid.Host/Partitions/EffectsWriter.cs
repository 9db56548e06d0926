using System.Threading.Channels;
using AccountGrid.Domain.Partitions;
using AccountGrid.Faults;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// Writes the effects of this process's partitions together: one transaction for all that wait, each fenced by its own epoch and position, so that a
/// partition that was taken away writes nothing and holds up nobody. 256 partitions cost a few transactions a second instead of hundreds.
/// </summary>
internal sealed partial class EffectsWriter(
    NpgsqlDataSource database, PostgresLog log, GridOptions options, TimeProvider time, ILogger<EffectsWriter> logger) : IEffectsWriter, IAsyncDisposable
{
    /// <summary>Partitions in one transaction: what a whole grid has, so that only a database that lags makes two.</summary>
    private const int PartitionsMax = 512;

    /// <summary>A transaction takes no further partition once it has the rows of so many full flushes.</summary>
    private const int FullFlushesMax = 4;

    private readonly Channel<EffectsFlush> _queue = Channel.CreateUnbounded<EffectsFlush>();
    private Task? _loop;

    /// <summary>Raised when records for a log on another server were stored.</summary>
    public event Action? TransfersWait;

    /// <summary>
    /// Writes effects and the position they stand at. Throws <see cref="FencedException"/> if the epoch or the position it continues from no longer
    /// holds, with nothing written; anything else leaves the outcome open.
    /// </summary>
    public Task WriteAsync(PartitionLease lease, long from, long to, Effects effects)
    {
        LazyInitializer.EnsureInitialized(ref _loop, () => Task.Run(LoopAsync));
        var flush = new EffectsFlush(lease, from, to, effects);
        return _queue.Writer.TryWrite(flush) ? flush.Task : throw new ObjectDisposedException(nameof(EffectsWriter));
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await (_loop ?? Task.CompletedTask);
    }

    private async Task LoopAsync()
    {
        var waiting = new List<EffectsFlush>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            if (options.EffectsGroupMs > 0 && !_queue.Reader.Completion.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(options.EffectsGroupMs), time);
            }

            waiting.Clear();
            var rows = 0;
            while (waiting.Count < PartitionsMax && rows < FullFlushesMax * options.EffectsRowsMax && _queue.Reader.TryRead(out var flush))
            {
                waiting.Add(flush);
                rows += flush.Effects.Count;
            }

            await WriteGroupAsync(waiting);
        }
    }

    private async Task WriteGroupAsync(List<EffectsFlush> group)
    {
        try
        {
            await WriteAsync(group);
        }
        catch (PostgresException e) when (group.Count > 1 && !PassingFaults.Is(e))
        {
            // The server refused something of one of them, and so kept nothing: each alone, so that the others do not suffer for it.
            foreach (var flush in group)
            {
                await WriteGroupAsync([flush]);
            }
        }
        catch (Exception e)
        {
            group.ForEach(f => f.Fail(e));
        }
    }

    private async Task WriteAsync(List<EffectsFlush> group)
    {
        await using var connection = await database.OpenConnectionAsync();
        var wait = new StandbyWait(connection);
        await using var transaction = await connection.BeginTransactionAsync();
        var (held, timeline) = await FenceAsync(connection, transaction, group);
        var kept = group.FindAll(f => held.Contains((f.Lease.Partition, f.Lease.Epoch)));
        if (kept.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            new EffectStatements(batch, kept, log.Servers).Add();
            await batch.ExecuteNonQueryAsync();
        }

        var transfers = kept.SelectMany(f => f.Effects.Transfers).Where(t => log.Servers.IndexOf(t.ToPartition) == 0)
            .Select(t => new LogAppend(t.ToPartition, t.Count, t.Records, t.Key is { } key ? new LogKey(key, t.KeyHash!) : null)).ToArray();
        if (transfers.Length > 0)
        {
            await AppendAsync(connection, transaction, transfers);
        }

        Failpoint.Reach(Failpoint.EffectsBeforeCommit);
        await transaction.CommitAsync();
        wait.EnsureKept();
        Failpoint.Reach(Failpoint.EffectsAfterCommit);
        kept.ForEach(f => f.Succeed());
        foreach (var flush in group.Except(kept))
        {
            flush.Fail(flush.Lease.Timeline == timeline
                ? new FencedException(flush.Lease.Partition, flush.Lease.Epoch)
                : new IOException($"The database is on timeline {timeline}: partition {flush.Lease.Partition} must be compared with its log first."));
        }

        log.Announce([.. transfers.Select(t => t.Partition).Distinct()]);
        if (log.Servers.Count > 1)
        {
            await TellAwayAsync(kept);
        }
    }

    /// <summary>
    /// Appends transfers. A record whose key stands for another content goes without a key: what left one account arrives at the other, whoever took the key.
    /// </summary>
    private async Task AppendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, LogAppend[] transfers)
    {
        var results = await PostgresLog.AppendInAsync(connection, transaction, transfers);
        var taken = transfers.Where((_, i) => results[i].Outcome == AppendOutcome.KeyConflict).ToArray();
        if (taken.Length > 0)
        {
            KeysTaken(logger, string.Join(", ", taken.Select(t => t.Key!.Value.Key)));
            await PostgresLog.AppendInAsync(connection, transaction, [.. taken.Select(t => t with { Key = null })]);
        }
    }

    /// <summary>What logs on other servers must hear of a flush; nothing is lost if they do not.</summary>
    private async Task TellAwayAsync(List<EffectsFlush> kept)
    {
        if (kept.Any(f => f.Effects.Transfers.Exists(t => log.Servers.IndexOf(t.ToPartition) != 0)))
        {
            TransfersWait?.Invoke();
        }

        try
        {
            await log.ReportConsumedAsync([.. kept.Where(f => log.Servers.IndexOf(f.Lease.Partition) != 0).Select(f => (f.Lease.Partition, f.To))]);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            // That server cannot be reached now: the next flush tells it.
        }
    }

    /// <summary>
    /// Moves the position of every partition that is still held, in order, and says which they were, and on which timeline the server is. One whose memory is
    /// right for another timeline is not moved: what it folded may not be in this server's log.
    /// </summary>
    private static async Task<(HashSet<(int Partition, long Epoch)> Held, int Timeline)> FenceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction,
        List<EffectsFlush> group)
    {
        const string Sql = $"""
            with held as materialized (
                select p.partition, u.to_position from unnest($1, $2, $3, $4, $5) as u(partition, epoch, from_position, to_position, timeline)
                join partition p on p.partition = u.partition and p.epoch = u.epoch and p.effects_position = u.from_position
                where u.timeline = {ServerTimeline.Sql}
                order by p.partition for update of p)
            update partition p set effects_position = held.to_position from held where p.partition = held.partition returning p.partition, p.epoch
            """;
        const string Unfenced = """
            update partition p set effects_position = u.to_position from unnest($1, $2, $3, $4, $5) as u(partition, epoch, from_position, to_position, timeline)
            where p.partition = u.partition and u.from_position >= 0 returning p.partition, u.epoch
            """;
        await using var fence = new NpgsqlCommand(Sabotage.NoFence ? Unfenced : Sql, connection, transaction);
        Statements.Add(
            fence, group.Select(f => f.Lease.Partition).ToArray(), group.Select(f => f.Lease.Epoch).ToArray(), group.Select(f => f.From).ToArray(),
            group.Select(f => f.To).ToArray(), group.Select(f => f.Lease.Timeline).ToArray());
        var held = new HashSet<(int, long)>();
        await using (var reader = await fence.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                held.Add((reader.GetInt32(0), reader.GetInt64(1)));
            }
        }

        if (held.Count == group.Count)
        {
            return (held, group[0].Lease.Timeline);
        }

        await using var ask = new NpgsqlCommand("select " + ServerTimeline.Sql, connection, transaction);
        return (held, (int)(await ask.ExecuteScalarAsync())!);
    }

    [LoggerMessage(2102, LogLevel.Error, "Keys of transfers stand for other records: {Keys}. The transfers were appended without them.")]
    private static partial void KeysTaken(ILogger logger, string keys);
}
