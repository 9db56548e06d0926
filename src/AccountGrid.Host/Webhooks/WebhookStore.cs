using AccountGrid.Host.Database;
using AccountGrid.Host.Events;
using Npgsql;

namespace AccountGrid.Host.Webhooks;

/// <summary>
/// What the sender of webhooks keeps. Whoever holds a webhook has a token in its row; every write names it, and whatever changes a webhook takes the token
/// away, so that a sender that was frozen, or that read a webhook before it was changed, writes nothing.
/// </summary>
internal sealed class WebhookStore(NpgsqlDataSource database)
{
    /// <summary>Deliveries of a webhook that wait and count; beyond them its place in the list of events stands still.</summary>
    public const int QueuedMax = 5_000;

    /// <summary>So many of an account count: one whose events are not taken holds up no other.</summary>
    public const int QueuedOfAccountMax = 500;

    /// <summary>All deliveries of a webhook that wait, those that do not count as well.</summary>
    public const int QueuedInAllMax = 50_000;

    /// <summary>Lease times are the database's, so that no process's clock counts.</summary>
    private const string Free = "state = 'active' and (lease_until is null or lease_until < now())";

    private static readonly string[] Kinds = [.. EventCatalog.Kinds.Select(k => k.Name)];

    private const string Columns = """
        w.id, w.owner, w.url, w.kinds, w.account, w.is_ordered, w.secret, case when w.previous_until > $1 then w.previous_secret end,
        w.cursor, w.since_ms, w.passed_over_to, w.failures, w.failing_since, w.not_before
        """;

