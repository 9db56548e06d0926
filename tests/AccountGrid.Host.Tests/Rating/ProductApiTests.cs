using System.Globalization;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Rating;

/// <summary>A product from the announcement of another price over its midnight to the comparison with other products.</summary>
public sealed class ProductApiTests : IAsyncLifetime
{
    /// <summary>The clock begins on the morning of 2 March in Shanghai; business packs ask for three days of notice, residential ones for seven.</summary>
    private readonly CustomerGrid _customers = new();

    private GridFixture Grid => _customers.Grid;

    public ValueTask InitializeAsync() => _customers.InitializeAsync();

    public ValueTask DisposeAsync() => _customers.DisposeAsync();

    [Fact]
    public async Task A_price_is_announced_takes_effect_at_midnight_and_is_explained()
    {
        Assert.Equal((201, null), await AnnounceAsync(Price("home", 1, "1", null)));
        await OpenAsync("PROD-1", null);
        await OpenAsync("PROD-2", 1);
        Assert.Equal((422, "tariff.announced_late"), await AnnounceAsync(Price("home", 2, "10", "2026-03-09")));
        Assert.Equal((422, "tariff.announced_late"), await AnnounceAsync(Price("home", 2, "10", "2026-01-01")));
        Assert.Equal((422, "tariff.announced_late"), await AnnounceAsync(Price("home", 2, "10", null)));
        Assert.Equal((422, "tariff.incompatible"), await AnnounceAsync(Price("home", 2, "10", "2026-03-10") with { Zone = "Asia/Tokyo" }));
        Assert.Equal((201, null), await AnnounceAsync(Price("home", 2, "10", "2026-03-10")));
        Assert.Equal((200, null), await AnnounceAsync(Price("home", 2, "10", "2026-03-10")));
        Assert.Equal((409, "tariff.immutable"), await AnnounceAsync(Price("home", 2, "11", "2026-03-10")));
        Assert.Equal((409, "tariff.day_taken"), await AnnounceAsync(Price("home", 3, "3", "2026-03-10")));
        Assert.Equal((201, null), await AnnounceAsync(Price("home", 3, "100", "2026-03-12")));
        Assert.Equal(["3 announced", "2 announced", "1 in-force"], await StatesAsync("home"));

        // 9 March, over its midnight, 10 March: at 1 and at 10 for who follows, at 1 for who agreed on the first version.
        await ToAsync("2026-03-10T12:00:00+08:00");
        foreach (var id in new[] { "PROD-1", "PROD-2" })
        {
            await Grid.PushAsync(
                (id, "2026-03-09T23:00:00+08:00", 1_000), (id, "2026-03-10T00:00:00+08:00", 2_000), (id, "2026-03-10T01:00:00+08:00", 3_000));
        }

        await Grid.BalanceAsync("PROD-1", "-12.000000000");
        await Grid.BalanceAsync("PROD-2", "-3.000000000");
        await AssertWithdrawnAsync();
        await ToAsync("2026-03-13T12:00:00+08:00");
        await Grid.PushAsync(("PROD-1", "2026-03-13T01:00:00+08:00", 4_000));
        await Grid.BalanceAsync("PROD-1", "-22.000000000");
        var explained = await Grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/PROD-1/explain");
        Assert.True(explained.Agrees);
        Assert.Equal([1, 2], explained.Periods.Select(p => p.TariffVersion));
        await ToAsync("2026-03-16T12:00:00+08:00");
        await Grid.AssertAuditAsync();
    }

