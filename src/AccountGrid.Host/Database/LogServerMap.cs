using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>
/// Which PostgreSQL server keeps which partition's log. Server 0 is the grid's own database, which has everything else too; further ones are named by
/// <c>Log__Servers__0</c>, <c>Log__Servers__1</c> and so on, and have logs only. Drawn up when the grid is made and kept in <c>log_server</c>.
/// </summary>
internal static class LogServerMap
{
    /// <summary>Any fixed number: whoever draws up the map holds this advisory lock.</summary>
    private const long MapLock = 4_710_815_002;

    /// <summary>
    /// Finds the map, or draws it up for a grid without a record, and checks that each server is the one it is taken for. Throws <see cref="StartException"/>.
    /// </summary>
    /// <param name="timeline">The timeline that the grid's own database was opened with; null is for a tool that only looks.</param>
    public static async Task<LogServers> OpenAsync(NpgsqlDataSource main, IReadOnlyList<string> further, int partitions, ServerTimeline? timeline = null)
    {
        await using var connection = await main.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({MapLock})");
        await DrawAsync(connection, further.Count + 1);
        var grid = (Guid)(await ScalarAsync(connection, "select id from grid"))!;
        var serverOf = new int[partitions];
        var effects = new long[partitions];
        await using (var command =
            new NpgsqlCommand("select s.partition, s.server, p.effects_position from log_server s join partition p using (partition)", connection))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                (serverOf[reader.GetInt32(0)], effects[reader.GetInt32(0)]) = (reader.GetInt32(1), reader.GetInt64(2));
            }
        }

        await transaction.CommitAsync();
        if (serverOf.Max() != further.Count)
        {
            throw new StartException(
                $"The log of this grid lies on {serverOf.Max() + 1} server(s), of which {further.Count + 1} are configured (ConnectionStrings__AccountGrid "
                    + "and Log__Servers__0 on): the number is fixed when the grid is made.");
        }

        var servers = new List<NpgsqlDataSource> { main };
        var timelines = new List<ServerTimeline?> { timeline };
        for (var i = 0; i < further.Count; i++)
        {
            timelines.Add(timeline is null ? null : new ServerTimeline());
            servers.Add(PostgresDatabase.Open(further[i], timelines[^1]));
            await TakeAsync(servers[^1], i + 1, grid, serverOf, effects);
        }

        return new LogServers(servers, serverOf, timeline is null ? null : [.. timelines.OfType<ServerTimeline>()]);
    }

    /// <summary>The greatest number of records that a reader is behind its log, over all servers; without bound where one does not answer.</summary>
    public static async Task<long> LagAsync(LogServers servers, CancellationToken cancel)
    {
        var lag = 0L;
        for (var i = 0; i < servers.Count; i++)
        {
            try
            {
                await using var command = servers[i]
                    .CreateCommand("select coalesce(max(h.next_position - r.consumed_position), 0) from log_head h join log_reader r using (partition)");
                lag = Math.Max(lag, (long)(await command.ExecuteScalarAsync(cancel))!);
            }
            catch (Exception e) when (i > 0 && (e is NpgsqlException or TimeoutException))
            {
                return long.MaxValue;
            }
        }

        return lag;
    }

    /// <summary>A grid that has a record already keeps all of its log where it is.</summary>
    private static Task DrawAsync(NpgsqlConnection connection, int servers) => ExecuteAsync(
        connection,
        $"""
        insert into log_server (partition, server)
        select partition, case when exists (select from log_head where next_position > 0) then 0 else partition % {servers} end from log_head
        where not exists (select from log_server)
        """);

    private static async Task TakeAsync(NpgsqlDataSource server, int number, Guid grid, int[] serverOf, long[] effects)
    {
        await using var connection = await server.OpenConnectionAsync();
        await PostgresDatabase.CheckDurabilityAsync(connection);
        await PostgresLogSchema.EnsureAsync(server, serverOf.Length);
        await ExecuteAsync(connection,
            "create table if not exists log_place (one bool primary key default true check (one), grid uuid not null, server int not null)");
        await using (var place =
            new NpgsqlCommand(
                "insert into log_place (grid, server) select $1, $2 where not exists (select from log_head where next_position > 0) on conflict do nothing",
                connection))
        {
            place.Parameters.Add(new() { Value = grid });
            place.Parameters.Add(new() { Value = number });
            await place.ExecuteNonQueryAsync();
        }

        await using (var mine = new NpgsqlCommand("select exists (select from log_place where grid = $1 and server = $2)", connection))
        {
            mine.Parameters.Add(new() { Value = grid });
            mine.Parameters.Add(new() { Value = number });
            if (!(bool)(await mine.ExecuteScalarAsync())!)
            {
                throw new StartException(
                    $"Log__Servers__{number - 1} is not this grid's log server {number}: it has another grid's log, or another part of this one's.");
            }
        }

        await using var heads = new NpgsqlCommand("select partition, next_position from log_head", connection);
        await using var reader = await heads.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (partition, head) = (reader.GetInt32(0), reader.GetInt64(1));
            if (serverOf[partition] == number && head < effects[partition])
            {
                throw new StartException(
                    $"Log__Servers__{number - 1}: the log of partition {partition} ends at {head}, but {effects[partition]} records of it were applied: it "
                        + "was restored to an earlier time than the grid's database. Restore both to one moment.");
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
