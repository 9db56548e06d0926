using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Files that were sent: their content until they are done, and what came of them.</summary>
internal sealed class MeterFileStore(NpgsqlDataSource database)
{
    /// <summary>Files that wait at most: 100 of 8 MiB are kept in the database then.</summary>
    public const int WaitingMax = 100;

    private const int LeaseSeconds = 60;

    private const string Columns = "id, name, format, mapping, status, received_at, finished_at, result::text";

    /// <summary>Adds a file, or finds it waiting under the same format and mapping. Null where too many wait.</summary>
    public async Task<(MeterFileAnswer Answer, bool IsNew)?> AddAsync(NewMeterFile file, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var locked = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('meter_file'))", connection, transaction))
        {
            await locked.ExecuteNonQueryAsync(cancel);
        }

        const string Find = $"""
            select {Columns} from meter_file where content is not null and sha256 = $1 and gateway = $2 and format is not distinct from $3
              and mapping is not distinct from $4
            """;
        const string Insert = $"""
            insert into meter_file (id, sha256, gateway, sent_by, name, format, mapping, content, status)
            select $1, $2, $3, $4, $5, $6, $7, $8, 'queued' where (select count(*) from meter_file where content is not null) < $9 returning {Columns}
            """;
        await using var find = Command(Find, connection, transaction, file.Hash, file.Gateway, Text(file.Format), Text(file.Mapping));
        if (await OneAsync(find, cancel) is { } waiting)
        {
            return (waiting, false);
        }

        await using var insert = Command(Insert, connection, transaction, Guid.CreateVersion7().ToString("N"), file.Hash, file.Gateway, file.SentBy,
            Text(file.Name), Text(file.Format), Text(file.Mapping), file.Content, WaitingMax);
        var added = await OneAsync(insert, cancel);
        await transaction.CommitAsync(cancel);
        return added is null ? null : (added, true);
    }

    /// <param name="gateway">Number of the gateway that must have sent it; 0 is any.</param>
    public async Task<MeterFileAnswer?> FindAsync(string id, int gateway)
    {
        await using var command = database.CreateCommand($"select {Columns} from meter_file where id = $1 and ($2 = 0 or gateway = $2)");
        Statements.Add(command, id, gateway);
        return await OneAsync(command, CancellationToken.None);
    }

    /// <summary>Takes the file that waits longest, unless one is being read: files are read one after the other, in the order in which they came.</summary>
    public async Task<ClaimedMeterFile?> ClaimAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            update meter_file set status = 'running', run = run + 1, leased_until = now() + make_interval(secs => $1)
            where id = (select id from meter_file where content is not null order by received_at, id limit 1) and (status = 'queued' or leased_until < now())
            returning id, run, gateway, format, mapping, content
            """);
        Statements.Add(command, (double)LeaseSeconds);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new ClaimedMeterFile(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetFieldValue<byte[]>(5))
            : null;
    }

    /// <summary>False if another process has it by now.</summary>
    public async Task<bool> RenewAsync(ClaimedMeterFile file, CancellationToken cancel)
    {
        await using var command =
            database.CreateCommand("update meter_file set leased_until = now() + make_interval(secs => $3) where id = $1 and run = $2 and content is not null");
        Statements.Add(command, file.Id, file.Run, (double)LeaseSeconds);
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    /// <summary>Gives it back unread, so that this run does not count.</summary>
    public async Task ReleaseAsync(ClaimedMeterFile file)
    {
        await using var command = database.CreateCommand(
            "update meter_file set status = 'queued', run = run - 1, leased_until = null where id = $1 and run = $2 and content is not null");
        Statements.Add(command, file.Id, file.Run);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Writes what came of it, unless another process has it by now. Its content is not kept.</summary>
    public async Task FinishAsync(ClaimedMeterFile file, string status, string? format, MeterFileResult? result)
    {
        await using var command = database.CreateCommand(
            """
            update meter_file set status = $3, format = coalesce($4, format), result = $5, content = null, leased_until = null, finished_at = now()
            where id = $1 and run = $2 and content is not null
            """);
        Statements.Add(command, file.Id, file.Run, status);
        command.Parameters.Add(Text(format));
        command.Parameters.Add(new()
        {
            NpgsqlDbType = NpgsqlDbType.Jsonb,
            Value = result is null ? DBNull.Value : JsonSerializer.Serialize(result, ApiJson.Options)
        });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Forgets files that were done so many days ago.</summary>
    public async Task DropAsync(int keptDays, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("delete from meter_file where finished_at < now() - make_interval(days => $1)");
        Statements.Add(command, keptDays);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, NpgsqlTransaction transaction, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        }

        return command;
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static async Task<MeterFileAnswer?> OneAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
        {
            return null;
        }

        string? TextAt(int at) => reader.IsDBNull(at) ? null : reader.GetString(at);
        return new MeterFileAnswer(reader.GetString(0), TextAt(1), TextAt(2), TextAt(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5),
            reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
            TextAt(7) is { } result ? JsonSerializer.Deserialize<MeterFileResult>(result, ApiJson.Options) : null);
    }
}
