using System.Threading.Channels;
using AccountGrid.Host.Database;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// Keeps refused messages and counts them, in one statement for all that gathered while the previous one ran: a gateway that sends nothing but rubbish costs
/// the others little. Rows are bounded for each gateway and code, counts are complete.
/// </summary>
internal sealed class RefusedMessages(NpgsqlDataSource database)
{
    /// <summary>Bytes of a message that are kept: enough to see what it was.</summary>
    private const int PayloadKept = 16 << 10;

    /// <summary>Messages of one gateway and code that are kept, the newest.</summary>
    private const int RowsMax = 100;

    /// <summary>Messages of one gateway whose readings are tried again; beyond it the oldest are dropped, and counted.</summary>
    private const int LaterMax = 2_000;

    /// <summary>Bytes of one gateway's readings that are tried again.</summary>
    internal const long LaterBytesMax = 16 << 20;

    /// <summary>Bytes of all gateways' readings that are tried again; see <see cref="DropOldestAsync"/>.</summary>
    internal const long AllLaterBytesMax = 1L << 30;

    private const int GroupMax = 200;

    /// <summary>Longest topic and detail that are kept, characters.</summary>
    private const int TextMax = 1_000;

    private readonly Channel<(RefusedMessage Message, TaskCompletionSource Kept)> _waiting = Channel.CreateUnbounded<(RefusedMessage, TaskCompletionSource)>();
    private int _isWriting;

    /// <summary>Returns once the message is kept and counted. Throws what the database throws; it is then not kept.</summary>
    public Task AddAsync(RefusedMessage message)
    {
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Writer.TryWrite((message, kept));
        if (Interlocked.Exchange(ref _isWriting, 1) == 0)
        {
            _ = Task.Run(WriteAsync);
        }

        return kept.Task;
    }

    /// <summary>Counts since the grid began, by profile and code.</summary>
    public async Task<IReadOnlyList<RefusedCountAnswer>> CountsAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select profile, code, count, last_at from mqtt_refused_count order by profile, code");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var counts = new List<RefusedCountAnswer>();
        while (await reader.ReadAsync(cancel))
        {
            counts.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return counts;
    }