    /// <summary>Takes webhooks that nobody holds. One of a kind that this release does not know is left to a process of a later one.</summary>
    public async Task<List<Guid>> ClaimAsync(Guid token, TimeSpan lease, int max, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"""
            update webhook set lease_token = $1, lease_until = now() + $2
            where id in (select id from webhook where {Free} and kinds <@ $4 order by id limit $3 for update skip locked) returning id
            """);
        Statements.Add(command, token, lease, max, Kinds);
        return await IdsAsync(command, cancel);
    }

    /// <summary>Webhooks that nobody holds and that are of a kind which this release does not know.</summary>
    public async Task<List<Guid>> LeftAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"select id from webhook where {Free} and not kinds <@ $1");
        Statements.Add(command, [Kinds]);
        return await IdsAsync(command, cancel);
    }

    /// <summary>The webhook as it is now, held for as long again; null where it is not held any more, or paused.</summary>
    public async Task<WebhookRow?> RenewAsync(Guid id, Guid token, TimeSpan lease, DateTime now, CancellationToken cancel)
    {
        await using (var renew = database.CreateCommand(
            "update webhook set lease_until = now() + $3 where id = $1 and lease_token = $2 and lease_until < now() + $3 - interval '3 seconds'"))
        {
            Statements.Add(renew, id, token, lease);
            await renew.ExecuteNonQueryAsync(cancel);
        }

        await using var command = database.CreateCommand($"select {Columns} from webhook w where w.id = $2 and w.lease_token = $3 and w.state = 'active'");
        Statements.Add(command, now, id, token);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? Read(reader) : null;
    }

    public async Task ReleaseAsync(Guid id, Guid token)
    {
        await using var command = database.CreateCommand("update webhook set lease_token = null, lease_until = null where id = $1 and lease_token = $2");
        Statements.Add(command, id, token);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Whether so many further events may be queued.</summary>
    public async Task<bool> HasRoomAsync(Guid id, int further, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            select coalesce(sum(least(n, $2)), 0) <= $3 and coalesce(sum(n), 0) <= $4
            from (select count(*) as n from webhook_delivery where webhook = $1 and state = 'queued' group by account) a
            """);
        Statements.Add(command, id, QueuedOfAccountMax, QueuedMax - further, QueuedInAllMax - further);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>
    /// Queues events and moves the webhook's place behind them, in one transaction. What was sent before and comes again, after a replay, is queued again.
    /// </summary>
    /// <returns>False, with nothing written, where the webhook is not held any more.</returns>
    public async Task<bool> QueueAsync(Guid id, Guid token, IReadOnlyList<StoredEvent> events, byte[] cursor, DateTime now, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var move = new NpgsqlCommand(
            "update webhook set cursor = $3 where id = $1 and lease_token = $2 and state = 'active'", connection, transaction))
        {
            Statements.Add(move, id, token, cursor);
            if (await move.ExecuteNonQueryAsync(cancel) == 0)
            {
                return false;
            }
        }

        if (events.Count > 0)
        {
            await using var add = new NpgsqlCommand(
                """
                insert into webhook_delivery (webhook, partition, position, sequence, account, kind, next_attempt_at, created_at)
                select $1, u.partition, u.position, u.sequence, u.account, u.kind, $7, $7
                from unnest($2, $3, $4, $5, $6) as u(partition, position, sequence, account, kind)
                on conflict (webhook, partition, position, sequence) do update
                  set state = 'queued', attempts = 0, next_attempt_at = excluded.next_attempt_at, created_at = excluded.created_at
                  where webhook_delivery.state <> 'queued'
                """,
                connection, transaction);
            Statements.Add(
                add, id, events.Select(e => e.Place.Partition).ToArray(), events.Select(e => e.Place.Position).ToArray(),
                events.Select(e => e.Place.Sequence).ToArray(), events.Select(e => e.Account).ToArray(), events.Select(e => e.Kind.Name).ToArray(), now);
            await add.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Deliveries that are due, those with the fewest attempts first; of an ordered webhook only the first that waits of each account.</summary>
    public async Task<List<QueuedDelivery>> DueAsync(WebhookRow webhook, DateTime now, int max, CancellationToken cancel)
    {
        const string First = """
            and not exists (select from webhook_delivery f where f.webhook = d.webhook and f.account = d.account and f.state = 'queued'
              and (f.position, f.sequence) < (d.position, d.sequence))
            """;
        await using var command = database.CreateCommand($"""
            select d.partition, d.position, d.sequence, d.attempts from webhook_delivery d
            where d.webhook = $1 and d.state = 'queued' and d.next_attempt_at <= $2 {(webhook.IsOrdered ? First : "")}
            order by d.attempts, d.next_attempt_at, d.partition, d.position, d.sequence limit $3
            """);
        Statements.Add(command, webhook.Id, now, max);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var due = new List<QueuedDelivery>();
        while (await reader.ReadAsync(cancel))
        {
            due.Add(new(new(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt32(2)), reader.GetInt32(3)));
        }

        return due;
    }

    /// <summary>Lets deliveries wait, with no attempt counted.</summary>
    public async Task PostponeAsync(Guid id, Guid token, IReadOnlyList<EventPlace> places, DateTime until, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            update webhook_delivery d set next_attempt_at = $6 from unnest($3, $4, $5) as u(partition, position, sequence), webhook w
            where w.id = $1 and w.lease_token = $2 and d.webhook = w.id and d.partition = u.partition and d.position = u.position and d.sequence = u.sequence
              and d.state = 'queued'
            """);
        Statements.Add(
            command, id, token, places.Select(p => p.Partition).ToArray(), places.Select(p => p.Position).ToArray(), places.Select(p => p.Sequence).ToArray(),
            until);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Notes how attempts ended.</summary>
    /// <param name="ended">Each with when it is tried again; null is given up.</param>
    /// <param name="isBack">The receiver takes events again: what waited for it is due.</param>
    /// <param name="notBefore">Until when nothing is sent; null is at once.</param>
    /// <param name="forgetFailuresBefore">Failures that end before count no longer: nothing was tried since.</param>
    /// <returns>Failures since the last success and since when; null where the webhook is not held any more, with nothing written.</returns>
    public async Task<(int Failures, DateTime? Since)?> MarkAsync(Guid id, Guid token, IReadOnlyList<(WebhookAttempt Attempt, DateTime? Next)> ended,
        DateTime now, bool isBack, DateTime? notBefore, DateTime forgetFailuresBefore)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);

        // The webhook before its deliveries, in the order in which a deletion and a resumption lock them.
        batch.BatchCommands.Add(Statements.Of("select from webhook where id = $1 for no key update", id));
        batch.BatchCommands.Add(Statements.Of(
            """
            update webhook_delivery d set state = u.state, attempts = u.attempt, next_attempt_at = coalesce(u.next, d.next_attempt_at), status = u.status,
              duration_ms = u.took, error = u.error, attempted_at = $11
            from unnest($3, $4, $5, $6, $7, $8, $9, $10, $12::timestamptz[]) as u(partition, position, sequence, state, attempt, status, took, error, next),
              webhook w
            where w.id = $1 and w.lease_token = $2 and d.webhook = w.id and d.partition = u.partition and d.position = u.position and d.sequence = u.sequence
              and d.state = 'queued'
            """,
            id, token, Of(a => a.Place.Partition), Of(a => a.Place.Position), Of(a => a.Place.Sequence),
            ended.Select(e => e.Attempt.IsTaken ? "delivered" : e.Next is null ? "given-up" : "queued").ToArray(), Of(a => a.Attempt), Of(a => a.Status),
            Of(a => a.DurationMs), Of(a => a.Error), now, ended.Select(e => e.Next).ToArray()));
        if (isBack)
        {
            batch.BatchCommands.Add(Statements.Of(
                """
                update webhook_delivery d set next_attempt_at = $3 from webhook w
                where w.id = $1 and w.lease_token = $2 and d.webhook = w.id and d.state = 'queued' and d.next_attempt_at > $3
                """,
                id, token, now));
        }

        await batch.ExecuteNonQueryAsync();
        var failed = ended.Count(e => !e.Attempt.IsTaken);
        await using var count = new NpgsqlCommand(
            """
            update webhook set failures = case when $3 then $4 else failures + $4 end,
              failing_since = case when $4 = 0 then null when $3 or failed_at is null or failed_at < $7 then $5 else coalesce(failing_since, $5) end,
              failed_at = case when $4 > 0 then $5 else failed_at end, not_before = $6
            where id = $1 and lease_token = $2 returning failures, failing_since
            """,
            connection, transaction);
        Statements.Add(count, id, token, ended.Any(e => e.Attempt.IsTaken), failed, now);
        count.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = notBefore });
        Statements.Add(count, forgetFailuresBefore);
        (int, DateTime?)? failing = null;
        await using (var reader = await count.ExecuteReaderAsync())
        {
            if (await reader.ReadAsync())
            {
                failing = (reader.GetInt32(0), await reader.IsDBNullAsync(1) ? null : reader.GetDateTime(1));
            }
        }

        await transaction.CommitAsync();
        return failing;

        T[] Of<T>(Func<WebhookAttempt, T> select) => [.. ended.Select(e => select(e.Attempt))];
    }

    /// <summary>Pauses a webhook that is held. False where it is not.</summary>
    public async Task<bool> PauseAsync(Guid id, Guid token, string why, string reason, DateTime now)
    {
        await using var command = database.CreateCommand("""
            update webhook set state = 'paused', paused_why = $3, paused_reason = $4, paused_at = $5, lease_token = null, lease_until = null
            where id = $1 and lease_token = $2
            """);
        Statements.Add(command, id, token, why, reason, now);
        return await command.ExecuteNonQueryAsync() > 0;
    }

    /// <summary>Takes finished deliveries out of the log.</summary>
    public async Task ForgetAsync(DateTime before, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("delete from webhook_delivery where state <> 'queued' and created_at < $1");
        Statements.Add(command, before);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<List<Guid>> IdsAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancel))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private static WebhookRow Read(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetFieldValue<string[]>(3), r.IsDBNull(4) ? null : r.GetString(4), r.GetBoolean(5),
        r.IsDBNull(7) ? [r.GetString(6)] : [r.GetString(6), r.GetString(7)], r.GetFieldValue<byte[]>(8), r.GetInt64(9),
        r.IsDBNull(10) ? null : r.GetFieldValue<byte[]>(10), r.GetInt32(11), r.IsDBNull(12) ? null : r.GetDateTime(12),
        r.IsDBNull(13) ? null : r.GetDateTime(13));
}
