using System.Threading.Channels;
using AccountGrid.Faults;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// A durable, partitioned, append-only log. Appends of all callers are gathered into group commits; each is answered after its commit.
/// Positions are dense per partition and in commit order, because the appending transaction holds the partition's head row: a
/// reader never sees n+1 before n. Partitions may lie on several servers. Thread-safe; one per process and log.
/// </summary>
public sealed class PostgresLog : IAsyncDisposable
{
    /// <summary>A process that follows no tail does not know how far readers are, and refuses nothing for it.</summary>
    private const long Unknown = -1;

    /// <summary>What waits for its commit, for each server.</summary>
    private readonly Channel<PendingAppend>[] _queues;
    private readonly Task[] _writers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long[] _heads;
    private readonly long[] _consumed;
    private long _queuedBytes;

    /// <summary>A log on one server.</summary>
    public PostgresLog(NpgsqlDataSource database, PostgresLogOptions options, TimeProvider time, ILogger<PostgresLog> logger)
        : this(LogServers.One(database, options.Partitions), options, time, logger)
    {
    }

    /// <summary>A log whose partitions lie on several servers, in each of which the schema was made.</summary>
    public PostgresLog(LogServers servers, PostgresLogOptions options, TimeProvider time, ILogger<PostgresLog> logger)
    {
        options.Check();
        Servers = servers;
        Options = options;
        _time = time;
        _logger = logger;
        _heads = new long[options.Partitions];
        _consumed = new long[options.Partitions];
        Array.Fill(_consumed, Unknown);
        _queues = [.. Enumerable.Range(0, servers.Count).Select(_ => Channel.CreateUnbounded<PendingAppend>())];
        _writers = [.. Enumerable.Range(0, servers.Count).SelectMany(s => Enumerable.Range(0, options.Writers).Select(_ => Task.Run(() => WriteLoopAsync(s))))];
    }

    /// <summary>Raised after a commit of this process, with the partitions that grew. Handlers must be quick.</summary>
    public event Action<IReadOnlyList<int>>? Committed;

    /// <summary>
    /// Raised after a commit of this process with the very rows that it wrote, so that whoever follows their tail here need not read them again.
    /// </summary>
    internal event Action<CommittedRows>? RowsCommitted;

    public PostgresLogOptions Options { get; }

    /// <summary>Which server keeps which partition.</summary>
    public LogServers Servers { get; }

    /// <summary>Payload bytes that wait for a commit.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>
    /// Records that lie between a partition's head and what its reader has reported, of the partition where there are most; of those whose readers this process
    /// knows of.
    /// </summary>
    public long LargestLag
    {
        get
        {
            var largest = 0L;
            for (var partition = 0; partition < _heads.Length; partition++)
            {
                var consumed = Volatile.Read(ref _consumed[partition]);
                largest = consumed == Unknown ? largest : Math.Max(largest, Volatile.Read(ref _heads[partition]) - consumed);
            }

            return largest;
        }
    }

    /// <summary>Appends to one partition; see the overload for many.</summary>
    public async Task<AppendResult> AppendAsync(LogAppend append) => (await AppendAsync([append]))[0];

