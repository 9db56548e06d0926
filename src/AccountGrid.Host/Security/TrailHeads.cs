using System.Collections.Concurrent;
using System.Text;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// Records outside the database where the chains of the audit trail end, a few seconds after they grew: in a file of the data folder, and at the company's
/// webhook where there is one. Each process records the rows that it added itself.
/// </summary>
internal sealed partial class TrailHeads(NpgsqlDataSource database, GridSecret secret, DataFolder data, IHeadsReceiver receiver, TimeProvider time,
    ILogger<TrailHeads> logger) : BackgroundService
{
    /// <summary>Chains of one line: some hundred kilobytes.</summary>
    private const int ChainsMax = 1_000;

    /// <summary>More than a line of so many chains can have.</summary>
    private const int TailBytes = 4 << 20;

    /// <summary>Lines that wait for the webhook; beyond that the newest are kept in the file only.</summary>
    private const int UnsentMax = 1_000;

    /// <summary>How long after a row was added it can still be taken away unseen.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>How far before the last line's time a start looks for rows that the process before it had not recorded.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromMinutes(10);

    private readonly byte[] _key = TrailHeadsFile.KeyOf(secret);
    private readonly string _path = data.In(TrailHeadsFile.Name);
    private readonly ConcurrentDictionary<string, byte> _grown = new();
    private readonly Queue<string> _unsent = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Guid _grid;
    private string? _previous;

    /// <summary>A row was added to a chain.</summary>
    public void Add(string account) => _grown.TryAdd(account, 0);

    /// <summary>Records what has grown since the last time.</summary>
    internal async Task RecordAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            await PrepareAsync(cancel);
            while (!_grown.IsEmpty)
            {
                var some = _grown.Keys.Take(ChainsMax).ToArray();
                Array.ForEach(some, a => _grown.TryRemove(a, out _));
                try
                {
                    await WriteAsync(await HeadsAsync(some, cancel), cancel);
                }
                catch
                {
                    Array.ForEach(some, Add);
                    throw;
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryAsync(stoppingToken);
            await Task.Delay(Period, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // What the last requests added is recorded while the database is still there.
        await TryAsync(CancellationToken.None);
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            await RecordAsync(cancel);
            await SendAsync(cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // Whatever it is, it must not stop the process: what is not recorded yet is tried again.
            NotRecorded(logger, $"{e.GetType().Name}: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            // The process stops: once more below.
        }
    }

    /// <summary>Finds the last line, and the chains that grew after it without being recorded; all chains where there is no line yet.</summary>
    private async Task PrepareAsync(CancellationToken cancel)
    {
        if (_previous is not null)
        {
            return;
        }

        var last = LastLine();
        var since = last is null ? null : TrailHeadsFile.TimeOf(last);
        await using var identify = database.CreateCommand("select id from grid");
        _grid = (Guid)(await identify.ExecuteScalarAsync(cancel))!;
        await using var command =
            database.CreateCommand(since is null ? "select account from audit_head" : "select distinct account from audit_trail where at >= $1");
        if (since is { } at)
        {
            Statements.Add(command, (at - LooksBack).UtcDateTime);
        }

        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            Add(reader.GetString(0));
        }

        _previous = last is null ? "" : TrailHeadsFile.MacOfLine(last);
    }

    /// <summary>The file's last whole line. What a process that ended in writing left behind it is cut off.</summary>
    private string? LastLine()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        using var file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var tail = new byte[(int)Math.Min(file.Length, TailBytes)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var end = Array.LastIndexOf(tail, (byte)'\n');
        file.SetLength(file.Length - (tail.Length - 1 - end));
        var begin = end <= 0 ? 0 : Array.LastIndexOf(tail, (byte)'\n', end - 1) + 1;
        return end <= 0 ? null : Encoding.UTF8.GetString(tail, begin, end - begin);
    }

    private async Task<List<TrailHead>> HeadsAsync(string[] accounts, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select account, sequence, hash from audit_head where account = any($1) order by account");
        command.Parameters.Add(new() { Value = accounts });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var heads = new List<TrailHead>();
        while (await reader.ReadAsync(cancel))
        {
            heads.Add(new TrailHead(reader.GetString(0), reader.GetInt64(1), Convert.ToHexStringLower((byte[])reader[2])));
        }

        return heads;
    }

    private async Task WriteAsync(List<TrailHead> heads, CancellationToken cancel)
    {
        if (heads.Count == 0)
        {
            return;
        }

        var line = TrailHeadsFile.Line(_key, time.GetUtcNow(), _grid, _previous!, heads);
        await using (var file = new FileStream(_path, DataFolder.OwnFile(FileMode.Append, FileAccess.Write, FileShare.ReadWrite)))
        {
            // One write, so that a process that ends in it leaves no half of a line that the next would continue.
            await file.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancel);
            file.Flush(flushToDisk: true);
        }

        _previous = TrailHeadsFile.MacOfLine(line);
        if (receiver.IsConfigured && _unsent.Count < UnsentMax)
        {
            _unsent.Enqueue(line);
        }
    }

    /// <summary>Sends what was recorded and has not left yet to the company's webhook, in order.</summary>
    internal async Task SendAsync(CancellationToken cancel)
    {
        while (receiver.IsConfigured && _unsent.TryPeek(out var line))
        {
            var id = $"audit-heads-{TrailHeadsFile.MacOfLine(line)[..32]}";
            var body = $"{{\"specversion\":\"1.0\",\"id\":\"{id}\",\"source\":\"/accountgrid\","
                + $"\"type\":\"accountgrid.audit.heads\",\"datacontenttype\":\"application/json\",\"data\":{line}}}";
            await receiver.SendAsync(id, body, cancel);
            _unsent.Dequeue();
        }
    }

    [LoggerMessage(2203, LogLevel.Warning, "Ends of the audit trail's chains are not recorded outside the database yet: {Cause}")]
    private static partial void NotRecorded(ILogger logger, string cause);
}
