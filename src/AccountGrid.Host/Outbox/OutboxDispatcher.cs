using System.Text.Json;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Faults;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Streams.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Outbox;

/// <summary>
/// Writes the text of what was decided, then claims messages, hands them to their channels and marks them. Claims are skip-locked and carry a token, so
/// silos share the work; those of a sender that died return when their time is up. Proven delivery goes into the account's log before it is marked.
/// </summary>
internal sealed partial class OutboxDispatcher(
    NpgsqlDataSource database, IEnumerable<IMessageChannel> channels, NoticeTexts texts, PersonalData personal, PostgresLog log, TimeProvider time, ILogger<OutboxDispatcher> logger) : BackgroundService
{
    /// <summary>Messages written at once.</summary>
    private const int ComposeMax = 100;

    /// <summary>Messages claimed at once, all of which are then under way at once: nothing that is claimed waits behind another's time-out.</summary>
    private const int ClaimMax = 16;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a claim holds, and so how late a message is whose sender died: half as long again as the slowest channel may take.</summary>
    private readonly TimeSpan _claim = channels.Where(c => c.IsOn).Select(c => c.Timeout).DefaultIfEmpty(TimeSpan.FromSeconds(30)).Max() * 1.5;

    private readonly Dictionary<string, IMessageChannel> _channels = channels.Where(c => c.IsOn).ToDictionary(c => c.Name);

    /// <summary>Composing, and each channel's sending, go on by themselves: a dead mail server holds up mail and nothing else.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([LoopAsync(ComposeSomeAsync, ComposeMax, stoppingToken), .. _channels.Keys.Append("").Select(c => LoopAsync(cancel => SendSomeAsync(c, cancel), ClaimMax, stoppingToken))]);

    private async Task LoopAsync(Func<CancellationToken, Task<int>> round, int full, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await round(stoppingToken) < full)
                {
                    await Task.Delay(Period, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                RoundFailed(logger, e);
                await Task.Delay(Period * 4, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Writes texts and channels of what has none yet, held back or not: what was decided is said as it was then.</summary>
    internal async Task<int> ComposeSomeAsync(CancellationToken cancel)
    {
        const string Sql = """
            select o.id, o.kind, a.id, o.body::text, c.language, c.channels::text from outbox o join account a on a.number = o.account left join contact c on c.account = o.account
            where o.message is null and o.state = 'queued' order by o.created_ms limit $1 for update of o skip locked
            """;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var (ids, languages, subjects, bodies, lists) = (new List<string>(), new List<string>(), new List<string>(), new List<string>(), new List<string>());
        await using (var command = new NpgsqlCommand(Sql, connection, transaction))
        {
            PartitionStore.Add(command, ComposeMax);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                var (text, language) = TextOf(reader.GetString(1), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetString(2), reader.GetString(3));
                ids.Add(reader.GetString(0));
                languages.Add(language);
                subjects.Add(text.Subject);
                bodies.Add(text.Body);
                lists.Add(JsonSerializer.Serialize(WaysTo(reader.IsDBNull(5) ? "[]" : reader.GetString(5)), JsonSerializerOptions.Web));
            }
        }

        if (ids.Count > 0)
        {
            await using var update = new NpgsqlCommand(
                """
                update outbox o set language = u.language, subject = u.subject, message = u.message, channels = u.channels
                from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) as u(id, language, subject, message, channels) where o.id = u.id
                """,
                connection, transaction);
            PartitionStore.Add(update, ids.ToArray(), languages.ToArray(), subjects.ToArray(), bodies.ToArray());
            update.Parameters.Add(new() { Value = lists.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
            await update.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return ids.Count;
    }

    /// <summary>One round of every channel.</summary>
    internal async Task<int> SendSomeAsync(CancellationToken cancel)
    {
        var sent = 0;
        foreach (var channel in _channels.Keys.Append("").ToList())
        {
            sent += await SendSomeAsync(channel, cancel);
        }

        return sent;
    }

    /// <summary>One round of a channel: claim, send, mark. Returns how many were claimed. The empty name is for those that are not configured any more.</summary>
    private async Task<int> SendSomeAsync(string channel, CancellationToken cancel)
    {
        var token = Guid.CreateVersion7();
        var claimed = await ClaimAsync(channel, token, cancel);
        await Parallel.ForEachAsync(claimed, new ParallelOptions { MaxDegreeOfParallelism = ClaimMax, CancellationToken = cancel }, async (claim, stop) => await SendAsync(claim, token, stop));
        return claimed.Count;
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private (NoticeText Text, string Language) TextOf(string kind, string? language, string account, string body)
    {
        try
        {
            return texts.Render(kind, language, account, JsonSerializer.Deserialize<NoticeFacts>(body, JsonSerializerOptions.Web)!);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A kind from a newer build, or facts that cannot be read, must not stop the others; the receiver still gets the facts.
            return (new NoticeText(kind, ""), "");
        }
    }

    /// <summary>A customer's channels that are configured, in order; else the company's webhook, else the file.</summary>
    private List<ContactChannel> WaysTo(string json)
    {
        var ways = JsonSerializer.Deserialize<List<ContactChannel>>(json, JsonSerializerOptions.Web)!.Where(w => _channels.ContainsKey(w.Channel)).ToList();
        return ways.Count > 0 ? ways : [new ContactChannel(_channels.ContainsKey("webhook") ? "webhook" : "file", "")];
    }

    private async Task SendAsync(Claimed claim, Guid token, CancellationToken cancel)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (claim.Quiet?.After(nowMs) is { } after && after > nowMs && !Sabotage.IgnoreQuietHours)
        {
            // A retry, or a message that waited for its database, must not ring at night either.
            await MarkAsync("update outbox set next_attempt_at = $3, attempts = attempts - 1, claim_token = null where id = $1 and claim_token = $2", claim.Message.Id, token, Domain.Instants.ToInstant(after).UtcDateTime);
            return;
        }

        var way = claim.Ways[Math.Min(claim.Way, claim.Ways.Count - 1)];
        var to = "";
        if (Sabotage.MarkBeforeSend)
        {
            await MarkAsync("update outbox set state = 'sent', claim_token = null where id = $1 and claim_token = $2", claim.Message.Id, token);
        }

        try
        {
            to = personal.Unseal(way.To);
            Failpoint.Reach(Failpoint.OutboxBeforeSend);
            var delivery = _channels.TryGetValue(way.Channel, out var channel)
                ? await channel.SendAsync(claim.Message, to, cancel)
                : throw new ChannelRefusedException($"Channel '{way.Channel}' is not configured any more.");
            Failpoint.Reach(Failpoint.OutboxAfterSend);
            const string Sent = """
                update outbox set state = case when $4 then 'delivered' else 'sent' end, sent_at = $3, delivered_at = case when $4 then $3 end, delivered_by = case when $4 then $5 end,
                    claim_token = null, last_error = null where id = $1 and claim_token = $2
                """;
            await MarkAsync(Sent, claim.Message.Id, token, Now, delivery == Delivery.Delivered, way.Channel);
            if (delivery == Delivery.Delivered && claim.Message.Body.TryGetProperty("policy", out _))
            {
                await ProveAsync(claim, way.Channel);
            }
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is not NpgsqlException)
        {
            await FailAsync(claim, token, e, to);
        }
    }

    /// <summary>A proof that cannot be recorded now is no reason to send again: the message is left as sent, and its proof can be reported later.</summary>
    private async Task ProveAsync(Claimed claim, string channel)
    {
        try
        {
            await ReportAsync(claim, channel, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            SendFailed(logger, claim.Message.Id, claim.Message.Attempt, e.GetType().Name, e.Message);
            await MarkAsync("update outbox set state = 'sent', delivered_at = null, last_error = 'Its proof of delivery could not be recorded.' where id = $1 and state = 'delivered'", claim.Message.Id);
        }
    }

    /// <summary>Puts proven delivery into the account's log, once. Only what a pack decided asks for proof.</summary>
    private Task ReportAsync(Claimed claim, string channel, long atMs) => ReportDeliveryAsync(log, claim.Partition, claim.Account, claim.Message.Id, channel, atMs);

    internal static async Task ReportDeliveryAsync(PostgresLog log, int partition, int account, string noticeId, string channel, long atMs)
    {
        var command = new ReportDelivery(account, noticeId, channel, atMs);
        await log.AppendAsync(new LogAppend(partition, 1, LogRecords.Encode(atMs, command), new LogKey($"delivery:{noticeId}", System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(noticeId)))));
    }

    private async Task FailAsync(Claimed claim, Guid token, Exception cause, string to)
    {
        // A server's words may name the receiver; logs and error columns must not.
        var message = claim.Message;
        var said = to.Length > 0 ? cause.Message.Replace(to, PersonalData.Mask(to), StringComparison.OrdinalIgnoreCase) : cause.Message;
        SendFailed(logger, message.Id, message.Attempt, cause.GetType().Name, said);
        var isLast = claim.Way >= claim.Ways.Count - 1;
        var refused = cause is ChannelRefusedException;
        if (!isLast && (refused || message.Attempt >= DeliverySchedule.AttemptsBeforeNextChannel))
        {
            await MarkAsync("update outbox set channel_index = channel_index + 1, attempts = 0, next_attempt_at = $3, claim_token = null, last_error = $4 where id = $1 and claim_token = $2", message.Id, token, Now, said);
        }
        else if (!refused && DeliverySchedule.After(message.Attempt, Random.Shared.NextDouble(), (cause as ChannelBusyException)?.RetryAfter) is { } wait)
        {
            await MarkAsync("update outbox set next_attempt_at = $3, claim_token = null, last_error = $4 where id = $1 and claim_token = $2", message.Id, token, Now + wait, said);
        }
        else
        {
            await MarkAsync("update outbox set state = 'parked', claim_token = null, last_error = $3 where id = $1 and claim_token = $2", message.Id, token, said);
        }
    }

    private async Task<List<Claimed>> ClaimAsync(string channel, Guid token, CancellationToken cancel)
    {
        const string Sql = """
            with mine as (
                update outbox o set claim_token = $1, attempts = attempts + 1, next_attempt_at = $3
                where id in (select id from outbox where state = 'queued' and message is not null and next_attempt_at <= $2
                    and (channels->channel_index->>'channel' = $5 or ($5 = '' and not (channels->channel_index->>'channel' = any($6)))) order by next_attempt_at limit $4 for update skip locked)
                returning o.*)
            select m.id, m.kind, a.id, m.body::text, m.created_ms, m.attempts, m.language, m.subject, m.message, m.channels::text, m.channel_index, m.account, m.partition, m.quiet
            from mine m join account a on a.number = m.account order by m.created_ms, m.id
            """;
        await using var command = database.CreateCommand(Sql);
        PartitionStore.Add(command, token, Now, Now + _claim, ClaimMax, channel, _channels.Keys.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var messages = new List<Claimed>();
        while (await reader.ReadAsync(cancel))
        {
            using var body = JsonDocument.Parse(reader.GetString(3));
            var message = new OutboxMessage(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), body.RootElement.Clone(), Domain.Instants.ToInstant(reader.GetInt64(4)), reader.GetInt32(5), reader.GetString(6), reader.GetString(7), reader.GetString(8));
            messages.Add(new Claimed(message, JsonSerializer.Deserialize<List<ContactChannel>>(reader.GetString(9), JsonSerializerOptions.Web)!, reader.GetInt32(10), reader.GetInt32(11), reader.GetInt32(12), reader.IsDBNull(13) ? null : QuietTime.Parse(reader.GetString(13))));
        }

        return messages;
    }

    private async Task MarkAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        PartitionStore.Add(command, values);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Claimed(OutboxMessage Message, List<ContactChannel> Ways, int Way, int Account, int Partition, QuietTime? Quiet);

    [LoggerMessage(4001, LogLevel.Warning, "A round of the outbox failed; trying again.")]
    private static partial void RoundFailed(ILogger logger, Exception cause);

    [LoggerMessage(4002, LogLevel.Warning, "Message {Id} was not taken at attempt {Attempt}: {Kind}: {Cause}")]
    private static partial void SendFailed(ILogger logger, string id, int attempt, string kind, string cause);
}
