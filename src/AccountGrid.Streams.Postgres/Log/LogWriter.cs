using AccountGrid.Faults;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// Writes one group in one transaction. Heads are locked in partition order, so writers never deadlock; without keys the whole group is
/// one statement and one round trip, with keys the heads are locked first and then keys, rows and heads are written together.
/// </summary>
internal sealed class LogWriter(LogServers servers, int server, PostgresLogOptions options) : IAsyncDisposable
{
    /// <summary>The plain append, prepared on a connection of this writer's own; both go after any failure.</summary>
    private NpgsqlCommand? _append;
    private StandbyWait? _appendWait;
    private int _appendTimeline;

    private const string AppendSql = "select partition, first_position from log_append($1, $2, $3)";

    private const string LockSql =
        $"select partition, next_position, {ServerTimeline.Sql} from log_head where partition = any($1) order by partition for update";

    private const string KeysSql = """
        select k.partition, k.key, k.body_hash, k.position from unnest($1, $2) as u(partition, key)
        join log_key k on k.partition = u.partition and k.key = u.key
        """;

    private const string RowsSql = """
        insert into log_batch (partition, first_position, record_count, payload)
        select * from unnest($1, $2, $3, $4)
        """;

    private const string HeadsSql = """
        update log_head h set next_position = u.first_position + u.record_count
        from unnest($1, $2, $3) as u(partition, first_position, record_count) where h.partition = u.partition
        """;

    private const string NewKeysSql = "insert into log_key (partition, key, body_hash, position) select * from unnest($1, $2, $3, $4)";

    /// <summary>
    /// Throws where it is not known that the group is committed, and on the standbys that the server waits for: also where the server was replaced meanwhile.
    /// </summary>
    public async Task<CommittedRows> CommitAsync(AppendGroup group)
    {
        var rows = group.HasKeys ? await AppendWithKeysAsync(group) : await AppendPlainAsync(group);
        return IsReplaced(rows.Timeline) ? throw new IOException("The database server was replaced during a commit.") : rows;
    }

    private bool IsReplaced(int timeline) => servers.TimelineOf(server)?.Latest > timeline;

    private async Task<CommittedRows> AppendWithKeysAsync(AppendGroup group)
    {
        await using var connection = await servers[server].OpenConnectionAsync();
        var wait = new StandbyWait(connection);
        await using var transaction = await connection.BeginTransactionAsync();
        var (rows, timeline) = await WriteAsync(connection, transaction, group, default);
        Failpoint.Reach(Failpoint.LogBeforeCommit);
        await transaction.CommitAsync();
        wait.EnsureKept();
        Failpoint.Reach(Failpoint.LogAfterCommit);
        return new CommittedRows(rows, rows.Firsts, timeline);
    }

    private async Task<CommittedRows> AppendPlainAsync(AppendGroup group)
    {
        try
        {
            if (IsReplaced(_appendTimeline))
            {
                // A connection that is kept is not in the pool, and so not given up with it.
                await DisposeAsync();
            }

            return await AppendAtOnceAsync(group);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_append is { Connection: { } connection } append)
        {
            _append = null;
            await append.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    public static async Task<AppendResult[]> AppendInAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AppendGroup group, PendingAppend pending,
        CancellationToken cancel)
    {
        await WriteAsync(connection, transaction, group, cancel);
        return pending.Results;
    }

    private async Task<CommittedRows> AppendAtOnceAsync(AppendGroup group)
    {
        // Positions come back from the statement; until then results count from zero.
        var zero = group.Partitions.ToDictionary(p => p, _ => 0L);
        var rows = group.Pack(zero, []);
        var command = _append ??= await PrepareAsync();
        command.Parameters[0].Value = rows.Partitions.ToArray();
        command.Parameters[1].Value = rows.Counts.ToArray();
        command.Parameters[2].Value = rows.Payloads.ToArray();
        var firsts = new Dictionary<int, long>(rows.Partitions.Count);
        Failpoint.Reach(Failpoint.LogBeforeCommit);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                firsts[reader.GetInt32(0)] = reader.GetInt64(1);
            }
        }

