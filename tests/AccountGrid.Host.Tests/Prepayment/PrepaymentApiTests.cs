using System.Globalization;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;
using AccountGrid.Host.Prepayment;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Prepayment;

/// <summary>Prepaid terms from a customer's own month to the border at which they begin, or do not.</summary>
public sealed class PrepaymentApiTests(PrepaymentApiTests.PrepaidTown town) : IClassFixture<PrepaymentApiTests.PrepaidTown>
{
    private readonly CustomerGrid _customers = town.Customers;
    private readonly GridFixture _grid = town.Customers.Grid;

    [Fact]
    public async Task A_month_is_rated_again_and_says_how_often_a_warning_would_have_come()
    {
        var own = await FiguresAsync("PRE-1", "");
        Assert.Equal(("2026-04-01", "2026-04-30", 30), (Day(own.From), Day(own.To), own.DaysWithUse));
        Assert.Equal(own.Cost, own.WouldCost);
        Assert.Equal(decimal.Parse(own.LateFees, CultureInfo.InvariantCulture), decimal.Parse(own.Saving, CultureInfo.InvariantCulture));

        // What it has cost is what was charged for these days: 0.50 a kWh.
        Assert.Equal(own.EnergyWh / 2_000m, decimal.Parse(own.Cost, CultureInfo.InvariantCulture));
        var charged = await SumAsync(
            "select coalesce(sum(-e.energy_nano), 0)::bigint from entry e join account a on a.number = e.account and a.partition = e.partition "
                + "where a.id = 'PRE-1' and e.day between '2026-04-01' and '2026-04-30'");
        Assert.Equal(Math.Abs(charged) / 1_000_000_000m, decimal.Parse(own.Cost, CultureInfo.InvariantCulture));
        var cheap = await FiguresAsync("PRE-1", "?tariff=cheap&level=20&topUp=50");
        Assert.Equal(own.EnergyWh * 0.40m / 1_000, decimal.Parse(cheap.WouldCost, CultureInfo.InvariantCulture));
        Assert.Equal((own.EnergyWh * 0.10m / 1_000) + decimal.Parse(own.LateFees, CultureInfo.InvariantCulture),
            decimal.Parse(cheap.Saving, CultureInfo.InvariantCulture));

        // 20 kWh a day cost 8: a top-up of 50 comes to 20 or less with the fourth day, and then every sixth or seventh.
        Assert.Equal(("20.000000000", "50.000000000", 5, 6, 0), (cheap.Level, cheap.TopUp, cheap.Warnings, cheap.TopUps, cheap.DaysBelowZero));
        Assert.Equal((422, "prepayment.too_little_known"), await CodeAsync(HttpMethod.Get, "/v1/accounts/PRE-NEW/prepayment-offer"));
        Assert.Equal("tariff.unknown", (await CodeAsync(HttpMethod.Get, "/v1/accounts/PRE-1/prepayment-offer?tariff=nothing")).Code);
        Assert.Equal((422, "amount.invalid"), await CodeAsync(HttpMethod.Get, "/v1/accounts/PRE-1/prepayment-offer?topUp=0.5"));
        Assert.Equal((404, "account.unknown"), await CodeAsync(HttpMethod.Get, "/v1/accounts/PRE-0/prepayment-offer"));
    }

