using System.Text.Json;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Storage;
using Npgsql;

namespace AccountGrid.Host.Outbox;

/// <summary>A message of the outbox. Its id does not change over retries.</summary>
public sealed record OutboxMessage(string Id, string Kind, string Account, JsonElement Body, DateTimeOffset At, int Attempt);

/// <summary>Where messages go. Throws if the message was not taken; may be given one message twice, under one id.</summary>
public interface INoticeSink
{
    Task SendAsync(OutboxMessage message, CancellationToken cancel);
}

/// <summary>Writes each message as a line of JSON to <c>notices.ndjson</c>, for trying out and for tests.</summary>
internal sealed class FileSink(DataFolder data, GridOptions options) : INoticeSink
{
    private readonly string _path = Path.Combine(data.In(options.NoticeFolder), "notices.ndjson");

    public async Task SendAsync(OutboxMessage message, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var line = JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web);
        await using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync((byte[])[.. line, (byte)'\n'], cancel);
        file.Flush(flushToDisk: true);
    }
}

/// <summary>When a failed message is tried again. Pure; the last failure parks it, and nothing is ever dropped.</summary>
internal static class DeliverySchedule
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(10)];

    /// <summary>Time until the next attempt after so many failed; null parks the message.</summary>
    public static TimeSpan? After(int attempts) => attempts >= 1 && attempts <= Waits.Length ? Waits[attempts - 1] : null;
}

/// <summary>
/// Claims queued messages, hands them to their sink and marks them. Claims are skip-locked and carry a token, so silos share the work; those of a
/// sender that died return when their time is up.
/// </summary>
internal sealed partial class OutboxDispatcher(NpgsqlDataSource database, INoticeSink sink, TimeProvider time, ILogger<OutboxDispatcher> logger) : BackgroundService
{
    /// <summary>Messages claimed at once.</summary>
    private const int ClaimMax = 100;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a claim holds; longer than any sink takes for <see cref="ClaimMax"/> messages.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await SendSomeAsync(stoppingToken) < ClaimMax)
                {
                    await Task.Delay(Period, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException)
            {
                RoundFailed(logger, e);
                await Task.Delay(Period * 4, time, CancellationToken.None);
            }
        }
    }

    /// <summary>One round: claim, send, mark. Returns how many were claimed.</summary>
    internal async Task<int> SendSomeAsync(CancellationToken cancel)
    {
        var token = Guid.CreateVersion7();
        var claimed = await ClaimAsync(token, cancel);
        foreach (var message in claimed)
        {
            try
            {
                await sink.SendAsync(message, cancel);
                await MarkAsync("update outbox set state = 'sent', sent_at = $3, claim_token = null, last_error = null where id = $1 and claim_token = $2", message.Id, token, Now);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && e is not NpgsqlException)
            {
                await FailAsync(message, token, e);
            }
        }

        return claimed.Count;
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private async Task FailAsync(OutboxMessage message, Guid token, Exception cause)
    {
        SendFailed(logger, message.Id, message.Attempt, cause);
        if (DeliverySchedule.After(message.Attempt) is { } wait)
        {
            await MarkAsync("update outbox set next_attempt_at = $3, claim_token = null, last_error = $4 where id = $1 and claim_token = $2", message.Id, token, Now + wait, cause.Message);
        }
        else
        {
            await MarkAsync("update outbox set state = 'parked', claim_token = null, last_error = $3 where id = $1 and claim_token = $2", message.Id, token, cause.Message);
        }
    }

    private async Task<List<OutboxMessage>> ClaimAsync(Guid token, CancellationToken cancel)
    {
        const string Sql = """
            with mine as (
                update outbox o set claim_token = $1, attempts = attempts + 1, next_attempt_at = $3
                where id in (select id from outbox where state = 'queued' and next_attempt_at <= $2 order by next_attempt_at limit $4 for update skip locked)
                returning o.*)
            select m.id, m.kind, a.id, m.body::text, m.created_ms, m.attempts from mine m join account a on a.number = m.account order by m.created_ms, m.id
            """;
        await using var command = database.CreateCommand(Sql);
        PartitionStore.Add(command, token, Now, Now + Claim, ClaimMax);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var messages = new List<OutboxMessage>();
        while (await reader.ReadAsync(cancel))
        {
            using var body = JsonDocument.Parse(reader.GetString(3));
            messages.Add(new OutboxMessage(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), body.RootElement.Clone(), Domain.Instants.ToInstant(reader.GetInt64(4)), reader.GetInt32(5)));
        }

        return messages;
    }

    private async Task MarkAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        PartitionStore.Add(command, values);
        await command.ExecuteNonQueryAsync();
    }

    [LoggerMessage(4001, LogLevel.Warning, "A round of the outbox failed; trying again.")]
    private static partial void RoundFailed(ILogger logger, Exception cause);

    [LoggerMessage(4002, LogLevel.Warning, "Message {Id} was not taken at attempt {Attempt}.")]
    private static partial void SendFailed(ILogger logger, string id, int attempt, Exception cause);
}
