using System.Text.Json;
using AccountGrid.Domain.Policies;
using AccountGrid.Host.Database;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Notices;

/// <summary>Where messages stand. The grid's is <see cref="PostgresOutbox"/>; the simulation has one whose every step it can delay, lose or cut off.</summary>
internal interface IOutboxStore
{
    /// <summary>Gives messages their texts, held back or not; no other sender works on them meanwhile. Returns how many.</summary>
    Task<int> ComposeAsync(int most, Func<DecidedMessage, ComposedMessage> compose, CancellationToken cancel);

    /// <summary>
    /// Claims messages of a channel that are due, until an instant: after it they are anybody's again. The empty name is for channels that are not among those
    /// given.
    /// </summary>
    Task<List<ClaimedMessage>> ClaimAsync(string channel, IReadOnlyCollection<string> channels, Guid token, DateTime now, DateTime until, int most,
        CancellationToken cancel);

    /// <summary>Says what became of a message, if it still is the claim's.</summary>
    Task MarkAsync(int partition, string id, Guid token, OutboxMark mark);

    /// <summary>Takes back a word of delivery that could not be recorded.</summary>
    Task UnproveAsync(int partition, string id);
}

/// <summary>The table <c>outbox</c>. Claims skip what others hold.</summary>
internal sealed class PostgresOutbox(NpgsqlDataSource database) : IOutboxStore
{
    public async Task<int> ComposeAsync(int most, Func<DecidedMessage, ComposedMessage> compose, CancellationToken cancel)
    {
        const string Sql = """
            select o.partition, o.id, o.kind, a.id, o.body::text, c.language, c.channels::text,
              case when not coalesce(l.is_off, false) then coalesce(l.generation, 0) end
            from outbox o
            join account a on a.number = o.account left join contact c on c.partition = o.partition and c.account = o.account
              left join page_link l on l.partition = o.partition and l.account = o.account
            where o.message is null and o.state = 'queued' order by o.is_bulk, o.created_ms limit $1 for update of o skip locked
            """;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var composed = new List<ComposedMessage>();
        await using (var command = new NpgsqlCommand(Sql, connection, transaction))
        {
            Statements.Add(command, most);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                composed.Add(compose(new DecidedMessage(
                    reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                    reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? "[]" : reader.GetString(6),
                    reader.IsDBNull(7) ? null : reader.GetInt32(7))));
            }
        }

        if (composed.Count > 0)
        {
            await using var update = new NpgsqlCommand(
                """
                update outbox o set language = u.language, subject = u.subject, message = u.message, channels = u.channels,
                    channel_index = case when o.channels = u.channels then o.channel_index else 0 end
                from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) as u(partition, id, language, subject, message, channels)
                where o.partition = u.partition and o.id = u.id
                """,
                connection, transaction);
            string[] Column(Func<ComposedMessage, string> of) => [.. composed.Select(of)];
            Statements.Add(update, composed.Select(c => c.Partition).ToArray(), Column(c => c.Id), Column(c => c.Language), Column(c => c.Subject),
                Column(c => c.Text));
            update.Parameters.Add(new() { Value = Column(c => c.Ways), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
            await update.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return composed.Count;
    }

    public async Task<List<ClaimedMessage>> ClaimAsync(string channel, IReadOnlyCollection<string> channels, Guid token, DateTime now, DateTime until, int most,
        CancellationToken cancel)
    {
        const string Sql = """
            with urgent as (
                select partition, id from outbox where state = 'queued' and not is_bulk and message is not null and next_attempt_at <= $2
                  and (channels->channel_index->>'channel' = $5 or ($5 = '' and not (channels->channel_index->>'channel' = any($6))))
                order by next_attempt_at limit $4 for update skip locked),
            bulk as (
                select partition, id from outbox where state = 'queued' and is_bulk and message is not null and next_attempt_at <= $2
                  and (channels->channel_index->>'channel' = $5 or ($5 = '' and not (channels->channel_index->>'channel' = any($6))))
                order by next_attempt_at limit $4 - (select count(*) from urgent) for update skip locked),
            mine as (
                update outbox o set claim_token = $1, attempts = attempts + 1, next_attempt_at = $3
                where (o.partition, o.id) in (select partition, id from urgent union all select partition, id from bulk)
                returning o.*)
            select m.id, m.kind, a.id, m.body::text, m.created_ms, m.attempts, m.language, m.subject, m.message, m.channels::text, m.channel_index, m.account,
              m.partition, m.quiet, m.confirmed_ms
            from mine m join account a on a.number = m.account order by m.created_ms, m.id
            """;
        await using var command = database.CreateCommand(Sql);
        Statements.Add(command, token, now, until, most, channel, channels.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var messages = new List<ClaimedMessage>();
        while (await reader.ReadAsync(cancel))
        {
            using var body = JsonDocument.Parse(reader.GetString(3));
            var message = new OutboxMessage(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), body.RootElement.Clone(), Domain.Instants.ToInstant(reader.GetInt64(4)),
                reader.GetInt32(5), reader.GetString(6), reader.GetString(7), reader.GetString(8));
            messages.Add(
                new ClaimedMessage(message, JsonSerializer.Deserialize<List<ContactChannel>>(reader.GetString(9), JsonSerializerOptions.Web)!,
                    reader.GetInt32(10), reader.GetInt32(11), reader.GetInt32(12), reader.IsDBNull(13) ? null : QuietTime.Parse(reader.GetString(13)),
                    reader.GetInt64(14)));
        }

        return messages;
    }

    public Task MarkAsync(int partition, string id, Guid token, OutboxMark mark) => mark switch
    {
        SentMark m => ExecuteAsync(
            """
            update outbox set state = case when $5::text is null then 'sent' else 'delivered' end, sent_at = $4, delivered_at = case when $5 is not null
              then $4 end, delivered_by = $5,
                handed = handed || jsonb_build_object('channel', coalesce(channels->channel_index->>'channel', ''), 'atMs',
                  (extract(epoch from $4::timestamptz) * 1000)::bigint),
                claim_token = null, last_error = null where partition = $1 and id = $2 and claim_token = $3
            """,
            partition, id, token, m.At, (object?)m.By ?? DBNull.Value),
        HeldMark m => ExecuteAsync(
            "update outbox set next_attempt_at = $4, attempts = attempts - 1, claim_token = null where partition = $1 and id = $2 and claim_token = $3",
            partition, id, token, m.Until),
        AgainMark m => ExecuteAsync(
            "update outbox set next_attempt_at = $4, claim_token = null, last_error = $5 where partition = $1 and id = $2 and claim_token = $3", partition, id,
            token, m.At, m.Why),
        NextWayMark m => ExecuteAsync(
            """
            update outbox set channel_index = channel_index + 1, attempts = 0, next_attempt_at = $4, claim_token = null, last_error = $5
            where partition = $1 and id = $2 and claim_token = $3
            """,
            partition, id, token, m.At, m.Why),
        ParkedMark m =>
            ExecuteAsync("update outbox set state = 'parked', claim_token = null, last_error = $4 where partition = $1 and id = $2 and claim_token = $3",
                partition, id, token, m.Why),
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, "Not one of the marks."),
    };

    public Task UnproveAsync(int partition, string id) => ExecuteAsync(
        """
        update outbox set state = 'sent', delivered_at = null, last_error = 'Its proof of delivery could not be recorded.' where partition = $1 and id = $2
          and state = 'delivered'
        """,
        partition, id);

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Statements.Add(command, values);
        await command.ExecuteNonQueryAsync();
    }
}