        _appendWait!.EnsureKept();
        Failpoint.Reach(Failpoint.LogAfterCommit);
        if (firsts.Count != rows.Partitions.Count)
        {
            throw new InvalidOperationException($"{rows.Partitions.Count} partitions were appended to but {firsts.Count} have a head.");
        }

        group.Shift(firsts);
        return new CommittedRows(rows, rows.Partitions.ConvertAll(p => firsts[p]), _appendTimeline);
    }

    /// <summary>
    /// Planning this statement takes the server longer than many a group's rows. Prepared by hand: see the host's decision on automatic preparation.
    /// </summary>
    private async Task<NpgsqlCommand> PrepareAsync()
    {
        var connection = await servers[server].OpenConnectionAsync();
        _appendWait = new StandbyWait(connection);
        await using (var ask = new NpgsqlCommand("select " + ServerTimeline.Sql, connection))
        {
            _appendTimeline = (int)(await ask.ExecuteScalarAsync())!;
        }

        var command = new NpgsqlCommand(AppendSql, connection) { CommandTimeout = (int)options.CommandTimeout.TotalSeconds };
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await command.PrepareAsync();
        return command;
    }

    private static async Task<(GroupRows Rows, int Timeline)> WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AppendGroup group,
        CancellationToken cancel)
    {
        var heads = new Dictionary<int, long>();
        var timeline = 0;
        await using (var lockHeads = new NpgsqlCommand(LockSql, connection, transaction) { Parameters = { new() { Value = group.Partitions } } })
        await using (var reader = await lockHeads.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                heads[reader.GetInt32(0)] = reader.GetInt64(1);
                timeline = reader.GetInt32(2);
            }
        }

        if (heads.Count != group.Partitions.Length)
        {
            throw new InvalidOperationException($"{group.Partitions.Length} partitions are appended to but {heads.Count} have a head.");
        }

        // Under the head's lock no other transaction can add a key of this partition, so this reading of them is final.
        var known = await KnownKeysAsync(connection, transaction, group, cancel);
        var rows = group.Pack(heads, known);
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (rows.Partitions.Count > 0)
        {
            batch.BatchCommands.Add(Command(RowsSql, rows.Partitions.ToArray(), rows.Firsts.ToArray(), rows.Counts.ToArray(), rows.Payloads.ToArray()));
            batch.BatchCommands.Add(Command(HeadsSql, rows.Partitions.ToArray(), rows.Firsts.ToArray(), rows.Counts.ToArray()));
        }

        if (rows.NewKeys.Count > 0 && !Sabotage.NoUniqueKey)
        {
            batch.BatchCommands.Add(Command(
                NewKeysSql,
                rows.NewKeys.Select(k => k.Partition).ToArray(),
                rows.NewKeys.Select(k => k.Key.Key).ToArray(),
                rows.NewKeys.Select(k => k.Key.BodyHash).ToArray(),
                rows.NewKeys.Select(k => k.Position).ToArray()));
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancel);
        }

        return (rows, timeline);
    }

    private static async Task<Dictionary<(int Partition, string Key), (byte[] Hash, long Position)>> KnownKeysAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AppendGroup group, CancellationToken cancel)
    {
        var known = new Dictionary<(int, string), (byte[], long)>();
        if (!group.HasKeys || Sabotage.NoUniqueKey)
        {
            return known;
        }

        var uses = group.Keys().ToArray();
        await using var command = new NpgsqlCommand(KeysSql, connection, transaction);
        command.Parameters.Add(new() { Value = uses.Select(u => u.Partition).ToArray() });
        command.Parameters.Add(new() { Value = uses.Select(u => u.Key.Key).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            known[(reader.GetInt32(0), reader.GetString(1))] = ((byte[])reader[2], reader.GetInt64(3));
        }

        return known;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
