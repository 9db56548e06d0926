using System.Globalization;
using System.Net;
using System.Text;
using AccountGrid.Client;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Cluster.Tests;

/// <summary>One grid whose log lies on two PostgreSQL servers: the even partitions on the grid's own, the odd ones on another.</summary>
public sealed class TwoServersTests : IAsyncLifetime
{
    private const int Accounts = 24;

    private readonly TestFolder _folder = new();
    private TestPostgres _own = null!;
    private TestPostgres _further = null!;
    private string _ownDatabase = "";
    private string _furtherDatabase = "";
    private GridProcess? _grid;
    private GridClient? _client;

    public async ValueTask InitializeAsync()
    {
        _own = await TestPostgres.StartAsync();
        _further = await TestPostgres.StartAsync();
        _ownDatabase = await _own.CreateDatabaseAsync();
        _furtherDatabase = await _further.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await (_grid?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _own.DisposeAsync();
        await _further.DisposeAsync();
        _folder.Dispose();
    }

    private GridClient Client => _client!;

    [Fact]
    public async Task Readings_and_moving_meters_count_once_whichever_server_dies()
    {
        await StartAsync();
        await Client.RegisterAsync("/v1/tariffs",
            new Domain.Rating.TariffDefinition { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });
        await Client.RegisterAsync("/v1/gateways", new GatewayRequest("G1"));
        var ids = Enumerable.Range(0, Accounts).Select(i => $"S{i}").ToList();
        foreach (var id in ids)
        {
            await Client.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, "flat", OpenedOn: new DateOnly(2026, 3, 1)));
            await Client.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest(id, "G1", id, At(0)));
        }

        // One batch over both servers is acknowledged once both have it; sent again it moves nothing.
        await PushAsync(ids, 1);
        await PushAsync(ids, 1);
        await BalancesAsync(ids, "-0.500000000");
        Assert.Equal([0L, 2, 4, 6], await NumbersAsync(_ownDatabase, "select distinct partition::bigint from log_batch order by 1"));
        Assert.Equal([1L, 3, 5, 7], await NumbersAsync(_furtherDatabase, "select distinct partition::bigint from log_batch order by 1"));

        // A meter goes from a log here to one there, and another the other way; readings of before come late, and are still the old account's.
        var here = await AccountsAsync("partition % 2 = 0");
        var there = await AccountsAsync("partition % 2 = 1");
        await MoveAsync(here[0], there[1], hour: 2);
        await MoveAsync(there[0], here[1], hour: 2);
        await PushAsync([here[0], there[0]], 3);
        await BalanceAsync(here[0], "-1.000000000");
        await BalanceAsync(there[1], "-1.000000000");
        await BalanceAsync(there[0], "-1.000000000");
        await BalanceAsync(here[1], "-1.000000000");

        // The other server dies while a meter is on its way to it: the move is kept and arrives when it is back; what cannot be taken is told so, and the rest
        // goes on.
        await _further.KillAsync();
        await Client.SendMoveAsync(here[2], there[2], At(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync([there[3]], 2));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync([here[3]], 2));
        await Eventually.GetAsync(() => NumbersAsync(_ownDatabase, "select count(*) from log_transfer"), n => n[0] == 1, "The meter waits");
        await ExecuteAsync(_ownDatabase, "create table kept as select * from log_transfer");
        await _grid!.KillAsync();
        await _further.StartAgainAsync();
        await StartAsync();
        await Eventually.GetAsync(() => NumbersAsync(_ownDatabase, "select count(*) from log_transfer"), n => n[0] == 0, "The meter has left");

        // As if the process had died when the record was appended and not yet deleted: it is there again, and arrives once.
        var heads = await NumbersAsync(_furtherDatabase, "select next_position from log_head order by partition");
        await ExecuteAsync(_ownDatabase,
            "insert into log_transfer (partition, position, sequence, to_partition, record_count, payload) select partition, position, sequence, "
                + "to_partition, record_count, payload from kept");
        await Eventually.GetAsync(() => NumbersAsync(_ownDatabase, "select count(*) from log_transfer"), n => n[0] == 0, "The meter has left again");
        Assert.Equal(heads, await NumbersAsync(_furtherDatabase, "select next_position from log_head order by partition"));
        await PushAsync([here[2]], 3);
        await PushAsync([here[3], there[3]], 2);
        await BalanceAsync(there[2], "-1.000000000");
        await BalanceAsync(there[3], "-1.000000000");

        // The grid's own server dies, too; everybody sends everything again, and the books balance.
        await _own.CrashAsync();
        await PushAsync(ids, 1);
        await BalanceAsync(there[3], "-1.000000000");
        var (status, output) = await _grid!.AuditAsync();
        Assert.True(status == 0, output);
        Assert.Matches(@"partitions\s+8 \(8 with their whole log\)", output);
        Assert.Matches($@"meters\s+{Accounts + 3}\b", output);
        Assert.Equal(0, await _grid.StopAsync());

        // A server that is not the grid's, or is missing, is named at the start.
        Assert.Contains("lies on 2 server(s), of which 1 are configured", await FailureAsync(null), StringComparison.Ordinal);
        Assert.Contains("is not this grid's log server 1", await FailureAsync(await OtherGridsAsync()), StringComparison.Ordinal);
        await ExecuteAsync(_furtherDatabase, "update log_head set next_position = 1 where partition = 1");
        Assert.Contains("restored to an earlier time", await FailureAsync(_furtherDatabase), StringComparison.Ordinal);
    }

    private static DateTimeOffset At(int hour) => DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture).AddHours(hour);

    private async Task StartAsync()
    {
        _client?.Dispose();
        await (_grid?.DisposeAsync() ?? ValueTask.CompletedTask);
        _grid = await GridProcess.StartAsync(Path.Combine(_folder.Path, "data"), _ownDatabase, _grid?.Url, ("Grid__Partitions", "8"),
            ("Log__Servers__0", _furtherDatabase), ("Grid__StatePeriodSeconds", "2"));
        _client = _grid.Client();
    }

    /// <summary>Each hour is one kilowatt-hour.</summary>
    private async Task<HttpStatusCode> StatusAsync(IEnumerable<string> meters, int hour)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", _grid!.AdministratorKey);
        var lines = string.Concat(
            meters.Select(
                m => string.Create(CultureInfo.InvariantCulture,
                    $"{{\"meter\":\"{m}\",\"ts\":{At(hour).ToUnixTimeMilliseconds()},\"value\":{hour * 1000}}}\n")));
        using var response = await http.PostAsync(_grid.Url + "/v1/readings", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));
        return response.StatusCode;
    }

    private Task PushAsync(IReadOnlyList<string> meters, int hour) =>
        Eventually.GetAsync(() => StatusAsync(meters, hour), s => s == HttpStatusCode.OK, $"Hour {hour} is taken");

    private async Task MoveAsync(string meter, string account, int hour)
    {
        await Client.SendMoveAsync(meter, account, At(hour));
        await PushAsync([meter], hour);
    }

    private async Task BalancesAsync(IEnumerable<string> ids, string amount)
    {
        foreach (var id in ids)
        {
            await BalanceAsync(id, amount);
        }
    }

    private Task BalanceAsync(string id, string amount) => Eventually.GetAsync(
        async () =>
        {
            try
            {
                return (await Client.GetAsync<BalanceAnswer>($"/v1/accounts/{id}/balance")).Amount;
            }
            catch (GridException e)
            {
                return e.Message;
            }
        },
        a => a == amount, $"The balance of {id} is {amount}");

    private async Task<List<string>> AccountsAsync(string where)
    {
        await using var connection = new NpgsqlConnection(_ownDatabase);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select id from account where {where} order by number", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    private static async Task<List<long>> NumbersAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var numbers = new List<long>();
        while (await reader.ReadAsync())
        {
            numbers.Add(reader.GetInt64(0));
        }

        return numbers;
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A database that has a log of somebody else.</summary>
    private async Task<string> OtherGridsAsync()
    {
        var database = await _further.CreateDatabaseAsync();
        await ExecuteAsync(database, Streams.Postgres.PostgresLogSchema.Sql + "insert into log_head select generate_series(0, 7), 5;");
        return database;
    }

    private async Task<string> FailureAsync(string? further)
    {
        (string, string)[] settings = [("Grid__Partitions", "8"), .. further is null ? Array.Empty<(string, string)>() : [("Log__Servers__0", further)]];
        return (await Assert.ThrowsAsync<InvalidOperationException>(
            () => GridProcess.StartAsync(Path.Combine(_folder.Path, "data"), _ownDatabase, null, settings))).Message;
    }
}
