using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Security;
using AccountGrid.LoadTest.Targets;
using Npgsql;

namespace AccountGrid.Cluster.Tests;

/// <summary>A tariff that one silo has just registered, for accounts that another one folds.</summary>
public sealed class TariffTests
{
    [Fact]
    public async Task A_new_tariff_is_known_to_every_silo_before_it_folds_what_uses_it()
    {
        await using var database = await LoadDatabase.StartAsync(null);
        var connectionString = await database.DatabaseAsync("tariffs");
        await using var grid = await LocalGrid.StartAsync(database.Folder, connectionString, 2, new Dictionary<string, string> { ["Grid__Partitions"] = "16" });
        using var client = new GridClient(grid.Urls[0], grid.Key);
        await client.RegisterAsync("/v1/tariffs", Flat("first", "0.50"));
        await client.RegisterAsync("/v1/gateways", new GatewayRequest("G1"));

        // Enough accounts that both silos have some; each has been folded for, so every partition is awake.
        var ids = Enumerable.Range(0, 32).Select(i => $"T{i}").ToList();
        foreach (var id in ids)
        {
            await client.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, "first", OpenedOn: new DateOnly(2026, 3, 1)));
        }

        await client.RegisterAsync("/v1/tariffs", Flat("second", "0.75"));
        foreach (var id in ids)
        {
            Assert.True((await client.PostAsync<AccountAnswer>($"/v1/accounts/{id}/tariff", new ChangeTariffRequest("second", new DateOnly(2026, 3, 2)))).Open);
        }

        await client.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("NEW", "second", OpenedOn: new DateOnly(2026, 3, 1)));
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var owners = source.CreateCommand("select count(distinct owner) from partition"))
        {
            Assert.Equal(2L, await owners.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        await using var quarantined = source.CreateCommand("select count(*) from quarantined_record");
        Assert.Equal(0L, await quarantined.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private static TariffDefinition Flat(string id, string price) => new() { Id = id, Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", price)] };
}
