using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// Reads the ends of all partitions that this process pulls, together for each server: one look at the heads, one statement for what is new. A local
/// commit wakes it at once. Each partition reads ahead up to a bound and no further.
/// </summary>
internal sealed class LogTail : IAsyncDisposable
{
    private const string HeadsSql = "select h.partition, h.next_position, r.consumed_position from log_head h join log_reader r using (partition)";

    private const string ReadSql = $"""
        select b.partition, b.first_position, b.record_count, b.payload, {ServerTimeline.Sql}
        from unnest($1, $2) as c(partition, from_position)
        cross join lateral (
            select * from log_batch b
            where b.partition = c.partition and b.first_position + b.record_count > c.from_position and b.first_position >= coalesce(
                (select max(x.first_position) from log_batch x where x.partition = c.partition and x.first_position <= c.from_position), c.from_position)
            order by b.first_position limit 64) b
        order by b.partition, b.first_position
        """;

    private readonly PostgresLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<int, PartitionTail> _tails = new();
    private readonly SemaphoreSlim[] _wakes;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _loops;

    public LogTail(PostgresLog log, TimeProvider time, ILogger<LogTail> logger)
    {
        _log = log;
        _time = time;
        _logger = logger;
        _log.RowsCommitted += OnRows;
        _log.Committed += OnCommitted;
        _wakes = [.. Enumerable.Range(0, log.Servers.Count).Select(_ => new SemaphoreSlim(0, 1))];
        _loops = [.. Enumerable.Range(0, log.Servers.Count).Select(s => Task.Run(() => LoopAsync(s)))];
    }

    public PartitionTail Follow(int partition, long from)
    {
        var tail = new PartitionTail(partition, from, _log.Options.ReadAheadBytesMax);
        _tails[partition] = tail;
        Wake(partition);
        return tail;
    }

    public void Leave(PartitionTail tail) => _tails.TryRemove(new KeyValuePair<int, PartitionTail>(tail.Partition, tail));

    public async ValueTask DisposeAsync()
    {
        _log.RowsCommitted -= OnRows;
        _log.Committed -= OnCommitted;
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _stop.Dispose();
        foreach (var wake in _wakes)
        {
            wake.Dispose();
        }
    }

    /// <summary>What this process has just committed goes to its tails from memory, where it continues them; what does not is read.</summary>
    private void OnRows(CommittedRows committed)
    {
        for (var i = 0; i < committed.Firsts.Count; i++)
        {
            if (_tails.TryGetValue(committed.Rows.Partitions[i], out var tail))
            {
                tail.OfferNext(committed.Firsts[i], committed.Rows.Counts[i], committed.Rows.Payloads[i], committed.Timeline);
            }
        }
    }

    private void OnCommitted(IReadOnlyList<int> partitions)
    {
        foreach (var partition in partitions)
        {
            if (_tails.TryGetValue(partition, out var tail) && tail.Wants(_log.LastKnownHead(partition)))
            {
                Wake(partition);
            }
        }
    }

    private void Wake(int partition)
    {
        var wake = _wakes[_log.Servers.IndexOf(partition)];
        try
        {
            if (wake.CurrentCount == 0)
            {
                wake.Release();
            }
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else woke it in the same moment, or it has stopped.
        }
    }

    private async Task LoopAsync(int server)
    {
        long lastNewsAt = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var idle = _time.GetElapsedTime(lastNewsAt) > TimeSpan.FromSeconds(1);
                await _wakes[server].WaitAsync(idle ? _log.Options.IdlePollPeriod : _log.Options.PollPeriod, _stop.Token);
                if (await PollAsync(server, _stop.Token))
                {
                    lastNewsAt = _time.GetTimestamp();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException or FormatException)
            {
                LogMessages.TailFailed(_logger, e);
                await Task.Delay(TimeSpan.FromMilliseconds(500), _time, CancellationToken.None);
            }
        }
    }

    private async Task<bool> PollAsync(int server, CancellationToken cancel)
    {
        await using var connection = await _log.Servers[server].OpenConnectionAsync(cancel);
        var behind = await BehindAsync(connection, server, cancel);
        return behind.Count > 0 && await FillAsync(connection, behind, cancel);
    }

    private async Task<List<PartitionTail>> BehindAsync(NpgsqlConnection connection, int server, CancellationToken cancel)
    {
        // All heads, also of partitions that others pull: appends here are bounded by their readers, too.
        var behind = new List<PartitionTail>();
        await using var command = new NpgsqlCommand(HeadsSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var partition = reader.GetInt32(0);
            if (partition >= _log.Options.Partitions || _log.Servers.IndexOf(partition) != server)
            {
                // Every server has a head for every partition; those of others stay at zero.
                continue;
            }

            var head = reader.GetInt64(1);
            _log.NoteHead(partition, head, reader.GetInt64(2));
            if (_tails.TryGetValue(partition, out var tail) && tail.Wants(head))
            {
                behind.Add(tail);
            }
        }

        return behind;
    }

    private static async Task<bool> FillAsync(NpgsqlConnection connection, List<PartitionTail> behind, CancellationToken cancel)
    {
        var cursors = behind.Select(t => (Tail: t, t.Cursor)).ToDictionary(t => t.Tail.Partition, t => (t.Tail, t.Cursor.From, t.Cursor.Generation));
        await using var command = new NpgsqlCommand(ReadSql, connection);
        command.Parameters.Add(new() { Value = cursors.Keys.ToArray() });
        command.Parameters.Add(new() { Value = cursors.Values.Select(c => c.From).ToArray() });
        var read = new Dictionary<int, List<LogEntry>>();
        var timeline = 0;
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                var partition = reader.GetInt32(0);
                var entries = read.TryGetValue(partition, out var list) ? list : read[partition] = [];
                LogFraming.Read((byte[])reader[3], reader.GetInt64(1), reader.GetInt32(2), entries);
                timeline = reader.GetInt32(4);
            }
        }

        foreach (var (partition, entries) in read)
        {
            var (tail, from, generation) = cursors[partition];
            entries.RemoveAll(e => e.FirstPosition + e.Count <= from);
            if (LogReading.Batch(partition, entries, timeline) is { } batch)
            {
                tail.Offer(batch, generation);
            }
        }

        return read.Count > 0;
    }
}
