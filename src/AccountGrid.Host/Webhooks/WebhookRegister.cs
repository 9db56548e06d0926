using System.Security.Cryptography;
using AccountGrid.Host.Database;
using AccountGrid.Host.Events;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Npgsql;

namespace AccountGrid.Host.Webhooks;

/// <summary>
/// The list of webhooks. Whatever changes one takes it away from the process that holds it, in the same statement: the next one begins with the change.
/// </summary>
internal sealed class WebhookRegister(NpgsqlDataSource database, PersonalData personal, TimeProvider time)
{
    /// <summary>Webhooks of one caller: each reads the list of events for itself.</summary>
    public const int OfCallerMax = 20;

    private const string Select = """
        select w.id, w.url, w.kinds, w.account, w.is_ordered, w.description, w.state, w.paused_why, w.paused_reason, w.paused_at, w.failures, w.failing_since,
          (select count(*) from webhook_delivery d where d.webhook = w.id and d.state = 'queued'),
          (select count(*) from webhook_delivery d where d.webhook = w.id and d.state = 'given-up'),
          w.previous_until, w.created_by, w.created_at
        from webhook w where ($1::text is null or w.owner = $1)
        """;

    private const string Loose = "lease_token = null, lease_until = null";

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <returns>The secret; null where a webhook of the id was made before.</returns>
    /// <exception cref="InvalidOperationException">The owner has as many as are allowed.</exception>
    public async Task<string?> AddAsync(Guid id, string owner, string person, WebhookRequest request, EventCursor from)
    {
        var secret = NewSecret();
        await using var command = database.CreateCommand("""
            insert into webhook (id, owner, url, description, kinds, account, is_ordered, secret, state, cursor, since_ms, created_by,
              created_at, changed_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9, $10, $11, $12, $12) on conflict do nothing
            """);
        Statements.Add(command, id, owner, request.Url);
        AddText(command, request.Description);
        Statements.Add(command, [Sorted(request.Kinds)]);
        AddText(command, request.Account);
        Statements.Add(
            command, request.Ordered, personal.Seal(secret), from.ToBytes(id.ToByteArray()), request.From?.ToUnixTimeMilliseconds() ?? 0, person, Now);
        return await command.ExecuteNonQueryAsync() > 0 ? secret : null;
    }

    /// <param name="owner">Null is everybody's.</param>
    public Task<List<WebhookAnswer>> ListAsync(string? owner) => ListAsync(database, owner);

    internal static async Task<List<WebhookAnswer>> ListAsync(NpgsqlDataSource database, string? owner)
    {
        await using var command = database.CreateCommand($"{Select} order by w.created_at, w.id");
        AddText(command, owner);
        return await ReadAsync(command);
    }

    /// <summary>Null where there is none, or it is another's.</summary>
    public async Task<WebhookAnswer?> FindAsync(Guid id, string? owner)
    {
        await using var command = database.CreateCommand($"{Select} and w.id = $2");
        AddText(command, owner);
        Statements.Add(command, id);
        return (await ReadAsync(command)).SingleOrDefault();
    }