    /// <summary>The third version is withdrawn before its day, at one of its last moments, and its day is free again.</summary>
    private async Task AssertWithdrawnAsync()
    {
        var accounts = await Task.WhenAll(new[] { "PROD-1", "PROD-2" }.Select(id => Grid.Admin.GetAsync<AccountAnswer>($"/v1/accounts/{id}")));
        Assert.Equal([("home", 2, true), ("home", 1, false)], accounts.Select(a => (a.Tariff, a.TariffVersion, a.FollowsProduct)));
        Assert.Equal((409, "tariff.begun"), await WithdrawAsync("home", 2));
        Assert.Equal((409, "tariff.begun"), await WithdrawAsync("home", 1));
        Assert.Equal((404, "tariff.unknown"), await WithdrawAsync("home", 9));
        Assert.Equal((404, "tariff.unknown"), await WithdrawAsync("nothing", 1));
        Assert.Equal(["3 announced", "2 in-force", "1 ended"], await StatesAsync("home"));
        await ToAsync("2026-03-11T21:30:00+08:00");
        Assert.Equal((200, null), await WithdrawAsync("home", 3));
        Assert.Equal((200, null), await WithdrawAsync("home", 3));
        Assert.Equal(["3 withdrawn", "2 in-force", "1 ended"], await StatesAsync("home"));
        Assert.Equal((409, "tariff.withdrawn"), await AnnounceAsync(Price("home", 3, "100", "2026-03-12")));
        Assert.Equal((409, "tariff.withdrawn"),
            await _customers.CodeAsync(HttpMethod.Post, "/v1/accounts/PROD-2/tariff", new ChangeTariffRequest("home", new(2026, 3, 20), 3)));
        Assert.Equal((404, "tariff.unknown"), await _customers.CodeAsync(HttpMethod.Get, "/v1/tariffs/nothing"));
    }

    [Fact]
    public async Task Closed_months_are_rated_under_other_products()
    {
        await AnnounceAsync(Price("own", 1, "0.50", null));
        await AnnounceAsync(Price("own", 2, "0.80", "2026-03-20"));
        await AnnounceAsync(Price("cheap", 1, "0.40", null) with { StandingPerDay = "0.10" });
        await AnnounceAsync(Price("tokyo", 1, "0.40", null) with { Zone = "Asia/Tokyo" });
        await OpenAsync("RATE-1", null);
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts/RATE-1/tariff", new ChangeTariffRequest("own", new(2026, 3, 3)));
        var path = "/v1/accounts/RATE-1/rate-comparisons";
        Assert.Equal((422, "tariff.nothing_to_compare"), await _customers.CodeAsync(HttpMethod.Post, path, Compare("cheap")));
        for (var day = 3; day <= 31; day++)
        {
            await ToAsync($"2026-03-{day:00}T23:30:00+08:00");
            await Grid.PushAsync(("RATE-1", $"2026-03-{day:00}T23:00:00+08:00", ((day - 2) * 1_000) + (day % 2)));
        }

        await ToAsync("2026-04-06T12:00:00+08:00");
        await Grid.SweepAsync();
        await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        var answer = await Eventually.GetAsync(
            () => Grid.Admin.PostAsync<RateComparisonAnswer>(path, new RateComparisonRequest([new("cheap"), new("own"), new("own", 1)], 3)),
            a => a.EnergyWh == 29_001, "All days of March");
        Assert.Equal(("2026-03-02", "2026-03-31"), (Day(answer.From), Day(answer.To)));
        var wh = answer.EnergyWh;
        Assert.Equal([("cheap", 1), ("own", 2), ("own", 1)], answer.Rates.Select(r => (r.Tariff, r.Version)));
        Assert.Equal((wh * 0.40m / 1_000) + 3.0m, Number(answer.Rates[0].WouldCost));
        Assert.Equal(wh * 0.80m / 1_000, Number(answer.Rates[1].WouldCost));
        Assert.Equal(wh * 0.50m / 1_000, Number(answer.Rates[2].WouldCost));

        // What it did cost is what was charged: at the first price until 19 March, at the second from the 20th on.
        Assert.InRange(Number(answer.Cost), Number(answer.Rates[2].WouldCost) + 1, Number(answer.Rates[1].WouldCost) - 1);
        Assert.Equal(Number(answer.Cost), -Number((await Grid.Admin.GetAsync<BalanceAnswer>("/v1/accounts/RATE-1/balance")).Amount));
        Assert.All(answer.Rates, r => Assert.Equal(Number(r.WouldCost) - Number(answer.Cost), Number(r.Difference)));
        await AssertRefusedByNameAsync(path);
        await Grid.AssertAuditAsync();
    }

