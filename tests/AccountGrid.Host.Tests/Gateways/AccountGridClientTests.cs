using AccountGrid.Client;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The package's clients against a grid, as a program with dependency injection uses them.</summary>
public sealed class AccountGridClientTests(GridFixture grid)
{
    private static readonly DateTimeOffset From = new(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public async Task It_pays_once_per_key_and_reads_accounts_ledgers_and_lists()
    {
        await grid.OpenAsync("PKG-1");
        await using var services = Services(out var client);
        var receipt = await client.PayAsync("PKG-1", new Payment(12.345678901m, "bank", "ref"), "k1");
        Assert.Equal(12.345678901m, receipt.Amount);
        Assert.Equal(receipt, await client.PayAsync("PKG-1", new Payment(12.345678901m, "bank", "ref"), "k1"));
        Assert.Equal(12.345678901m, (await client.GetBalanceAsync("PKG-1", receipt.Position)).Amount);
        var refund = await client.RefundAsync("PKG-1", new Refund(2m, "asked for"), "k2");
        Assert.Equal(-2m, refund.Receipt!.Amount);
        var account = await client.GetAccountAsync("PKG-1");
        Assert.Equal(("PKG-1", true, "CNY", "Asia/Shanghai", 10.345678901m), (account.Id, account.Open, account.Currency, account.Zone, account.Balance));
        Assert.Equal("PKG-1", Assert.Single(account.Meters).Meter);
        var entries = await Eventually.GetAsync(async () => await client.GetEntriesAsync("PKG-1").ToListAsync(), e => e.Count >= 2, "Two entries");
        Assert.Contains(entries, e => e is { Amount: 12.345678901m, Reference: "ref" });
        var many = await client.GetBalancesAsync(["PKG-1", "PKG-NONE", .. Enumerable.Range(0, 2_500).Select(i => $"PKG-N{i}")]);
        Assert.Equal(10.345678901m, Assert.Single(many.Data).Amount);
        Assert.Equal(2_501, many.Unknown.Count);
        var energy = await client.GetEnergyAsync("PKG-1", EnergyBy.Day, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 2));
        Assert.Equal(new DateOnly(2026, 3, 1), energy.From);
        var reversed = await client.ReverseAsync("PKG-1", new Reversal(receipt.Id, "bounced"), "k3");
        Assert.Equal(-12.345678901m, reversed.Amount);
        await Eventually.GetAsync(async () => await client.GetTimelineAsync("PKG-1", "money").ToListAsync(), t => t.Count >= 3, "Three rows");
    }

    [Fact]
    public async Task A_refusal_is_an_exception_with_its_code()
    {
        await using var services = Services(out var client);
        var refused = await Assert.ThrowsAsync<GridException>(() => client.GetAccountAsync("PKG-NONE"));
        Assert.Equal((System.Net.HttpStatusCode.NotFound, "account.unknown"), (refused.Status, refused.Code));
        await Assert.ThrowsAsync<GridException>(async () => await client.WatchBalanceAsync("PKG-NONE").FirstAsync());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAccountAsync("PKG-NONE", cancelled.Token));
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_to_its_end()
    {
        await grid.OpenAsync("PKG-2");
        await using var services = Services(out var client);
        await Parallel.ForEachAsync(Enumerable.Range(0, 501), async (i, _) => await client.PayAsync("PKG-2", new Payment(1m, "bank"), $"p{i}"));
        var entries = await Eventually.GetAsync(async () => await client.GetEntriesAsync("PKG-2").ToListAsync(), e => e.Count == 501, "501 entries");
        Assert.Equal(501, entries.DistinctBy(e => e.Id).Count());
    }

    [Fact]
    public async Task A_hosted_gateway_sends_what_it_is_given_and_does_relay_commands()
    {
        await grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest("GPKG"));
        await grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("PKG-3", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("PKG-3", "GPKG", "PKG-3", From));
        var key = (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "package", "GPKG"))).Key;

        // A test of a relay, at a meter that is on no account.
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("PKG-R", "GPKG", InstalledAt: DateTimeOffset.UnixEpoch.AddYears(56)));
        await grid.SendAsync(HttpMethod.Put, "/v1/meters/PKG-R/relay-test", new { action = "off" });
        using var folder = new TemporaryFolder();
        var orders = new List<RelayOrder>();
        using var host = Microsoft.Extensions.Hosting.Host.CreateDefaultBuilder().ConfigureServices(s => s.AddAccountGridGateway(o =>
        {
            (o.Url, o.Key, o.Folder, o.Gateway) = (new Uri(grid.Host.Url), key, folder.Path, "GPKG");
            o.OnRejected = (_, _) => Task.CompletedTask;
            o.OnRelay = (order, _) =>
            {
                lock (orders)
                {
                    orders.Add(order);
                }

                return Task.FromResult<RelayState?>(order.Action);
            };
        })).Build();
        await host.StartAsync();
        var gateway = host.Services.GetRequiredService<GatewayClient>();
        await gateway.AddAsync(new Reading("PKG-3", From.AddHours(1), 4, 3));
        await gateway.WhenSentAsync();
        await grid.BalanceAsync("PKG-3", "-2.0");
        Assert.Null(gateway.LastProblem);
        Assert.InRange(gateway.ClockOffset!.Value.TotalSeconds, -30, 30);

        await Eventually.GetAsync(() => Task.FromResult(Orders()), o => o.Exists(r => r is { Meter: "PKG-R", Action: RelayState.Off }), "The command has come");
        await Eventually.GetAsync(() => ScalarAsync("select confirmed_ms from relay_test t join meter m on m.number = t.meter where m.id = 'PKG-R'"),
            c => c is long, "The state is reported");
        await host.StopAsync();

        List<RelayOrder> Orders()
        {
            lock (orders)
            {
                return [.. orders];
            }
        }
    }

    private ServiceProvider Services(out AccountGridClient client)
    {
        var services = new ServiceCollection();
        services.AddAccountGridClient(new Uri(grid.Host.Url), grid.Host.AdministratorKey);
        var provider = services.BuildServiceProvider();
        client = provider.GetRequiredService<AccountGridClient>();
        return provider;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = grid.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
