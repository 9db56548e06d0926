using System.Threading.Channels;
using AccountGrid.Faults;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// A durable, partitioned, append-only log. Appends of all callers are gathered into group commits; each is answered after its commit.
/// Positions are dense per partition and in commit order, because the appending transaction holds the partition's head row: a
/// reader never sees n+1 before n. Thread-safe; one per process and database.
/// </summary>
public sealed class PostgresLog : IAsyncDisposable
{
    /// <summary>A process that follows no tail does not know how far readers are, and refuses nothing for it.</summary>
    private const long Unknown = -1;

    private readonly Channel<PendingAppend> _queue = Channel.CreateUnbounded<PendingAppend>();
    private readonly Task[] _writers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long[] _heads;
    private readonly long[] _consumed;
    private long _queuedBytes;

    public PostgresLog(NpgsqlDataSource database, PostgresLogOptions options, TimeProvider time, ILogger<PostgresLog> logger)
    {
        options.Check();
        Database = database;
        Options = options;
        _time = time;
        _logger = logger;
        _heads = new long[options.Partitions];
        _consumed = new long[options.Partitions];
        Array.Fill(_consumed, Unknown);
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => Task.Run(WriteLoopAsync))];
    }

    /// <summary>Raised after a commit of this process, with the partitions that grew. Handlers must be quick.</summary>
    public event Action<IReadOnlyList<int>>? Committed;

    /// <summary>Raised after a commit of this process with the very rows that it wrote, so that whoever follows their tail here need not read them again.</summary>
    internal event Action<CommittedRows>? RowsCommitted;

    public PostgresLogOptions Options { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>Payload bytes that wait for a commit.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Appends to one partition; see the overload for many.</summary>
    public async Task<AppendResult> AppendAsync(LogAppend append) => (await AppendAsync([append]))[0];

    /// <summary>
    /// Appends all or nothing, and returns after the commit. Throws <see cref="LogBackpressureException"/> at once if too much waits or
    /// a partition's reader is too far behind (nothing was appended), <see cref="LogUnavailableException"/> if the database failed (the
    /// outcome is unknown: ask again under the same key), <see cref="ArgumentException"/> for an append that can never be taken.
    /// </summary>
    public async Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends)
    {
        var pending = new PendingAppend(appends);
        foreach (var append in appends)
        {
            Check(append);
        }

        if (appends.Count == 0)
        {
            return [];
        }

        if (Interlocked.Add(ref _queuedBytes, pending.Bytes) > Options.QueuedBytesMax)
        {
            Interlocked.Add(ref _queuedBytes, -pending.Bytes);
            throw new LogBackpressureException($"{QueuedBytes} bytes wait for their commit; at most {Options.QueuedBytesMax} may.", TimeSpan.FromSeconds(1));
        }

        if (!_queue.Writer.TryWrite(pending))
        {
            Interlocked.Add(ref _queuedBytes, -pending.Bytes);
            throw new LogUnavailableException("The log is closing; nothing was appended.");
        }

        return await pending.Task;
    }

    /// <summary>Appends within the caller's transaction, which decides by its commit. Call <see cref="Announce"/> after it.</summary>
    public static Task<AppendResult[]> AppendInAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<LogAppend> appends, CancellationToken cancel = default)
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
        LogReading.ReadAsync(Database, partition, from, bytesMax, cancel);

    /// <summary>Position after the last committed record of a partition.</summary>
    public Task<long> HeadAsync(int partition, CancellationToken cancel = default) => LogReading.HeadAsync(Database, partition, cancel);

    /// <summary>A reader's word on how far it is. Bounds how far appends may run ahead, and is where a new receiver starts.</summary>
    public async Task ReportConsumedAsync(int partition, long position, CancellationToken cancel = default)
    {
        Raise(ref _consumed[partition], position);
        await LogReading.ReportConsumedAsync(Database, partition, position, cancel);
    }

    /// <summary>Deletes appends that lie wholly before a position and are older than an instant. Returns how many rows went.</summary>
    public Task<int> TrimAsync(int partition, long before, DateTimeOffset olderThan, CancellationToken cancel = default) =>
        LogReading.TrimAsync(Database, partition, before, olderThan, cancel);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
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
            throw new LogBackpressureException($"Partition {partition} is {lag} records ahead of its reader; at most {Options.LagMax} may lie between.", TimeSpan.FromSeconds(5));
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
            throw new ArgumentException($"An append of {append.Count} records in {append.Payload.Length} bytes; 1 or more in at most {Options.AppendBytesMax} are possible.", nameof(append));
        }

        EnsureNotAhead(append.Partition);
    }

    private async Task WriteLoopAsync()
    {
        await using var writer = new LogWriter(Database, Options);
        while (await _queue.Reader.WaitToReadAsync())
        {
            if (Options.GroupDelay > TimeSpan.Zero)
            {
                await Task.Delay(Options.GroupDelay, _time);
            }

            var group = new AppendGroup();
            var callers = new List<PendingAppend>();
            long bytes = 0;
            while (bytes < Options.GroupBytesMax && _queue.Reader.TryRead(out var pending))
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
