using System.Globalization;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Host.Tests.Gateways;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Grpc;

/// <summary>A stranger's gateway, which knows the .proto alone, and a grid that is killed under it.</summary>
public sealed class GrpcExampleTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.Parse("2026-03-02T00:00:00+08:00", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_strangers_gateway_sends_again_what_a_killed_grid_did_not_answer()
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        var port = GridProcess.FreePort();
        var grid = await StartAsync(null);
        string key;
        using (var admin = grid.Client())
        {
            key = await OpenAsync(admin);
        }

        await using var gateway = ExampleGateway.Start("GrpcGateway", $"http://127.0.0.1:{port}", key);
        await gateway.WriteAsync(Lines(0, 50));
        await gateway.SaysAsync("batch 5: 10 accepted, 0 rejected");
        await grid.KillAsync();
        await grid.DisposeAsync();
        await gateway.WriteAsync([.. Lines(50, 48), $"EX-NEW,{Begin:O},5", $"EX-A,{Begin:O},-5"]);
        await gateway.SaysAsync("batches wait");
        grid = await StartAsync(grid.Url);
        await using var _ = grid;
        await gateway.WriteAsync(Lines(98, 5));
        Assert.Equal(0, await gateway.EndOfInputAsync());
        Assert.Contains("batch 10: 8 accepted, 2 rejected", gateway.Output, StringComparison.Ordinal);
        Assert.Contains("reading 8: reading.meter_unknown", gateway.Output, StringComparison.Ordinal);
        Assert.Contains("reading 9: reading.value_out_of_range", gateway.Output, StringComparison.Ordinal);
        Assert.Contains("batch 11: 5 accepted, 0 rejected", gateway.Output, StringComparison.Ordinal);
        using var client = grid.Client();
        await Eventually.GetAsync(() => client.GetAsync<BalanceAnswer>("/v1/accounts/EX-A/balance"),
            b => b.Amount.StartsWith("-51.5", StringComparison.Ordinal), "Balance -51.5");
        var (status, output) = await grid.AuditAsync();
        Assert.True(status == 0, output);

        Task<GridProcess> StartAsync(string? url) => GridProcess.StartAsync(folder.Of("grid"), database, url, ("Grid__Partitions", "4"),
            ("Grpc__Port", port.ToString(CultureInfo.InvariantCulture)));
    }

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
}