    /// <returns>Why it was not changed; null where it was, or is no more.</returns>
    public async Task<Refusal?> ChangeAsync(Guid id, ChangeWebhookRequest request, EditCondition condition)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var find = new NpgsqlCommand("select changed_at from webhook where id = $1 for update", connection, transaction))
        {
            Statements.Add(find, id);
            if (condition.WhyNot(await find.ExecuteScalarAsync() as DateTime?) is { } not)
            {
                return not;
            }
        }

        await using var change = new NpgsqlCommand(
            $"""
            update webhook set url = $2, kinds = $3, is_ordered = $4, changed_at = greatest($5, changed_at + interval '1 microsecond'),
              description = $6, {Loose} where id = $1
            """,
            connection, transaction);
        Statements.Add(change, id, request.Url, Sorted(request.Kinds), request.Ordered, Now);
        AddText(change, request.Description);
        await change.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return null;
    }

    /// <summary>When a webhook was made or last changed; null where there is none.</summary>
    public async Task<DateTimeOffset?> ChangedAtAsync(Guid id)
    {
        await using var command = database.CreateCommand("select changed_at from webhook where id = $1");
        Statements.Add(command, id);
        return await command.ExecuteScalarAsync() as DateTime?;
    }

    public Task DeleteAsync(Guid id) => RunAsync("delete from webhook where id = $1", c => Statements.Add(c, id));

    public Task PauseAsync(Guid id, string reason) => RunAsync(
        $"""
        update webhook set state = 'paused', paused_why = 'asked', paused_reason = $2, paused_at = $3, {Loose} where id = $1 and state = 'active'
        """,
        c => Statements.Add(c, id, reason, Now));

    /// <summary>What waits is due at once.</summary>
    public Task ResumeAsync(Guid id) => RunAsync(
        $"""
        with resumed as (
          update webhook set state = 'active', paused_why = null, paused_reason = null, paused_at = null, failures = 0, failing_since = null, failed_at = null,
            not_before = null, {Loose}
          where id = $1 and state = 'paused' returning id)
        update webhook_delivery d set next_attempt_at = $2, attempts = 0 from resumed r where d.webhook = r.id and d.state = 'queued'
        """,
        c => Statements.Add(c, id, Now));

    /// <summary>A new secret; the one before signs as well for a time.</summary>
    /// <param name="overlap">0 ends every earlier secret at once.</param>
    /// <returns>Null where the secret before still signs: a receiver may have no later one.</returns>
    public async Task<string?> RotateAsync(Guid id, TimeSpan overlap)
    {
        var (secret, now) = (NewSecret(), Now);
        var rotated = await RunAsync(
            $"""
            update webhook set previous_secret = secret, previous_until = $3, secret = $2, {Loose}
            where id = $1 and ($3 <= $4 or previous_until is null or previous_until <= $4)
            """,
            c => Statements.Add(c, id, personal.Seal(secret), now + overlap, now));
        return rotated > 0 ? secret : null;
    }

    /// <summary>
    /// Goes back to a place, and never forward past events that were not sent. Only where those are no longer kept for reading, it goes to the place itself.
    /// </summary>
    public async Task ReplayAsync(Guid id, EventCursor from, DateTimeOffset since)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (tag, sinceMs, place) = (id.ToByteArray(), since.ToUnixTimeMilliseconds(), from);
        EventCursor? passedOverTo = null;
        await using (var find = new NpgsqlCommand(
            "select cursor, since_ms, passed_over_to from webhook where id = $1 and paused_why is distinct from 'expired' for update", connection, transaction))
        {
            Statements.Add(find, id);
            await using var r = await find.ExecuteReaderAsync();
            if (await r.ReadAsync() && EventCursor.Read(r.GetFieldValue<byte[]>(0), tag, from.Partitions) is { } at)
            {
                (place, passedOverTo) = (from.Earlier(at), at);
                if (!r.IsDBNull(2) && EventCursor.Read(r.GetFieldValue<byte[]>(2), tag, from.Partitions) is { } before && !at.HasReached(before))
                {
                    // The replay before this one is under way.
                    (sinceMs, passedOverTo) = (Math.Min(sinceMs, r.GetInt64(1)), before.Later(at));
                }
            }
        }

        await using var move = new NpgsqlCommand(
            $"update webhook set cursor = $2, since_ms = $3, passed_over_to = $4, {Loose} where id = $1", connection, transaction);
        Statements.Add(move, id, place.ToBytes(tag), sinceMs);
        move.Parameters.Add(new NpgsqlParameter<byte[]?> { TypedValue = passedOverTo?.ToBytes(tag) });
        await move.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    /// <summary>Queues one event, whatever became of it before.</summary>
    public Task ReplayAsync(Guid id, StoredEvent e) => RunAsync(
        """
        insert into webhook_delivery (webhook, partition, position, sequence, account, kind, next_attempt_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)
        on conflict (webhook, partition, position, sequence) do update
          set state = 'queued', attempts = 0, next_attempt_at = excluded.next_attempt_at, created_at = excluded.created_at
        """,
        c => Statements.Add(c, id, e.Place.Partition, e.Place.Position, e.Place.Sequence, e.Account, e.Kind.Name, Now));

    /// <summary>The log of deliveries, newest first.</summary>
    /// <param name="state">Null is all.</param>
    /// <param name="before">When the last row of the page before was made, and its place; null is from the newest.</param>
    public async Task<List<(DateTime At, EventPlace Place, DeliveryLogAnswer Answer)>> DeliveriesAsync(
        Guid id, string? state, (DateTime At, EventPlace Place)? before, int limit)
    {
        await using var command = database.CreateCommand("""
            select d.partition, d.position, d.sequence, d.kind, a.id, d.state, d.attempts, d.next_attempt_at, d.status, d.duration_ms, d.error, d.attempted_at,
              d.created_at
            from webhook_delivery d join account a on a.number = d.account
            where d.webhook = $1 and ($2::text is null or d.state = $2) and (d.created_at, d.partition, d.position, d.sequence) < ($3, $4, $5, $6)
            order by d.created_at desc, d.partition desc, d.position desc, d.sequence desc limit $7
            """);
        Statements.Add(command, id);
        AddText(command, state);
        var (at, place) = before ?? (new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc), new EventPlace(int.MaxValue, 0, 0));
        Statements.Add(command, at, place.Partition, place.Position, place.Sequence, limit);
        await using var r = await command.ExecuteReaderAsync();
        var rows = new List<(DateTime, EventPlace, DeliveryLogAnswer)>();
        while (await r.ReadAsync())
        {
            var found = new EventPlace(r.GetInt32(0), r.GetInt64(1), r.GetInt32(2));
            var now = r.GetString(5);
            rows.Add((r.GetDateTime(12), found, new(
                found.ToString(), r.GetString(3), r.GetString(4), now, r.GetInt32(6), now == "queued" ? r.GetDateTime(7) : null,
                r.IsDBNull(8) ? null : r.GetInt32(8), r.IsDBNull(9) ? null : r.GetInt32(9), r.IsDBNull(10) ? null : r.GetString(10),
                r.IsDBNull(11) ? null : r.GetDateTime(11), r.GetDateTime(12))));
        }

        return rows;
    }

    public async Task<long> CountAsync(string owner)
    {
        await using var command = database.CreateCommand("select count(*) from webhook where owner = $1");
        Statements.Add(command, owner);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static string[] Sorted(IReadOnlyList<string>? kinds) => [.. (kinds ?? []).Distinct().Order(StringComparer.Ordinal)];

    private static void AddText(NpgsqlCommand command, string? text) => command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = text });

    private async Task<int> RunAsync(string sql, Action<NpgsqlCommand> add)
    {
        await using var command = database.CreateCommand(sql);
        add(command);
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<WebhookAnswer>> ReadAsync(NpgsqlCommand command)
    {
        await using var r = await command.ExecuteReaderAsync();
        var rows = new List<WebhookAnswer>();
        while (await r.ReadAsync())
        {
            string? Text(int i) => r.IsDBNull(i) ? null : r.GetString(i);
            DateTimeOffset? At(int i) => r.IsDBNull(i) ? null : r.GetDateTime(i);
            rows.Add(new(r.GetGuid(0), r.GetString(1), r.GetFieldValue<string[]>(2), Text(3), r.GetBoolean(4), Text(5), r.GetString(6), Text(7), Text(8), At(9),
                r.GetInt32(10), At(11), r.GetInt64(12), r.GetInt64(13), At(14), r.GetString(15), At(16)!.Value));
        }

        return rows;
    }
}
