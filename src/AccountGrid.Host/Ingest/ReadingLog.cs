using AccountGrid.Domain.Formats;
using AccountGrid.Host.Database;
using AccountGrid.Host.Telemetry;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Ingest;

/// <summary>
/// Group commit of readings over all callers: while one group is being committed the next gathers, a buffer for each partition, and every caller of
/// a group is answered after its commit. So a partition's row of a commit is one append with everybody's readings in it.
/// </summary>
public sealed class ReadingLog : IAsyncDisposable
{
    /// <summary>Groups that are committed at once: one waits for its disk while the next is on its way.</summary>
    private const int CommitsAtOnce = 2;

    /// <summary>A group of so many bytes (some five thousand readings) is worth its rows.</summary>
    private const int LargeGroupBytes = 64 << 10;

    private readonly PostgresLogOptions _limits;
    private readonly Action<int> _ensureNotAhead;
    private readonly Func<IReadOnlyList<LogAppend>, Task> _append;
    private readonly TimeProvider _time;
    private readonly TimeSpan _spacing;
    /// <summary>A monitor, because the systematic tests can order monitors.</summary>
    private readonly object _gathering = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly Stack<Group> _spare = new();
    private readonly Task[] _loops;
    private Group _group;
    private long _lastStart;
    private bool _isClosing;
    private long _gatheredBytes;

    public ReadingLog(PostgresLog log, GridOptions options, TimeProvider time)
        : this(log.Options, log.EnsureNotAhead, log.AppendAsync, options, time)
    {
    }

    /// <param name="ensureNotAhead">Throws for a partition whose reader is too far behind.</param>
    /// <param name="append">Commits a group, or throws.</param>
    internal ReadingLog(PostgresLogOptions limits, Action<int> ensureNotAhead, Func<IReadOnlyList<LogAppend>, Task> append, GridOptions options,
        TimeProvider time)
    {
        (_limits, _ensureNotAhead, _append) = (limits, ensureNotAhead, append);
        _time = time;
        _spacing = TimeSpan.FromMilliseconds(options.CommitSpacingMs);
        _group = new Group(limits.Partitions);
        _loops = [.. Enumerable.Range(0, CommitsAtOnce).Select(_ => Task.Run(LoopAsync))];
    }

    /// <summary>
    /// Appends a caller's readings, all or none, and returns after their commit. Throws what <see cref="PostgresLog.AppendAsync(IReadOnlyList{LogAppend})"/>
    /// throws; a partition whose reader is too far behind refuses this caller's batch, not the others'.
    /// </summary>
    public Task AppendAsync(ReadOnlySpan<RoutedReading> readings)
    {
        foreach (ref readonly var reading in readings)
        {
            _ensureNotAhead(reading.Partition);
        }

        Task committed;
        bool isFirst;
        lock (_gathering)
        {
            if (_gatheredBytes > _limits.QueuedBytesMax)
            {
                throw new LogBackpressureException($"{_gatheredBytes} bytes of readings wait for their commit; at most {_limits.QueuedBytesMax} may.",
                    TimeSpan.FromSeconds(1));
            }

            if (_group.Largest > 0 && _group.Largest + (readings.Length * (long)LogRecords.MaxReadingBytes) > _limits.AppendBytesMax)
            {
                throw new LogBackpressureException(
                    $"{_group.Largest} bytes of one partition's readings wait for their commit; at most {_limits.AppendBytesMax} may.",
                    TimeSpan.FromSeconds(1));
            }

            ObjectDisposedException.ThrowIf(_isClosing, this);
            isFirst = _group.IsEmpty;
            _gatheredBytes += _group.Add(readings, isFirst ? _time.GetUtcNow().ToUnixTimeMilliseconds() : 0);
            committed = _group.Committed;
        }

        if (isFirst)
        {
            _news.Release();
        }

        return committed;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gathering)
        {
            _isClosing = true;
        }

        _news.Release(CommitsAtOnce);
        await Task.WhenAll(_loops);
        _news.Dispose();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            await _news.WaitAsync();
            if (Volatile.Read(ref _isClosing))
            {
                // What was gathered was not answered; its callers hear that nothing is known to have been taken.
                _group.Fail(new LogUnavailableException("The log is closing; nothing was appended."));
                return;
            }

            await SpaceAsync();
            await CommitAsync(Swap());
        }
    }

    /// <summary>
    /// Under load commits begin some milliseconds apart: each costs the database a row per partition, however little is in it. A large group waits half as
    /// long.
    /// </summary>
    private async Task SpaceAsync()
    {
        await WaitAsync(_spacing / 2);
        if (Volatile.Read(ref _gatheredBytes) < LargeGroupBytes)
        {
            await WaitAsync(_spacing);
        }

        Interlocked.Exchange(ref _lastStart, _time.GetTimestamp());
    }

    /// <summary>Waits until so long after the last commit began.</summary>
    private Task WaitAsync(TimeSpan spacing)
    {
        var wait = spacing - _time.GetElapsedTime(Interlocked.Read(ref _lastStart));
        return wait > TimeSpan.FromMilliseconds(1) ? Task.Delay(wait, _time) : Task.CompletedTask;
    }

    private Group Swap()
    {
        lock (_gathering)
        {
            var full = _group;
            _group = _spare.TryPop(out var spare) ? spare : new Group(_limits.Partitions);
            return full;
        }
    }

    private async Task CommitAsync(Group group)
    {
        var began = _time.GetTimestamp();
        try
        {
            await _append(group.Appends());
            GridMetrics.Committed(_time.GetElapsedTime(began));
            group.Succeed();
        }
        catch (Exception e)
        {
            GridMetrics.Committed(_time.GetElapsedTime(began), e);
            group.Fail(e);
        }

        lock (_gathering)
        {
            _gatheredBytes -= group.Bytes;
            group.Clear();
            _spare.Push(group);
        }
    }

    private sealed class Group(int partitions)
    {
        private readonly ReadingBuffer?[] _buffers = new ReadingBuffer?[partitions];
        private readonly List<int> _touched = [];
        private TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _receivedMs;

        public Task Committed => _committed.Task;

        public bool IsEmpty => _touched.Count == 0;

        public long Bytes { get; private set; }

        /// <summary>Bytes of the partition that has most.</summary>
        public int Largest { get; private set; }

        /// <summary>Adds readings; returns how many bytes they take.</summary>
        public long Add(ReadOnlySpan<RoutedReading> readings, long nowMs)
        {
            if (nowMs != 0)
            {
                _receivedMs = nowMs;
            }

            var before = Bytes;
            foreach (ref readonly var routed in readings)
            {
                var buffer = _buffers[routed.Partition] ??= new ReadingBuffer();
                if (buffer.Count == 0)
                {
                    buffer.Begin(_receivedMs);
                    _touched.Add(routed.Partition);
                }

                Bytes += buffer.Add(routed.Reading);
                Largest = Math.Max(Largest, buffer.Written.Length);
            }

            return Bytes - before;
        }

        public LogAppend[] Appends() => [.. _touched.Select(p => new LogAppend(p, _buffers[p]!.Count, _buffers[p]!.Written))];

        public void Succeed() => _committed.TrySetResult();

        public void Fail(Exception cause) => _committed.TrySetException(cause);

        public void Clear()
        {
            _touched.ForEach(p => _buffers[p]!.Clear());
            _touched.Clear();
            (Bytes, Largest) = (0, 0);
            _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
