using System.Globalization;
using System.Text.Json;
using AccountGrid.Client;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>Real processes, killed between a message and its acknowledgement: nothing is lost, and no money moves twice.</summary>
public sealed class MqttFaultTests
{
    private const string Topic = "accountgrid/v1/FT1/readings";

    /// <summary>Both processes of a grid have the same.</summary>
    private static readonly string Key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    private static readonly DateTimeOffset Begin = DateTimeOffset.Parse("2026-03-02T00:00:00+08:00", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_bridge_that_is_killed_before_its_commit_loses_nothing_and_the_one_that_stood_by_takes_over()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await using var broker = await Mosquitto.StartAsync();
        using var folder = new Folders();
        await using var first = await StartAsync(folder.New(), database, broker);
        await StateAsync(first, "connected");
        await OpenAsync(first);
        await using var second = await StartAsync(folder.New(), database, broker);
        await StateAsync(second, "standing by");
        await PublishAsync(broker, 0, 5);
        await BalanceAsync(second, "-2.5");

        await using (var commits = await HoldCommitsAsync(database))
        {
            await PublishAsync(broker, 5, 25);
            await Eventually.GetAsync(() => ConnectionAsync(first),
                c => c.GetProperty("messages").GetInt64() == 25 && c.GetProperty("oldestUnacknowledged").ValueKind == JsonValueKind.String,
                "25 messages, not acknowledged");
            await first.KillAsync();
        }

        await BalanceAsync(second, "-12.5");
        var taken = await StateAsync(second, "connected");
        Assert.True(taken.GetProperty("redelivered").GetInt64() >= 20, taken.ToString());
        await AssertAuditAsync(second);
    }

    [Fact]
    public async Task A_database_that_is_away_a_broker_that_is_killed_and_a_bridge_that_is_stopped_lose_nothing()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await using var broker = await Mosquitto.StartAsync();
        using var folder = new Folders();
        var data = folder.New();
        await using var first = await StartAsync(data, database, broker);
        await StateAsync(first, "connected");
        await OpenAsync(first);

        await postgres.KillAsync();
        await PublishAsync(broker, 0, 10);
        await postgres.StartAgainAsync();
        await BalanceAsync(first, "-5.0");
        await StateAsync(first, "connected");

        // The broker dies with messages that it has delivered and that are not acknowledged.
        await using (var commits = await HoldCommitsAsync(database))
        {
            var before = (await ConnectionAsync(first)).GetProperty("messages").GetInt64();
            await PublishAsync(broker, 10, 20);
            await Eventually.GetAsync(() => ConnectionAsync(first), c => c.GetProperty("messages").GetInt64() >= before + 10, "10 messages, not acknowledged");
            await broker.SaveAsync(BodyOf(19));
            await broker.KillAsync();
            await broker.StartAgainAsync();
        }

        await BalanceAsync(first, "-10.0");
        var connected = await StateAsync(first, "connected");
        Assert.Equal(0, connected.GetProperty("sessionsLost").GetInt64());

        Assert.Equal(0, await first.StopAsync());
        await PublishAsync(broker, 20, 30);
        await using var again = await StartAsync(data, database, broker);
        await BalanceAsync(again, "-15.0");
        await AssertAuditAsync(again);
    }

    private static Task<GridProcess> StartAsync(string data, string database, Mosquitto broker) => GridProcess.StartAsync(data, database, null,
        ("Grid__Partitions", "4"), ("Mqtt__Server", "127.0.0.1"), ("Mqtt__Port", broker.Port.ToString(CultureInfo.InvariantCulture)),
        ("Mqtt__ReconnectMaxSeconds", "1"), ("Log__CommandTimeoutSeconds", "5"), ("Security__PersonalDataKey", Key));

    private static async Task OpenAsync(GridProcess process)
    {
        using var admin = process.Client();
        await admin.RegisterAsync("/v1/tariffs", GridFixture.Flat());
        await admin.RegisterAsync("/v1/gateways", new Security.GatewayRequest("FT1"));
        await admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("FT1-A", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("FT1-A", "FT1", "FT1-A", Begin.AddDays(-1)));
    }

    /// <summary>Publishes readings of a thousand watt-hours each, five minutes apart, a message each.</summary>
    private static async Task PublishAsync(Mosquitto broker, int from, int until)
    {
        await using var gateway = await TestGateway.ConnectAsync(broker.Port);
        for (var i = from; i < until; i++)
        {
            await gateway.PublishAsync(Topic, BodyOf(i));
        }
    }

    private static string BodyOf(int i) => $"{{\"meter\":\"FT1-A\",\"ts\":{Begin.AddMinutes(5 * i).ToUnixTimeMilliseconds()},\"value\":{(i + 1) * 1000}}}";

    /// <summary>Nothing can be committed to the log until it is disposed.</summary>
    private static async Task<NpgsqlConnection> HoldCommitsAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("begin; lock table log_head in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task<JsonElement> ConnectionAsync(GridProcess process)
    {
        using var admin = process.Client();
        return (await admin.GetAsync<JsonElement>("/v1/mqtt")).GetProperty("connections")[0];
    }

    private static Task<JsonElement> StateAsync(GridProcess process, string state) =>
        Eventually.GetAsync(() => ConnectionAsync(process), c => c.GetProperty("state").GetString() == state, $"The bridge is {state}");

    private static Task<BalanceAnswer?> BalanceAsync(GridProcess process, string amount) => Eventually.GetAsync(async () =>
    {
        using var admin = process.Client();
        try
        {
            return await admin.GetAsync<BalanceAnswer>("/v1/accounts/FT1-A/balance");
        }
        catch (GridException)
        {
            return null;
        }
    }, b => b?.Amount.StartsWith(amount, StringComparison.Ordinal) == true, $"Balance {amount}");

    private static async Task AssertAuditAsync(GridProcess process)
    {
        var (status, output) = await process.AuditAsync();
        Assert.True(status == 0, output);
    }

    private sealed class Folders : IDisposable
    {
        private readonly List<string> _all = [];

        public string New()
        {
            _all.Add(Directory.CreateTempSubdirectory("ag-mf-").FullName);
            return _all[^1];
        }

        public void Dispose() => _all.ForEach(f => Directory.Delete(f, recursive: true));
    }
}
