using System.Buffers;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;
using AccountGrid.LoadTest.Fleet;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.LoadTest.Targets;

/// <summary>
/// What a good engineer writes without a grid: one statement for each batch on the same PostgreSQL. It keeps every reading under its key, passes over
/// what is there, charges accounts by the register's rise, and notes crossed thresholds. Prepared, by unnest, with room for updates in place, over
/// several connections; ids are resolved in memory. It rates a flat price only and keeps no time of use, tiers, gaps or corrections, which favours it.
/// </summary>
internal static class SqlTarget
{
    private const string Schema = """
        create table if not exists sql_account (number int primary key, balance_nano bigint not null, level_nano bigint,
          warned boolean not null default false) with (fillfactor = 50);
        create table if not exists sql_meter (number int primary key, account int not null, register_wh bigint not null,
          register_ms bigint not null) with (fillfactor = 50);
        create table if not exists sql_reading (meter int not null, ts bigint not null, value_wh bigint not null, primary key (meter, ts));
        create table if not exists sql_notice (account int not null, at_ms bigint not null, balance_nano bigint not null);
        """;

    private const string PushSql = """
        with input as (select * from unnest($1, $2, $3) as t(meter, ts, value_wh)),
        added as (insert into sql_reading select meter, ts, value_wh from input on conflict do nothing returning meter, ts, value_wh),
        latest as (select meter, max(ts) as ts, max(value_wh) as value_wh from added group by meter),
        held as materialized (select m.number, m.account, m.register_wh from sql_meter m join latest l on l.meter = m.number order by m.number for update of m),
        moved as (
            update sql_meter m set register_wh = greatest(m.register_wh, l.value_wh), register_ms = greatest(m.register_ms, l.ts)
            from latest l join held h on h.number = l.meter where m.number = l.meter
            returning h.account, greatest(l.value_wh, h.register_wh) - h.register_wh as rise_wh),
        charged as (
            update sql_account a set balance_nano = a.balance_nano - c.nano, warned = a.warned or a.balance_nano - c.nano < a.level_nano
            from (select account, sum(rise_wh)::bigint * 500000 as nano from moved group by account) c where a.number = c.account
            returning a.number, a.balance_nano, a.level_nano, a.balance_nano + c.nano as before_nano),
        noted as (insert into sql_notice select number, $4, balance_nano from charged where balance_nano < level_nano and before_nano >= level_nano)
        select count(*)::int from added
        """;

    public static async Task RunAsync(string connectionString, string url)
    {
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 16, MinPoolSize = 16 });
        await using (var create = database.CreateCommand(Schema))
        {
            await create.ExecuteNonQueryAsync();
        }

        var numbers = await LoadNumbersAsync(database);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(k => k.Limits.MaxRequestBodySize = IngestLimits.BytesMax);
        var app = builder.Build();
        app.MapGet("/ready", () => "ready");
        app.MapPost("/v1/readings", http => PushAsync(http, database, numbers));
        await app.RunAsync();
    }

    /// <summary>Puts a fleet's meters and accounts in place, by binary COPY.</summary>
    public static async Task ProvisionAsync(string connectionString, MeterFleet fleet)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using (var create = database.CreateCommand(Schema))
        {
            await create.ExecuteNonQueryAsync();
        }

        await using var connection = await database.OpenConnectionAsync();
        await using (var accounts = await connection.BeginBinaryImportAsync("copy sql_account (number, balance_nano, level_nano) from stdin (format binary)"))
        {
            for (var m = 0; m < fleet.Options.Meters; m++)
            {
                await accounts.StartRowAsync();
                await accounts.WriteAsync(m + 1, NpgsqlDbType.Integer);
                await accounts.WriteAsync(0L, NpgsqlDbType.Bigint);
                await accounts.WriteAsync(-1_000_000_000_000L, NpgsqlDbType.Bigint);
            }

            await accounts.CompleteAsync();
        }

        await using (var meters =
            await connection.BeginBinaryImportAsync("copy sql_meter (number, account, register_wh, register_ms) from stdin (format binary)"))
        {
            for (var m = 0; m < fleet.Options.Meters; m++)
            {
                await meters.StartRowAsync();
                await meters.WriteAsync(m + 1, NpgsqlDbType.Integer);
                await meters.WriteAsync(m + 1, NpgsqlDbType.Integer);
                await meters.WriteAsync((long)MeterFleet.StartWh, NpgsqlDbType.Bigint);
                await meters.WriteAsync(0L, NpgsqlDbType.Bigint);
            }

            await meters.CompleteAsync();
        }

        await using var analyze = new NpgsqlCommand("analyze sql_account, sql_meter", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    /// <summary>All that it has charged, nano.</summary>
    public static async Task<long> ChargedNanoAsync(string connectionString, CancellationToken cancel)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("select coalesce(-sum(balance_nano), 0)::bigint from sql_account");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    // The fleet's ids are its numbers behind a prefix, so the map is made from the table alone.
    private static async Task<MeterRouteTable> LoadNumbersAsync(NpgsqlDataSource database)
    {
        var table = new MeterRouteTable();
        await using var command = database.CreateCommand("select max(number) from sql_meter");
        var count = await command.ExecuteScalarAsync() as int? ?? 0;
        for (var m = 0; m < count; m++)
        {
            table.Put(IdHash.Of(CompareFleet.MeterId(m)), new MeterRoute(m + 1, 0, 0));
        }

        return table;
    }

    private static async Task PushAsync(HttpContext http, NpgsqlDataSource database, MeterRouteTable numbers)
    {
        var (buffer, length, _) = await BatchReader.ReadBodyAsync(http.Request.Body, null, http.RequestAborted);
        var (batch, _) = BatchReader.Parse(buffer.AsSpan(0, length), isNdjson: true, long.MaxValue);
        ArrayPool<byte>.Shared.Return(buffer!);
        var readings = batch!.Readings;
        var (meters, times, values) = (new int[readings.Count], new long[readings.Count], new long[readings.Count]);
        for (var i = 0; i < readings.Count; i++)
        {
            numbers.TryFind(readings[i].Reading.MeterHash, out var route);
            (meters[i], times[i], values[i]) = (route.Meter, readings[i].Reading.TimeMs, readings[i].Reading.ValueWh);
        }

        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(PushSql, connection);
        command.Parameters.Add(new() { Value = meters });
        command.Parameters.Add(new() { Value = times });
        command.Parameters.Add(new() { Value = values });
        command.Parameters.Add(new() { Value = times[0] });
        await command.PrepareAsync();
        var added = (int)(await command.ExecuteScalarAsync())!;
        await http.Response.WriteAsJsonAsync(new BatchAnswer("", added, readings.Count - added, batch.Errors.Count, []));
    }
}