    /// <summary>The newest first.</summary>
    public async Task<List<RefusedAnswer>> ListAsync(long before, int limit, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select id, at, profile, topic, gateway, code, detail, rejected, payload_bytes, payload, later is not null, given_up from mqtt_refused
            where id < $1
            order by id desc limit $2
            """);
        Statements.Add(command, before, limit);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<RefusedAnswer>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(new(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt32(8), Convert.ToBase64String(reader.GetFieldValue<byte[]>(9)),
                reader.GetBoolean(10), reader.IsDBNull(11) ? null : reader.GetInt32(11)));
        }

        return rows;
    }

    /// <summary>Writes until nothing waits. Whoever adds meanwhile, after the last look, begins anew.</summary>
    private async Task WriteAsync()
    {
        do
        {
            while (Gather() is { Count: > 0 } group)
            {
                try
                {
                    await WriteAsync([.. group.Select(g => g.Message)]);
                    group.ForEach(g => g.Kept.TrySetResult());
                }
                catch (Exception e)
                {
                    group.ForEach(g => g.Kept.TrySetException(e));
                }
            }

            Volatile.Write(ref _isWriting, 0);
        }
        while (_waiting.Reader.Count > 0 && Interlocked.Exchange(ref _isWriting, 1) == 0);
    }

    private List<(RefusedMessage Message, TaskCompletionSource Kept)> Gather()
    {
        var group = new List<(RefusedMessage, TaskCompletionSource)>();
        while (group.Count < GroupMax && _waiting.Reader.TryRead(out var next))
        {
            group.Add(next);
        }

        return group;
    }

    private async Task WriteAsync(List<RefusedMessage> group)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Statements.Of(
            """
            insert into mqtt_refused (profile, topic, gateway, code, detail, rejected, payload, payload_bytes, later, given_up)
            select *, case when m.later is not null then 0 end from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
              as m(profile, topic, gateway, code, detail, rejected, payload, payload_bytes, later)
            """,
            All(m => m.Profile), All(m => Text(m.Topic)), All(m => Text(m.Gateway)), All(m => m.Errors[0].Refusal.Code.Text),
            All(m => Text(m.Errors[0].Refusal.Detail)), group.Select(m => m.Rejected).ToArray(),
            group.Select(m => m.Payload.Length <= PayloadKept ? m.Payload : m.Payload[..PayloadKept]).ToArray(), group.Select(m => m.Payload.Length).ToArray(),
            new NpgsqlParameter { Value = group.Select(m => m.Later).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }));

        // In the order of their keys, so that two processes wait for each other instead of locking up.
        var counts = group.SelectMany(Counts).GroupBy(c => (c.Profile, c.Code)).OrderBy(c => c.Key.Profile, StringComparer.Ordinal)
            .ThenBy(c => c.Key.Code, StringComparer.Ordinal).ToList();
        batch.BatchCommands.Add(Statements.Of(
            """
            insert into mqtt_refused_count (profile, code, count) select * from unnest($1, $2, $3)
            on conflict (profile, code) do update set count = mqtt_refused_count.count + excluded.count, last_at = now()
            """,
            counts.Select(c => c.Key.Profile).ToArray(), counts.Select(c => c.Key.Code).ToArray(), counts.Select(c => c.Sum(x => x.Count)).ToArray()));
        foreach (var (gateway, code) in group.Select(m => (Text(m.Gateway), m.Errors[0].Refusal.Code.Text)).Distinct().Order())
        {
            batch.BatchCommands.Add(Statements.Of(
                """
                delete from mqtt_refused where later is null and id in (select id from mqtt_refused where gateway = $1 and code = $2 and later is null
                  order by id desc offset $3)
                """,
                gateway, code, RowsMax));
            batch.BatchCommands.Add(Statements.Of(
                $"""
                with kept as (select id, row_number() over w as place, sum(octet_length(later)) over w as bytes from mqtt_refused
                    where gateway = $1 and later is not null window w as (order by id desc)),
                  {Drop("select id from kept where place > $2 or bytes > $3", "$4")}
                """,
                gateway, LaterMax, LaterBytesMax, MqttRefusals.KeptTooMany.Text));
        }

        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();

        string[] All(Func<RefusedMessage, string> part) => [.. group.Select(part)];
    }

    /// <summary>Drops the oldest readings that are tried again where all together have more bytes than may be, and counts them.</summary>
    public async Task DropOldestAsync(long bytesMax, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"""
            with kept as (select id, sum(octet_length(later)) over (order by id desc) as bytes from mqtt_refused where later is not null),
              {Drop("select id from kept where bytes > $1", "$2")}
            """);
        Statements.Add(command, bytesMax, MqttRefusals.KeptTooMany.Text);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What became of readings that were tried again.</summary>
    /// <param name="later">Lines that still wait; null for none.</param>
    /// <param name="givenUp">Codes of those that were given up now.</param>
    public async Task TriedAsync(long id, byte[]? later, IReadOnlyList<string> givenUp, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            with tried as (update mqtt_refused set later = $2, given_up = given_up + cardinality($3) where id = $1 and later is not null returning profile)
            insert into mqtt_refused_count (profile, code, count)
            select profile, code, count(*) from tried cross join unnest($3) as code group by profile, code order by profile collate "C", code collate "C"
            on conflict (profile, code) do update set count = mqtt_refused_count.count + excluded.count, last_at = now()
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = (object?)later ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = givenUp.ToArray() });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The end of a statement that drops the readings of rows and counts them under a code.</summary>
    private static string Drop(string rows, string code) =>
        $"""
        found as (select id, regexp_count(encode(later, 'escape'), E'\n') + 1 as lines from mqtt_refused where later is not null and id in ({rows})),
        gone as (update mqtt_refused r set later = null, given_up = r.given_up + f.lines from found f where r.id = f.id and r.later is not null
          returning r.profile, f.lines)
        insert into mqtt_refused_count (profile, code, count) select profile, {code}, sum(lines) from gone group by profile order by profile collate "C"
        on conflict (profile, code) do update set count = mqtt_refused_count.count + excluded.count, last_at = now()
        """;

    private static IEnumerable<(string Profile, string Code, long Count)> Counts(RefusedMessage message)
    {
        foreach (var code in message.Errors.GroupBy(e => e.Refusal.Code.Text))
        {
            yield return (message.Profile, code.Key, code.Count());
        }

        // Those beyond the listed ones are most probably as the first.
        if (message.Rejected > message.Errors.Count)
        {
            yield return (message.Profile, message.Errors[0].Refusal.Code.Text, message.Rejected - message.Errors.Count);
        }
    }

    /// <summary>Without what no text of the database can hold, such as half of a pair of characters: a refusal must not wait for ever to be kept.</summary>
    internal static string Text(string text) =>
        string.Concat((text.Length > TextMax ? text[..TextMax] : text).EnumerateRunes().Select(r => r.Value == 0 ? " " : r.ToString()));
}
