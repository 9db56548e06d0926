using AccountGrid.Client.Buffering;
using AccountGrid.Client.Sending;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AccountGrid.Client;

/// <summary>
/// A gateway's way to the grid. What is added is kept on disk and sent until the grid has acknowledged it, through any crash of either side; what the grid does
/// not take is given to <see cref="GatewayOptions.OnRejected"/>. A reading may be sent more than once, and counts once.
/// </summary>
public sealed partial class GatewayClient : IAsyncDisposable
{
    private const int SegmentsInBuffer = 16;
    private const int SegmentBytesMax = 8 << 20;
    private const int BatchBytesMax = 1 << 20;

    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FileStream _lock;
    private readonly SegmentLog _log;
    private readonly SegmentLog _later;
    private readonly GatewayMetrics _metrics;
    private readonly ClockCheck _clock;
    private readonly BatchSender _sender;
    private readonly RelayLoop? _relays;
    private readonly HttpClient? _own;
    private LogPosition _passEnd;
    private long _lastPass;
    private bool _hasPassed;

    /// <param name="options">Are checked, and not to be changed afterwards.</param>
    /// <param name="http">Gives the client for a request, with the grid's address and the gateway's key, such as IHttpClientFactory.CreateClient.</param>
    /// <param name="logger">Null logs nothing.</param>
    /// <param name="time">The clock; the system's if null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written to.</exception>
    public GatewayClient(GatewayOptions options, Func<HttpClient> http, ILogger<GatewayClient>? logger = null, TimeProvider? time = null)
    {
        options.Check();
        (_options, _time, _logger) = (options, time ?? TimeProvider.System, logger ?? NullLogger<GatewayClient>.Instance);
        DurableFolder.Create(options.Folder);

        // The system lets go of it when the process ends, however it ends.
        _lock = new FileStream(Path.Combine(options.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var segment = Math.Min(SegmentBytesMax, options.BufferBytesMax / SegmentsInBuffer);
        try
        {
            _log = new SegmentLog(options.Folder, segment, options.FlushToDisk, Damaged);
            _later = new SegmentLog(Path.Combine(options.Folder, "later"), segment, options.FlushToDisk, Damaged);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        _metrics = new GatewayMetrics(options.Gateway, _log, _later);
        _clock = new ClockCheck(options.ClockTolerance, _time, _metrics, _logger);
        Link = new GridLink(options, http, _clock, _metrics, _logger, _time);
        _sender = new BatchSender(options, Link, KeepForLaterAsync, _metrics, _logger);
        var relays = new GridLink(options, http, _clock, _metrics, _logger, _time);
        _relays = options.OnRelay is null ? null : new RelayLoop(options, relays, _clock, _metrics, _logger, _time);
    }

    private GatewayClient(GatewayOptions options, HttpClient own, ILogger<GatewayClient>? logger, TimeProvider? time)
        : this(options, () => own, logger, time) => _own = own;

    private GridLink Link { get; }

    /// <summary>A client with connections of its own, for a program without dependency injection.</summary>
    public static GatewayClient Create(GatewayOptions options, ILogger<GatewayClient>? logger = null, TimeProvider? time = null)
    {
        options.Check();
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        try
        {
            GridClients.Configure(http, options.Url, options.Key, options.RequestTimeout);
            return new GatewayClient(options, http, logger, time);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>Readings that are kept and not acknowledged, those to send again later included.</summary>
    public long Pending => _log.PendingLines + _later.PendingLines;

    /// <summary>How far this clock is ahead of the grid's, by the last answers; null where there was none yet. The grid's header has whole seconds.</summary>
    public TimeSpan? ClockOffset => _clock.Offset;

    /// <summary>What keeps readings from being sent now, in words; null where the last batch was answered.</summary>
    public string? LastProblem => Link.Problem;

    /// <summary>Keeps a reading; returns when it is on disk.</summary>
    public Task AddAsync(Reading reading, CancellationToken cancel = default) => AddAsync([reading], cancel);

    /// <summary>Keeps readings; returns when all are on disk.</summary>
    /// <exception cref="BufferFullException">The buffer is full, and <see cref="GatewayOptions.WhenFull"/> says to throw: none of them was added.</exception>
    /// <exception cref="ArgumentException">A reading has more than 8 KiB as JSON, or all together are larger than the buffer.</exception>
    /// <exception cref="IOException">The disk does not take them; add them again.</exception>
    public async Task AddAsync(IReadOnlyList<Reading> readings, CancellationToken cancel = default)
    {
        var lines = readings.Select(ReadingLine.Of).ToList();
        var bytes = lines.Sum(l => (long)LineFrame.LengthOf(l));
        if (bytes > _options.BufferBytesMax)
        {
            throw new ArgumentException($"{readings.Count} readings have {bytes} bytes; BufferBytesMax is {_options.BufferBytesMax}.", nameof(readings));
        }

        while (true)
        {
            var room = _log.Advanced.Next;
            if (await _log.AppendAsync(lines, _options.BufferBytesMax, cancel).ConfigureAwait(false))
            {
                return;
            }

            if (_options.WhenFull == WhenFull.Throw)
            {
                throw new BufferFullException(_log.PendingBytes, _options.BufferBytesMax);
            }

            await room.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what is kept, and does relay commands, until it is cancelled; then it ends without an exception. One call at a time.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var relays = _relays is null ? Task.CompletedTask : Task.Run(() => _relays.RunAsync(cancel), CancellationToken.None);
        var backoff = new Backoff(_time, _options.RetryFirst, _options.RetryMost);
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                try
                {
                    await StepAsync(cancel).ConfigureAwait(false);
                    backoff.Succeeded();
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // The disk is full, say: what was read is sent again, and counts once.
                    DiskFailed(_logger, e);
                    await Task.Delay(backoff.Next(null), _time, cancel).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // What is kept is sent by the next run.
        }
        finally
        {
            await relays.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits, while <see cref="RunAsync"/> runs, until everything that was added is acknowledged, given back or to be sent later.</summary>
    public async Task WhenSentAsync(CancellationToken cancel = default)
    {
        while (true)
        {
            var moved = _log.Advanced.Next;
            if (_log.Cursor == _log.End)
            {
                return;
            }

            await moved.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of the folder. <see cref="RunAsync"/> must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        _log.Dispose();
        _later.Dispose();
        _relays?.Dispose();
        _own?.Dispose();
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StepAsync(CancellationToken cancel)
    {
        var appended = _log.Appended.Next;
        var hasSent = await SendNextAsync(_log, cancel).ConfigureAwait(false);
        if (!await SendLaterAsync(cancel).ConfigureAwait(false) && !hasSent)
        {
            await WaitAsync(appended, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>False where there was nothing to send.</summary>
    private async Task<bool> SendNextAsync(SegmentLog log, CancellationToken cancel)
    {
        if (log.Cursor == log.End)
        {
            return false;
        }

        if (log == _log && log.PendingLines < _options.BatchReadings && _options.SendWithin > TimeSpan.Zero)
        {
            await Task.Delay(_options.SendWithin, _time, cancel).ConfigureAwait(false);
        }

        var chunk = log.Read(_options.BatchReadings, BatchBytesMax);
        if (chunk.Lines.Count > 0)
        {
            await _sender.SendAsync(chunk.Lines, log == _later, cancel).ConfigureAwait(false);
        }

        log.Advance(chunk);
        return true;
    }

    /// <summary>One batch of those to send later, where a pass over them is due or under way. False where none is.</summary>
    private async Task<bool> SendLaterAsync(CancellationToken cancel)
    {
        if (_later.Cursor.CompareTo(_passEnd) >= 0)
        {
            if (_later.Cursor == _later.End || UntilPass() > TimeSpan.Zero)
            {
                return false;
            }

            _passEnd = _later.End;
        }

        (_lastPass, _hasPassed) = (_time.GetTimestamp(), true);
        await SendNextAsync(_later, cancel).ConfigureAwait(false);
        return true;
    }

    /// <summary>By the monotonic clock: the other may be what is wrong. After a start they are sent at once.</summary>
    private TimeSpan UntilPass() => _hasPassed ? _options.ResendLaterAfter - _time.GetElapsedTime(_lastPass) : TimeSpan.Zero;

    /// <summary>False where there is no room. Those that were kept before have theirs.</summary>
    private async Task<bool> KeepForLaterAsync(List<byte[]> lines, bool isAgain, CancellationToken cancel)
    {
        if (_later.Cursor == _later.End)
        {
            (_lastPass, _hasPassed) = (_time.GetTimestamp(), true);
        }

        return await _later.AppendAsync(lines, isAgain ? null : _options.LaterBytesMax, cancel).ConfigureAwait(false);
    }

    /// <summary>Until something is added, or the next pass over those to send later is due.</summary>
    private async Task WaitAsync(Task appended, CancellationToken cancel)
    {
        var wait = _later.Cursor == _later.End ? Timeout.InfiniteTimeSpan : UntilPass();
        if (wait > TimeSpan.Zero || wait == Timeout.InfiniteTimeSpan)
        {
            await appended.WaitAsync(wait, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Told, counted and kept beside the buffer for a person.</summary>
    private void Damaged(string file, byte[] line)
    {
        _metrics.Damaged();
        LineDamaged(_logger, file, line.Length);
        try
        {
            using var kept = new FileStream(Path.Combine(_options.Folder, "damaged.txt"), FileMode.Append, FileAccess.Write);
            kept.Write(line);
            kept.WriteByte(LineFrame.LineFeed);
        }
        catch (IOException)
        {
            // A full disk must not keep the readings behind it.
        }
    }

    [LoggerMessage(9010, LogLevel.Error, "The buffer's folder cannot be read or written; trying again.")]
    private static partial void DiskFailed(ILogger logger, Exception cause);

    [LoggerMessage(9001, LogLevel.Error, "A line of {Bytes} bytes in {File} is damaged or was taken away; it is in damaged.txt and was not sent.")]
    private static partial void LineDamaged(ILogger logger, string file, int bytes);
}
