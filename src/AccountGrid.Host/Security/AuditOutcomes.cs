using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// Adds to the trail what was answered, many rows in one commit and a moment after the answer: what must not be lost, the row itself, is there already. Where
/// the process ends first the answer is not known, as for the caller.
/// </summary>
internal sealed partial class AuditOutcomes(NpgsqlDataSource database, GridSecret secret, ILogger<AuditOutcomes> logger) : BackgroundService
{
    /// <summary>Rows of one commit.</summary>
    private const int BatchMax = 1_000;

    /// <summary>Answers that may wait while the database is away, a few megabytes; the oldest are then not known.</summary>
    private const int WaitingMax = 100_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Answered> _waiting =
        Channel.CreateBounded<Answered>(new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly byte[] _key = secret.KeyFor("audit-outcomes");

    public void Add(string account, long sequence, int status) => _waiting.Writer.TryWrite(new Answered(account, sequence, status));

    /// <summary>What only a process of the grid can say of a row's answer.</summary>
    public static byte[] CodeOf(byte[] key, string account, long sequence, int status) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sequence} {status} {account}")));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await WaitAsync(stoppingToken))
        {
            await WriteAllAsync(stoppingToken);
            await Task.Delay(Pause, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await WriteAllAsync(CancellationToken.None);
    }

    private async Task<bool> WaitAsync(CancellationToken cancel)
    {
        try
        {
            return await _waiting.Reader.WaitToReadAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task WriteAllAsync(CancellationToken cancel)
    {
        var some = new List<Answered>();
        do
        {
            some.Clear();
            while (some.Count < BatchMax && _waiting.Reader.TryRead(out var answered))
            {
                some.Add(answered);
            }
        }
        while (some.Count > 0 && await TryWriteAsync(some, cancel) && some.Count == BatchMax);
    }

    private async Task<bool> TryWriteAsync(List<Answered> some, CancellationToken cancel)
    {
        try
        {
            await using var command =
                database.CreateCommand(
                    "insert into audit_outcome (account, sequence, status, code) select * from unnest($1, $2, $3, $4) on conflict do nothing");
            Statements.Add(
                command, some.Select(a => a.Account).ToArray(), some.Select(a => a.Sequence).ToArray(), some.Select(a => a.Status).ToArray(),
                some.Select(a => CodeOf(_key, a.Account, a.Sequence, a.Status)).ToArray());
            await command.ExecuteNonQueryAsync(cancel);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // They wait for the next round behind what has come meanwhile; at the process's end they are not known.
            some.ForEach(a => _waiting.Writer.TryWrite(a));
            NotWritten(logger, some.Count, e.Message);
            return false;
        }
    }

    [LoggerMessage(2202, LogLevel.Warning, "{Count} answers are not in the audit trail yet: {Cause}")]
    private static partial void NotWritten(ILogger logger, int count, string cause);

    private readonly record struct Answered(string Account, long Sequence, int Status);
}