    private async Task AssertRefusedByNameAsync(string path)
    {
        Assert.Equal((404, "account.unknown"), await _customers.CodeAsync(HttpMethod.Post, "/v1/accounts/RATE-0/rate-comparisons", Compare("cheap")));
        Assert.Equal((404, "tariff.unknown"), await _customers.CodeAsync(HttpMethod.Post, path, Compare("nothing")));
        Assert.Equal((422, "tariff.incompatible"), await _customers.CodeAsync(HttpMethod.Post, path, Compare("tokyo")));
        foreach (var (wrong, field) in new[]
        {
            (new RateComparisonRequest([]), "tariffs"), (new RateComparisonRequest([new("")]), "tariffs[0].tariff"),
            (Compare("cheap") with { Months = 0 }, "months"),
            (Compare("cheap") with { Months = 25 }, "months"), (new RateComparisonRequest([.. Enumerable.Repeat(new RateChoice("cheap"), 21)]), "tariffs"),
        })
        {
            var (status, body) = await Grid.SendAsync(HttpMethod.Post, path, wrong);
            Assert.Equal((400, "request.value_invalid"), (status, body.GetProperty("code").GetString()));
            Assert.StartsWith($"{field}: ", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_administrators_announce_and_withdraw_and_who_may_see_may_compare()
    {
        await AnnounceAsync(Price("roles", 1, "1", null));
        await AnnounceAsync(Price("roles", 2, "2", "2026-05-01"));
        using var client = await KeyAsync("client");
        using var auditor = await KeyAsync("auditor");
        foreach (var http in new[] { client, auditor })
        {
            Assert.Equal(403, (await _customers.CodeAsync(HttpMethod.Post, "/v1/tariffs/roles/versions/2/withdrawal", http: http)).Status);
            Assert.Equal(200, (await _customers.CodeAsync(HttpMethod.Get, "/v1/tariffs/roles", http: http)).Status);
        }
    }

    /// <summary>A process that has read products reads them again before it folds what it might decide otherwise, and no sooner.</summary>
    [Fact]
    public async Task Another_process_has_a_version_and_its_withdrawal_before_it_folds_by_them()
    {
        await AnnounceAsync(Price("shared", 1, "1", null));
        var other = new TariffCatalog(Grid.Database, Grid.Time);
        var now = Grid.Time.GetUtcNow().ToUnixTimeMilliseconds();
        other.Complete(now);
        await AnnounceAsync(Price("shared", 2, "2", "2026-05-01"));
        var (product, day) = (other.ProductOf("shared")!, new DateOnly(2026, 5, 1).DayNumber);
        other.Complete(now + (50 * 60_000));
        Assert.Equal(1, product.VersionOn(day)!.Definition.Version);
        other.Complete(now + (130 * 60_000));
        Assert.Equal(2, product.VersionOn(day)!.Definition.Version);
        Assert.Equal(1, product.VersionOn(day, now + (100 * 60_000))!.Definition.Version);
        Assert.Equal((200, null), await WithdrawAsync("shared", 2));
        other.Complete(now + (180 * 60_000));
        Assert.Equal(2, product.VersionOn(day)!.Definition.Version);
        other.Complete(now + (260 * 60_000));
        Assert.Equal(1, product.VersionOn(day)!.Definition.Version);
    }

    private static RateComparisonRequest Compare(string tariff) => new([new(tariff)]);

    private static TariffDefinition Price(string id, int version, string price, string? from) => new()
    {
        Id = id,
        Version = version,
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        EffectiveFrom = from is null ? null : DateOnly.ParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        Rates = [new("flat", price)],
    };

    private async Task OpenAsync(string id, int? version)
    {
        var product = id.StartsWith("PROD", StringComparison.Ordinal) ? "home" : "own";
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, product, version, OpenedOn: new(2026, 3, 2)));
        await Grid.Admin.PostAsync<MeterAnswer>(
            "/v1/meters", new InstallMeterRequest(id, "G1", id, new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8))));
    }

    private Task<(int Status, string? Code)> AnnounceAsync(TariffDefinition version) => _customers.CodeAsync(HttpMethod.Post, "/v1/tariffs", version);

    private Task<(int Status, string? Code)> WithdrawAsync(string id, int version) =>
        _customers.CodeAsync(HttpMethod.Post, $"/v1/tariffs/{id}/versions/{version}/withdrawal");

    private async Task<List<string>> StatesAsync(string id) =>
        (await Grid.Admin.GetAsync<ProductAnswer>($"/v1/tariffs/{id}")).Versions.Select(v => $"{v.Version} {v.State}").ToList();

    private Task ToAsync(string at)
    {
        Grid.Time.Shift(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) - Grid.Time.GetUtcNow());
        return Grid.SweepAsync();
    }

    private async Task<HttpClient> KeyAsync(string role) =>
        Grid.WithKey((await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest(role, role))).Key);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static decimal Number(string money) => decimal.Parse(money, CultureInfo.InvariantCulture);
}