    [Fact]
    public async Task Who_has_agreed_is_prepaid_from_the_border_of_the_month_and_who_owes_stays_as_before()
    {
        foreach (var id in new[] { "PRE-2", "PRE-3", "PRE-4", "PRE-5" })
        {
            var offer = await OfferAsync(id);
            Assert.Equal(("offered", PrepaymentTexts.Version), (offer.State, offer.TextVersion));
            Assert.Contains(Amount(offer.Figures.WouldCost), offer.TextZh, StringComparison.Ordinal);
            Assert.Contains(Amount(offer.Figures.WouldCost), offer.TextEn, StringComparison.Ordinal);
            Assert.Equal(offer.Id, (await OfferAsync(id)).Id);
            var path = $"/v1/accounts/{id}/prepayment-offers/{offer.Id}/consent";
            var consent = new PrepaymentConsentRequest($"paper {id}", offer.TextVersion, DebtPerDay: id == "PRE-4" ? "1" : "0");
            Assert.Equal((422, "prepayment.text_differs"), await CodeAsync(HttpMethod.Post, path, consent with { TextVersion = "prepay-0" }, _second));
            Assert.Equal((422, "mode.no_consent"), await CodeAsync(HttpMethod.Post, path, consent with { Reference = " " }, _second));
            Assert.Equal((404, "prepayment.offer_unknown"), await CodeAsync(
                HttpMethod.Post, $"/v1/accounts/PRE-1/prepayment-offers/{offer.Id}/consent", consent, _second));
            for (var i = 0; i < 2; i++)
            {
                var (status, body) = await _grid.SendAsync(HttpMethod.Post, path, consent, http: _second);
                Assert.True(status == 200 && body.GetProperty("state").GetString() == "consented", body.ToString());
                Assert.Equal("2026-06-01", body.GetProperty("switchDay").GetString());
            }

            // Whoever recorded the consent cannot be the second person. Of PRE-5's nobody speaks: it waits for another month.
            var asked = (await OfferAsync(id)).Approval!.Value;
            var shown = await _grid.Admin.GetAsync<ApprovalAnswer>($"/v1/approvals/{asked}");
            Assert.Equal("prepayment", shown.Kind);
            var answer = new ApprovalDecision(true, shown.Hash);
            Assert.Equal(409, (await _grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked}", answer, http: _second)).Status);
            if (id != "PRE-5")
            {
                Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked}", answer)).Status);
            }

            Assert.Equal((409, "prepayment.offer_over"), await CodeAsync(HttpMethod.Post, path, consent with { Reference = "another" }, _second));
        }

        // The evening before nothing has changed; at midnight in Shanghai the new terms begin for whoever owes nothing, or has a debt agreement.
        await _customers.PayAsync("PRE-2", "2000");
        await ToAsync("2026-05-31T23:55:00+08:00");
        Assert.Equal(0, await Switcher.SwitchAsync());
        Assert.Equal("postpaid", await ModeAsync("PRE-2"));
        await ToAsync("2026-06-01T00:05:00+08:00");
        await Task.WhenAll(Switcher.SwitchAsync(), Switcher.SwitchAsync());
        Assert.Equal("switched", (await StateAsync("PRE-2")).State);
        Assert.Equal(("prepaid", "postpaid", "prepaid"), (await ModeAsync("PRE-2"), await ModeAsync("PRE-3"), await ModeAsync("PRE-4")));
        Assert.Equal(("refused", "mode.owed"), await StateAsync("PRE-3"));
        Assert.Equal(("consented", "2026-07-01"), await OfferAsync("PRE-5") is var later ? (later.State, Day(later.SwitchDay!.Value)) : default);
        Assert.Equal("postpaid", await ModeAsync("PRE-5"));
        var open = Assert.Single((await _grid.Admin.GetAsync<Page<CaseAnswer>>("/v1/cases?kind=prepayment-refused")).Data);
        Assert.Equal("PRE-3", open.Account);
        Assert.Contains("mode.owed", open.Subject, StringComparison.Ordinal);
        Assert.Equal(0, await Switcher.SwitchAsync());
        // The tariff of the offer is the account's from the border on; who was refused keeps the old one. The case is closed by a person.
        await ToAsync("2026-06-02T00:05:00+08:00");
        Assert.Equal(("cheap", "flat"), (await TariffAsync("PRE-2"), await TariffAsync("PRE-3")));
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, $"/v1/cases/{open.Id}/close", new CloseCaseRequest("will pay"))).Status);
        await AssertALateSwitchWaitsAsync();
        await _grid.AssertAuditAsync();
    }

    /// <summary>Who has prepaid terms gets no offer. The second person has agreed in time, and no process ran on the day of the border.</summary>
    private async Task AssertALateSwitchWaitsAsync()
    {
        Assert.Equal((422, "mode.same"), await CodeAsync(HttpMethod.Post, "/v1/accounts/PRE-2/prepayment-offers", new PrepaymentOfferRequest(), key: "again"));
        var asked = (await OfferAsync("PRE-5")).Approval!.Value;
        var shown = await _grid.Admin.GetAsync<ApprovalAnswer>($"/v1/approvals/{asked}");
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked}", new ApprovalDecision(true, shown.Hash))).Status);
        await using var past = _grid.Database.CreateCommand(
            "update prepayment_offer o set switch_day = '2026-06-01', switch_at = '2026-05-31T16:00:00Z' from account a "
                + "where a.number = o.account and a.partition = o.partition and a.id = 'PRE-5'");
        Assert.Equal(1, await past.ExecuteNonQueryAsync());
        await Switcher.SwitchAsync();
        Assert.Equal(("consented", "2026-07-01"), await OfferAsync("PRE-5") is var later ? (later.State, Day(later.SwitchDay!.Value)) : default);
        Assert.Equal("postpaid", await ModeAsync("PRE-5"));
    }

    [Fact]
    public async Task Who_would_benefit_is_listed_once_a_month_with_the_most_first()
    {
        var lister = _grid.Host.Services.GetRequiredService<PrepaymentLister>();
        var all = await ListAsync(_grid.Http, "");
        Assert.Equal(all.OrderByDescending(f => decimal.Parse(f.Saving, CultureInfo.InvariantCulture)), all);
        Assert.Contains(all, f => f.Account == "PRE-1");
        Assert.DoesNotContain(all, f => f.Account == "PRE-NEW");
        var first = await _grid.Admin.GetAsync<Page<PrepaymentFigures>>("/v1/prepayment/candidates?limit=1");
        var next = await _grid.Admin.GetAsync<Page<PrepaymentFigures>>($"/v1/prepayment/candidates?limit=500&cursor={first.NextCursor}");
        Assert.Equal(all, first.Data.Concat(next.Data));
        Assert.False(await lister.StepAsync());
        using var south = await KeyAsync(new("collector", "c", Area: "south"));
        Assert.Equal(["PRE-1"], (await ListAsync(south, "")).Select(f => f.Account));
        Assert.Equal(400, (await _grid.SendAsync(HttpMethod.Get, "/v1/prepayment/candidates?cursor=eA")).Status);
    }

    [Fact]
    public async Task Who_may_see_is_not_who_may_offer()
    {
        using var auditor = await KeyAsync(new("auditor", "a"));
        using var collector = await KeyAsync(new("collector", "c", Area: "south"));
        using var manager = await KeyAsync(new("account-manager", "m", Manager: "mia"));
        var body = new PrepaymentOfferRequest();
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Get, "/v1/accounts/PRE-1/prepayment-offer", http: auditor)).Status);
        Assert.Equal(200, (await _grid.SendAsync(HttpMethod.Get, "/v1/accounts/PRE-1/prepayment-offer", http: collector)).Status);
        Assert.Equal(403, (await _grid.SendAsync(HttpMethod.Get, "/v1/accounts/PRE-1/prepayment-offer", http: manager)).Status);
        foreach (var http in new[] { auditor, collector, manager })
        {
            Assert.Equal(403, (await _grid.SendAsync(HttpMethod.Post, "/v1/accounts/PRE-1/prepayment-offers", body, "k", http)).Status);
        }
    }

    private readonly HttpClient _second = town.Customers.Grid.WithKey(town.Customers.SecondKey);

    private PrepaymentSwitcher Switcher => _grid.Host.Services.GetRequiredService<PrepaymentSwitcher>();

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Amount(string money) => decimal.Parse(money, CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture);

    private Task<PrepaymentFigures> FiguresAsync(string id, string query) =>
        _grid.Admin.GetAsync<PrepaymentFigures>($"/v1/accounts/{id}/prepayment-offer{query}");

    private async Task<PrepaymentOfferAnswer> OfferAsync(string id)
    {
        var (status, body) = await _grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{id}/prepayment-offers", new PrepaymentOfferRequest("cheap"), $"offer {id}");
        Assert.True(status is 200 or 201, body.ToString());
        return (await _grid.Admin.ListAsync<PrepaymentOfferAnswer>($"/v1/accounts/{id}/prepayment-offers"))[0];
    }

    private async Task<(string State, string? Outcome)> StateAsync(string id)
    {
        var offer = await Eventually.GetAsync(
            async () => (await _grid.Admin.ListAsync<PrepaymentOfferAnswer>($"/v1/accounts/{id}/prepayment-offers"))[0], o => o.State != "consented",
            $"The end of the offer of {id}");
        return (offer.State, offer.Outcome);
    }

    private async Task<string> ModeAsync(string id) => (await _grid.Admin.GetAsync<AccountAnswer>($"/v1/accounts/{id}")).Mode;

    private async Task<string> TariffAsync(string id)
    {
        var number = (await _grid.Host.Services.GetRequiredService<Partitions.GridDirectory>().FindAccountAsync(id))!;
        var workflow = (await _grid.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<Contracts.IPartitionGrain>(number.Partition)
            .Workflow(number.Number))!;
        return (await _grid.Host.Services.GetRequiredService<AccountGrid.Host.Rating.TariffCatalog>().FindAsync(workflow.Tariff)).Definition.Id;
    }

    private Task ToAsync(string at)
    {
        _grid.Time.Shift(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) - _grid.Time.GetUtcNow());
        return _grid.SweepAsync();
    }

    private async Task<List<PrepaymentFigures>> ListAsync(HttpClient http, string query)
    {
        var (status, body) = await _grid.SendAsync(HttpMethod.Get, $"/v1/prepayment/candidates?limit=500{query}", http: http);
        Assert.True(status == 200, body.ToString());
        return System.Text.Json.JsonSerializer.Deserialize<Page<PrepaymentFigures>>(body, System.Text.Json.JsonSerializerOptions.Web)!.Data.ToList();
    }

    private async Task<HttpClient> KeyAsync(CreateKeyRequest request) => _grid.WithKey((await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key);

    private Task<(int Status, string? Code)> CodeAsync(HttpMethod method, string path, object? body = null, HttpClient? http = null, string? key = null) =>
        _customers.CodeAsync(method, path, body, http, key);

    private async Task<long> SumAsync(string sql)
    {
        await using var command = _grid.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Accounts that have lived from March to the middle of May.</summary>
    public sealed class PrepaidTown : IAsyncLifetime
    {
        public CustomerGrid Customers { get; } = new() { Grid = new GridFixture { More = ["--Prepayment:Months=1", "--Prepayment:Tariff=cheap"] } };

        public async ValueTask InitializeAsync()
        {
            await Customers.InitializeAsync();
            await Customers.Grid.Admin.RegisterAsync("/v1/tariffs",
                new TariffDefinition { Id = "cheap", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.40")] });
            string[] ids = ["PRE-1", "PRE-2", "PRE-3", "PRE-4", "PRE-5"];
            foreach (var id in ids)
            {
                await Customers.OpenAsync(id, "postpaid", "cn-residential", []);
                await Customers.ContactAsync(id, "en", id == "PRE-1" ? "south" : "north");
            }

            await Customers.LiveAsync(ids, days: 75, whPerDay: 20_000);
            await Customers.OpenAsync("PRE-NEW", "postpaid", "cn-residential", []);

            // The list is made in the month in which all have their whole month behind them.
            var lister = Customers.Grid.Host.Services.GetRequiredService<PrepaymentLister>();
            await Eventually.GetAsync(
                async () =>
                {
                    await lister.StepAsync();
                    return (await Customers.Grid.Admin.GetAsync<Page<PrepaymentFigures>>("/v1/prepayment/candidates")).Data;
                },
                l => l.Count >= 2, "The list");
        }

        public ValueTask DisposeAsync() => Customers.DisposeAsync();
    }
}
