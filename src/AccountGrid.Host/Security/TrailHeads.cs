using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>Where a chain of the audit trail ended when it was recorded outside the database.</summary>
/// <param name="Account">The chain's account; empty is the grid itself.</param>
/// <param name="Sequence">Number of the chain's last row then, from 1.</param>
/// <param name="Hash">That row's hash, lower-case hexadecimal. It covers the rows before it.</param>
internal sealed record TrailHead(string Account, long Sequence, string Hash);

/// <summary>
/// The file of heads: a line of JSON each time that chains grew, with the heads of those chains, the code of the line before and a code of its own
/// (HMAC-SHA256 under a key of the grid's secret). Whoever can change the database and not this file cannot take rows away unseen.
/// </summary>
internal static class TrailHeadsFile
{
    public const string Name = "audit-heads.ndjson";

    private const string MacMember = ",\"mac\":\"";

    public static byte[] KeyOf(GridSecret secret) => secret.KeyFor("audit-heads");

    /// <summary>One line, without its end.</summary>
    /// <param name="previous">The code of the line before; empty for the first.</param>
    public static string Line(byte[] key, DateTimeOffset at, Guid grid, string previous, IReadOnlyList<TrailHead> heads)
    {
        var body = JsonSerializer.Serialize(new { at = at.UtcDateTime, grid, previous, heads = heads.Select(h => new object[] { h.Account, h.Sequence, h.Hash }) }, ChannelJson.Options);
        return $"{body[..^1]}{MacMember}{MacOf(key, body)}\"}}";
    }

    /// <summary>The code at a line's end.</summary>
    public static string MacOfLine(string line) => line.LastIndexOf(MacMember, StringComparison.Ordinal) is > 0 and var at ? line[(at + MacMember.Length)..].TrimEnd('"', '}') : "";

    /// <summary>When a line was written; null where it is none.</summary>
    public static DateTimeOffset? TimeOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("at").GetDateTimeOffset();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads lines and checks their codes. The first may follow any: older ones may be kept elsewhere.</summary>
    /// <param name="name">What differences call the file.</param>
    public static (List<TrailHead> Heads, List<string> Differences) Read(byte[] key, Guid grid, string name, IEnumerable<string> lines)
    {
        var (heads, differences) = (new List<TrailHead>(), new List<string>());
        string? previous = null;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (Verified(key, line) is not { } root)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, line {number}: it was changed, or another grid wrote it."));
                previous = null;
                continue;
            }

            if (root.GetProperty("grid").GetGuid() != grid)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, line {number}: it is of another grid."));
                continue;
            }

            if (previous is not null && root.GetProperty("previous").GetString() != previous)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, line {number}: lines before it are missing."));
            }

            previous = MacOfLine(line);
            heads.AddRange(root.GetProperty("heads").EnumerateArray().Select(h => new TrailHead(h[0].GetString()!, h[1].GetInt64(), h[2].GetString()!)));
        }

        return (heads, differences);
    }

    private static JsonElement? Verified(byte[] key, string line)
    {
        var at = line.LastIndexOf(MacMember, StringComparison.Ordinal);
        if (at < 0 || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(MacOf(key, line[..at] + "}")), Encoding.UTF8.GetBytes(MacOfLine(line))))
        {
            return null;
        }

        using var json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }

    private static string MacOf(byte[] key, string body) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(body)));
}

/// <summary>
/// Records outside the database where the chains of the audit trail end, a few seconds after they grew: in a file of the data folder, and at the company's
/// webhook where there is one. Each process records the rows that it added itself.
/// </summary>
internal sealed partial class TrailHeads(NpgsqlDataSource database, GridSecret secret, DataFolder data, IHeadsReceiver receiver, TimeProvider time, ILogger<TrailHeads> logger) : BackgroundService
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
        await using var command = database.CreateCommand(since is null ? "select account from audit_head" : "select distinct account from audit_trail where at >= $1");
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
            var body = $"{{\"specversion\":\"1.0\",\"id\":\"{id}\",\"source\":\"/accountgrid\",\"type\":\"accountgrid.audit.heads\",\"datacontenttype\":\"application/json\",\"data\":{line}}}";
            await receiver.SendAsync(id, body, cancel);
            _unsent.Dequeue();
        }
    }

    [LoggerMessage(2203, LogLevel.Warning, "Ends of the audit trail's chains are not recorded outside the database yet: {Cause}")]
    private static partial void NotRecorded(ILogger logger, string cause);
}
