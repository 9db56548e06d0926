using System.Globalization;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The example's gateway and a grid, each a process, each killed: balances are exact.</summary>
public sealed class GatewayProcessTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.Parse("2026-03-02T00:00:00+08:00", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_gateway_and_a_grid_that_are_killed_lose_nothing_and_double_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        var grid = await StartAsync(folder, database, null);
        var url = grid.Url;
        string key;
        using (var admin = grid.Client())
        {
            key = await OpenAsync(admin);
        }

        await using (var first = Gateway())
        {
            await first.FeedAsync(Lines(0, 100));
            await BalanceAsync(grid, "-50.0");

            // The grid is gone: the gateway goes on taking readings, and is killed with them.
            await grid.KillAsync();
            await grid.DisposeAsync();
            await first.FeedAsync(Lines(100, 100));
            await first.KillAsync();
        }

        // And in the middle of a line.
        var last = Directory.GetFiles(folder.Of("gateway"), "*.seg").Order().Last();
        await File.AppendAllTextAsync(last, "0badc0de {\"meter\":\"EX-A\",\"ts\":17");
        grid = await StartAsync(folder, database, url);
        await using var _ = grid;
        await using (var second = Gateway())
        {
            // What its caller is not sure about is added again, and two readings are wrong.
            await second.FeedAsync([.. Lines(150, 150), $"EX-A,{Begin.AddDays(1):O},-5", $"EX-NEW,{Begin:O},5"]);
            await second.SaysAsync($"rejected EX-A {Begin.AddDays(1).UtcDateTime:yyyy-MM-dd}");
            await second.KillAsync();
        }

        await using var third = Gateway();
        await third.FeedAsync(Lines(300, 100));
        Assert.Equal(0, await third.EndAsync());
        Assert.Contains("sent; 1 wait to be sent later", third.Output, StringComparison.Ordinal);
        await BalanceAsync(grid, "-200.0");
        var (status, output) = await grid.AuditAsync();
        Assert.True(status == 0, output);

        ExampleGateway Gateway() => ExampleGateway.Start("Gateway", url, key, folder.Of("gateway"), "EX1");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_gateway_that_waits_for_a_line_ends_at_a_signal(string signal)
    {
        using var folder = new TemporaryFolder();
        await using var gateway = ExampleGateway.Start("Gateway", $"http://127.0.0.1:{GridProcess.FreePort()}", "key", folder.Path, "EX1");
        await gateway.FeedAsync(Lines(0, 2));
        Assert.Equal(0, await gateway.StopAsync(signal));
        await gateway.SaysAsync("stopped; 2 are kept for the next start. ");
    }

    private static Task<GridProcess> StartAsync(TemporaryFolder folder, string database, string? url) =>
        GridProcess.StartAsync(folder.Of("grid"), database, url, ("Grid__Partitions", "4"));

    private static async Task<string> OpenAsync(GridClient admin)
    {
        await admin.RegisterAsync("/v1/tariffs", GridFixture.Flat());
        await admin.RegisterAsync("/v1/gateways", new GatewayRequest("EX1"));
        await admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("EX-A", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("EX-A", "EX1", "EX-A", Begin.AddDays(-1)));
        return (await admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "example", "EX1"))).Key;
    }

    /// <summary>Readings of a thousand watt-hours each, five minutes apart.</summary>
    private static List<string> Lines(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"EX-A,{Begin.AddMinutes(5 * i):O},{(i + 1) * 1000}"))];

    private static async Task BalanceAsync(GridProcess grid, string amount)
    {
        using var admin = grid.Client();
        await Eventually.GetAsync(() => admin.GetAsync<BalanceAnswer>("/v1/accounts/EX-A/balance"),
            b => b.Amount.StartsWith(amount, StringComparison.Ordinal), $"Balance {amount}");
    }
}
