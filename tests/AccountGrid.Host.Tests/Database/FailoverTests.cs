using System.Text;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Host.Tests.Database;

/// <summary>A database server that its standby takes the place of, under a process that goes on.</summary>
public sealed class FailoverTests
{
    /// <summary>
    /// The standby is lost, the wait of a push for it is cancelled, and the record is there for all to see, on one disk: it is folded. Then that server is
    /// lost.
    /// </summary>
    [Fact]
    public async Task What_only_the_old_server_had_counts_nowhere_once_its_standby_leads()
    {
        await using var server = await TestPostgres.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var standby = await Standby.StartAsync(server, "s1");
        await server.ExecuteAsync(database, "alter system set synchronous_standby_names = 's1'", "select pg_reload_conf()");
        var both = new NpgsqlConnectionStringBuilder(database) { Host = $"{server.Places.Socket},{standby.Socket}" };
        await using var grid = new GridFixture { More = [$"--ConnectionStrings:AccountGrid={both.ConnectionString}", "--Grid:Silos=1"] };
        await grid.InitializeAsync();
        await grid.OpenAsync("OLD1");
        using var gateway = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "gateway", "G1"))).Key);
        Assert.Equal(200, await PushAsync(grid, gateway, "01:00", 1_000));
        await grid.BalanceAsync("OLD1", "-0.500000000");

        await standby.StopAsync();
        var push = PushAsync(grid, gateway, "02:00", 2_000);
        await Eventually.GetAsync(async () =>
        {
            await CancelAppendsAsync(server);
            return push.IsCompleted;
        }, done => done, "The push is answered");
        Assert.Equal(503, await push);
        await grid.BalanceAsync("OLD1", "-1.000000000");

        await server.KillAsync();
        await standby.StartAgainAsync();
        await standby.PromoteAsync();
        await AcceptedAsync("03:00", 1_200);
        await grid.BalanceAsync("OLD1", "-0.600000000");

        // The old server comes back by itself, and takes itself for the primary: it is passed over, although it is named first.
        await server.StartAgainAsync();
        await AcceptedAsync("04:00", 1_400);
        await grid.BalanceAsync("OLD1", "-0.700000000");
        await grid.AssertAuditAsync();

        Task AcceptedAsync(string at, long wh) =>
            Eventually.GetAsync(() => PushAsync(grid, gateway, at, wh), status => status == 200, $"The reading of {at} is taken");
    }

    private static async Task<int> PushAsync(GridFixture grid, HttpClient gateway, string at, long wh)
    {
        var line = $"{{\"meter\":\"OLD1\",\"ts\":\"2026-03-01T{at}:00+08:00\",\"value\":{wh}}}";
        return (await grid.SendAsync(HttpMethod.Post, "/v1/readings", new StringContent(line, Encoding.UTF8, "application/x-ndjson"), http: gateway)).Status;
    }

    private static async Task CancelAppendsAsync(TestPostgres server)
    {
        await using var connection = new NpgsqlConnection(server.AdministratorConnectionString);
        await connection.OpenAsync();
        await using var cancel = new NpgsqlCommand(
            "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' and query like '%log_append%'", connection);
        await cancel.ExecuteNonQueryAsync();
    }
}