    /// <summary>
    /// Appends all or nothing, and returns after the commit; where partitions of several servers are among them, all or nothing of each server. Throws
    /// <see cref="LogBackpressureException"/> at once if too much waits or a partition's reader is too far behind (nothing was appended),
    /// <see cref="LogUnavailableException"/> if a database failed (the outcome is unknown: ask again under the same key), <see cref="ArgumentException"/>
    /// for an append that can never be taken.
    /// </summary>
    public async Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends)
    {
        foreach (var append in appends)
        {
            Check(append);
        }

        if (appends.Count == 0)
        {
            return [];
        }

        var parts = Split(appends);
        var bytes = parts.Sum(p => p.Pending.Bytes);
        if (Interlocked.Add(ref _queuedBytes, bytes) > Options.QueuedBytesMax)
        {
            Interlocked.Add(ref _queuedBytes, -bytes);
            throw new LogBackpressureException($"{QueuedBytes} bytes wait for their commit; at most {Options.QueuedBytesMax} may.", TimeSpan.FromSeconds(1));
        }

        foreach (var (server, pending, _) in parts)
        {
            if (!_queues[server].Writer.TryWrite(pending))
            {
                Interlocked.Add(ref _queuedBytes, -pending.Bytes);
                pending.Fail(new LogUnavailableException("The log is closing; nothing was appended."));
            }
        }

        if (parts is [{ Pending: var only }])
        {
            return await only.Task;
        }

        // Every part is waited for, so that an answer is never given while another part is still under way.
        await Task.WhenAll(parts.Select(p => p.Pending.Task));
        var results = new AppendResult[appends.Count];
        foreach (var (_, pending, indexes) in parts)
        {
            for (var i = 0; i < indexes!.Count; i++)
            {
                results[indexes[i]] = pending.Results[i];
            }
        }

        return results;
    }

    /// <summary>
    /// Appends within the caller's transaction, which decides by its commit; the connection must be to the partitions' own server. Call <see cref="Announce"/>
    /// after it.
    /// </summary>
    public static Task<AppendResult[]> AppendInAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<LogAppend> appends,
        CancellationToken cancel = default)
    {
        var pending = new PendingAppend(appends);
        var group = new AppendGroup();
        group.Add(pending);
        return LogWriter.AppendInAsync(connection, transaction, group, pending, cancel);
    }

    /// <summary>Tells this process's readers that partitions grew by a commit of the caller's own.</summary>
    public void Announce(IReadOnlyList<int> partitions) => Committed?.Invoke(partitions);

    /// <summary>Reads appends from a position on, in order, up to about <paramref name="bytesMax"/> bytes. Null at the end.</summary>
    /// <param name="from">A position; an append that holds it is returned whole.</param>
    public Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancel = default) =>
        LogReading.ReadAsync(Servers.Of(partition), partition, from, bytesMax, cancel);

    /// <summary>Position after the last committed record of a partition.</summary>
    public Task<long> HeadAsync(int partition, CancellationToken cancel = default) => LogReading.HeadAsync(Servers.Of(partition), partition, cancel);

    /// <summary>A reader's word on how far it is. Bounds how far appends may run ahead, and is where a new receiver starts.</summary>
    public async Task ReportConsumedAsync(int partition, long position, CancellationToken cancel = default)
    {
        Raise(ref _consumed[partition], position);
        await LogReading.ReportConsumedAsync(Servers.Of(partition), [partition], [position], cancel);
    }

    /// <summary>The same for many partitions, a statement for each server.</summary>
    public async Task ReportConsumedAsync(IReadOnlyCollection<(int Partition, long Position)> readers, CancellationToken cancel = default)
    {
        foreach (var (partition, position) in readers)
        {
            Raise(ref _consumed[partition], position);
        }

        foreach (var server in readers.GroupBy(r => Servers.IndexOf(r.Partition)))
        {
            await LogReading.ReportConsumedAsync(Servers[server.Key], [.. server.Select(r => r.Partition)], [.. server.Select(r => r.Position)], cancel);
        }
    }

    /// <summary>Deletes appends that lie wholly before a position and are older than an instant. Returns how many rows went.</summary>
    public Task<int> TrimAsync(int partition, long before, DateTimeOffset olderThan, CancellationToken cancel = default) =>
        LogReading.TrimAsync(Servers.Of(partition), partition, before, olderThan, cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues)
        {
            queue.Writer.TryComplete();
        }

        await Task.WhenAll(_writers);
    }

    /// <summary>Head of a partition as this process last saw it; 0 if it has not looked yet. At most a poll period old where a tail is followed.</summary>
    public long LastKnownHead(int partition) => Volatile.Read(ref _heads[partition]);

    internal void NoteHead(int partition, long head, long consumed)
    {
        if (partition < _heads.Length)
        {
            Raise(ref _heads[partition], head);
            Raise(ref _consumed[partition], consumed);
        }
    }

    /// <summary>Throws <see cref="LogBackpressureException"/> if a partition's reader is too far behind for another append.</summary>
    public void EnsureNotAhead(int partition)
    {
        var consumed = Volatile.Read(ref _consumed[partition]);
        var lag = Volatile.Read(ref _heads[partition]) - consumed;
        if (consumed != Unknown && lag > Options.LagMax)
        {
            throw new LogBackpressureException($"Partition {partition} is {lag} records ahead of its reader; at most {Options.LagMax} may lie between.",
                TimeSpan.FromSeconds(5));
        }
    }

    private static void Raise(ref long place, long value)
    {
        var old = Volatile.Read(ref place);
        while (old < value)
        {
            var found = Interlocked.CompareExchange(ref place, value, old);
            if (found == old)
            {
                return;
            }

            old = found;
        }
    }

    private void Check(LogAppend append)
    {
        if (append.Partition < 0 || append.Partition >= Options.Partitions)
        {
            throw new ArgumentException($"Partition {append.Partition} is not one of 0 to {Options.Partitions - 1}.", nameof(append));
        }

        if (append.Count < 1 || append.Payload.Length > Options.AppendBytesMax)
        {
            throw new ArgumentException(
                $"An append of {append.Count} records in {append.Payload.Length} bytes; 1 or more in at most {Options.AppendBytesMax} are allowed.",
                nameof(append));
        }

        if (!append.IsOfReader)
        {
            EnsureNotAhead(append.Partition);
        }
    }

    /// <summary>A caller's appends by server; the usual caller has one, and its appends as they are.</summary>
    private List<(int Server, PendingAppend Pending, List<int>? Indexes)> Split(IReadOnlyList<LogAppend> appends)
    {
        var first = Servers.IndexOf(appends[0].Partition);
        if (Servers.Count == 1 || appends.All(a => Servers.IndexOf(a.Partition) == first))
        {
            return [(first, new PendingAppend(appends), null)];
        }

        return [
            .. Enumerable.Range(0, appends.Count).GroupBy(i => Servers.IndexOf(appends[i].Partition))
                .Select(g => (g.Key, new PendingAppend([.. g.Select(i => appends[i])]), (List<int>?)[.. g]))];
    }

    private async Task WriteLoopAsync(int server)
    {
        var waiting = _queues[server].Reader;
        await using var writer = new LogWriter(Servers, server, Options);
        while (await waiting.WaitToReadAsync())
        {
            if (Options.GroupDelay > TimeSpan.Zero)
            {
                await Task.Delay(Options.GroupDelay, _time);
            }

            var group = new AppendGroup();
            var callers = new List<PendingAppend>();
            long bytes = 0;
            while (bytes < Options.GroupBytesMax && waiting.TryRead(out var pending))
            {
                group.Add(pending);
                callers.Add(pending);
                bytes += pending.Bytes;
            }

            if (callers.Count > 0)
            {
                await CommitAsync(writer, group, callers);
                Interlocked.Add(ref _queuedBytes, -bytes);
            }
        }
    }

    private async Task CommitAsync(LogWriter writer, AppendGroup group, List<PendingAppend> callers)
    {
        CommittedRows rows;
        try
        {
            rows = await writer.CommitAsync(group);
        }
        catch (Exception e)
        {
            // Whatever it was, the callers must hear of it and the writer must go on.
            LogMessages.CommitFailed(_logger, callers.Count, e);
            if (Sabotage.AckWithoutCommit)
            {
                callers.ForEach(c => c.Succeed());
                return;
            }

            var failure = new LogUnavailableException("The log's database did not confirm the commit; whether it happened is not known.", e);
            callers.ForEach(c => c.Fail(failure));
            return;
        }

        foreach (var caller in callers)
        {
            for (var i = 0; i < caller.Results.Length; i++)
            {
                var result = caller.Results[i];
                var end = result.FirstPosition + caller.Appends[i].Count;
                Raise(ref _heads[result.Partition], end);
            }

            caller.Succeed();
        }

        RowsCommitted?.Invoke(rows);
        Committed?.Invoke(group.Partitions);
    }
}
