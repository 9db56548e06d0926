using System.Globalization;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Prices;
using AccountGrid.Host.Rating;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Prices;

/// <summary>Customers are told of a price once, and once that it does not come; and tariffs are corrected from past days, one by one and by lists.</summary>
public sealed class PriceNoticeApiTests : IAsyncLifetime
{
    /// <summary>The clock begins on the morning of 2 March in Shanghai; residential packs ask for seven days of notice.</summary>
    private readonly CustomerGrid _customers = new();

    private GridFixture Grid => _customers.Grid;

    public ValueTask InitializeAsync() => _customers.InitializeAsync();

    public ValueTask DisposeAsync() => _customers.DisposeAsync();

    [Fact]
    public async Task Who_is_on_the_product_is_told_once_and_once_more_where_the_price_does_not_come()
    {
        await AnnounceAsync(Price("home", 1, "0.5", null));
        await OpenAsync("PN-1", "home", null);
        await OpenAsync("PN-2", "home", 1);
        await OpenAsync("PN-3", "home", null);
        await OpenAsync("PN-4", "flat", null);
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts/PN-3/tariff", new ChangeTariffRequest("flat", new(2026, 4, 7)));
        await _customers.ContactAsync("PN-1", "en", "north");
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Put, "/v1/accounts/PN-1/customer", new CustomerRequest("cn-residential", Traits: []))).Status);
        await LiveMarchAsync("PN-1");
        await AnnounceAsync(Price("home", 2, "0.6", "2026-04-20"));
        Assert.Equal("waiting", (await StateAsync(2)).State);
        await StepsAsync();
        Assert.Equal(0, (await StateAsync(2)).Given);
        await ForwardAsync(TimeSpan.FromHours(3));
        await StepsAsync();
        Assert.Equal(("listed", 1L, 0L, 0L), await CountsAsync(2, s => s.State == "listed"));
        var told = Assert.Single(await _customers.NoticesAsync("PN-1", n => n.Exists(x => x.Kind == "price-change" && x.Text is not null)),
            n => n.Kind == "price-change");
        Assert.Contains("energy, flat: 0.5 to 0.6 CNY per kWh", told.Text, StringComparison.Ordinal);
        Assert.Contains("From 2026-03-02 to 2026-03-31 you used 30 kWh. At the old prices that costs 15.00 CNY, at the new prices 18.00 CNY.", told.Text,
            StringComparison.Ordinal);

        // A page that was not finished is gone through again, with whatever figures: the command is the same.
        var sender = Grid.Host.Services.GetRequiredService<PriceNoticeSender>();
        var version = (await Grid.Host.Services.GetRequiredService<TariffCatalog>().FindAsync("home", 2))!;
        var address = (await Grid.Host.Services.GetRequiredService<GridDirectory>().FindAccountAsync("PN-1"))!;
        Assert.Equal("given", Assert.Single(await sender.TellAsync(version, [address], TestContext.Current.CancellationToken)).State);

        // Who comes to the product afterwards is told, too.
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts/PN-4/tariff", new ChangeTariffRequest("home", new(2026, 4, 8)));
        await OpenAsync("PN-5", "home", null);
        await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        await StepsAsync();
        Assert.Equal(("listed", 3L, 0L, 0L), await CountsAsync(2, s => s.Given == 3));
        await AssertToldAsync("PN-1 price-change", "PN-4 price-change", "PN-5 price-change");
        await AssertWithdrawnAsync();
        await Grid.AssertAuditAsync();
    }

    private async Task AssertWithdrawnAsync()
    {
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, "/v1/tariffs/home/versions/2/withdrawal")).Status);
        Assert.Equal("withdrawn", (await Grid.Admin.ListAsync<ListedTariffView>("/v1/tariffs")).Single(t => t is { Id: "home", Version: 2 }).State);
        await ForwardAsync(TimeSpan.FromHours(3));
        await StepsAsync();
        Assert.Equal(("withdrawn", 3L, 0L, 3L), await CountsAsync(2, s => s.Withdrawn == 3));
        await StepsAsync();
        await AssertToldAsync(
            "PN-1 price-change", "PN-1 price-withdrawn", "PN-4 price-change", "PN-4 price-withdrawn", "PN-5 price-change", "PN-5 price-withdrawn");
    }

    [Fact]
    public async Task A_tariff_is_tried_and_corrected_and_a_list_goes_on_behind_a_bad_row()
    {
        await AnnounceAsync(Price("home", 1, "0.5", null));
        await AnnounceAsync(Price("dear", 1, "900", null));
        await AnnounceAsync(Price("cheap", 1, "0.1", null));
        foreach (var id in new[] { "TC-1", "TC-2", "TC-3" })
        {
            await OpenAsync(id, "home", null);
        }

        await LiveMarchAsync("TC-1", "TC-2", "TC-3");
        var correct = new TariffCorrectionRequest("cheap", new(2026, 3, 12), "wrong product");
        var tried = await CorrectAsync(correct with { DryRun = true });
        Assert.Equal((200, "8.000000000"), (tried.Status, tried.Body.GetProperty("amount").GetString()));
        Assert.Equal("tariff.correction_day", (await CorrectAsync(correct with { From = new(2026, 3, 1) })).Body.GetProperty("code").GetString());
        await Grid.BalanceAsync("TC-1", "-15.000000000");
        var done = await CorrectAsync(correct);
        Assert.Equal((200, "8.000000000", "-7.000000000"),
            (done.Status, done.Body.GetProperty("amount").GetString(), done.Body.GetProperty("balance").GetString()));
        var asked = await CorrectAsync(correct with { Tariff = "dear" });
        Assert.Equal(202, asked.Status);
        using var second = Grid.WithKey(_customers.SecondKey);
        var (id2, hash) = (asked.Body.GetProperty("approval").GetGuid(), asked.Body.GetProperty("hash").GetString());
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{id2}", new ApprovalDecision(true, hash!), http: second)).Status);
        await Grid.BalanceAsync("TC-1", "-18005.000000000");
        await AssertListAsync(second);
        await Grid.AssertAuditAsync();
    }

    private async Task AssertListAsync(HttpClient second)
    {
        var list = new TariffListRequest([
            new("TC-2", "cheap", new(2026, 3, 12), "wrong"), new("NOBODY", "cheap", new(2026, 3, 12), "wrong"),
            new("TC-3", "nothing", new(2026, 3, 12), "wrong"), new("TC-3", "cheap", new(2026, 3, 22), "wrong"),
        ]);
        Assert.Equal(202, (await Grid.SendAsync(HttpMethod.Post, "/v1/tariff-corrections", list, "list-1")).Status);
        Assert.Equal("idempotency.key_reused",
            (await _customers.CodeAsync(HttpMethod.Post, "/v1/tariff-corrections", list with { Rows = [list.Rows[0]] }, key: "list-1")).Code);
        var added = (await Grid.SendAsync(HttpMethod.Post, "/v1/tariff-corrections", list, "list-1")).Body.GetProperty("id").GetGuid();
        var path = $"/v1/tariff-corrections/{added}";
        var tried = await ListAsync(path, "tried");
        Assert.Equal((2, 2, "12.000000000"), (tried.Tried, tried.Wrong, tried.Sums.Single().Tried));
        await Grid.BalanceAsync("TC-2", "-15.000000000");

        // Neither the person who asked, nor another list than the one that was seen.
        Assert.Equal((409, "approval.not_possible"),
            await _customers.CodeAsync(HttpMethod.Post, path + "/agreement", new TariffListAgreement(tried.Hash!)));
        Assert.Equal((409, "approval.not_possible"),
            await _customers.CodeAsync(HttpMethod.Post, path + "/agreement", new TariffListAgreement("0"), second));

        // A process that died after the command of the first row, and before its result: the row has its result once.
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, path + "/agreement", new TariffListAgreement(tried.Hash!), http: second)).Status);
        var done = await ListAsync(path, "done");
        Assert.Equal((2, 2, 0, "12.000000000"), (done.Done, done.Wrong, done.Refused, done.Sums.Single().Done));
        await RunAsync("update tariff_list_row set state = 'tried', done_nano = null where number = 1");
        await RunAsync("update tariff_list set state = 'agreed'");
        Assert.Equal((2, "12.000000000"), ((await ListAsync(path, "done")).Done, (await ListAsync(path, "done")).Sums.Single().Done));
        await Grid.BalanceAsync("TC-2", "-7.000000000");
        await Grid.BalanceAsync("TC-3", "-11.000000000");
        var rows = await Grid.Admin.GetAsync<Host.Http.Page<TariffListRow>>($"{path}/rows?limit=3");
        Assert.Equal(["done", "wrong account.unknown", "wrong tariff.unknown"], rows.Data.Select(r => $"{r.State} {r.Code}".Trim()));
        Assert.Single((await Grid.Admin.GetAsync<Host.Http.Page<TariffListRow>>($"{path}/rows?cursor={Uri.EscapeDataString(rows.NextCursor!)}")).Data);
        Assert.Equal(404, (await Grid.SendAsync(HttpMethod.Get, $"/v1/tariff-corrections/{Guid.NewGuid()}")).Status);
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Grid.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private Task<TariffListAnswer> ListAsync(string path, string state) => Eventually.GetAsync(
        async () =>
        {
            await Grid.Host.Services.GetRequiredService<TariffListRunner>().StepAsync();
            return await Grid.Admin.GetAsync<TariffListAnswer>(path);
        },
        l => l.State == state, $"List {state}");

    private Task<(int Status, System.Text.Json.JsonElement Body)> CorrectAsync(TariffCorrectionRequest request) =>
        Grid.SendAsync(HttpMethod.Post, "/v1/accounts/TC-1/tariff-corrections", request, Guid.NewGuid().ToString());

    private async Task AssertToldAsync(params string[] expected)
    {
        async Task<List<string>> ToldAsync()
        {
            var told = new List<string>();
            foreach (var id in Enumerable.Range(1, 5).Select(i => $"PN-{i}"))
            {
                var notices = await Grid.Admin.ListAsync<NoticeAnswer>($"/v1/accounts/{id}/notices");
                told.AddRange(notices.Where(n => n.Kind.StartsWith("price", StringComparison.Ordinal) && n.State is ("sent" or "delivered"))
                    .Select(n => $"{id} {n.Kind}").Order());
            }

            return told;
        }

        var told = await Eventually.GetAsync(ToldAsync, t => t.Count >= expected.Length, "Messages of prices");
        Assert.Equal(expected, told);
    }

    private Task<PriceNoticesAnswer> StateAsync(int version) => Grid.Admin.GetAsync<PriceNoticesAnswer>($"/v1/tariffs/home/versions/{version}/notices");

    /// <summary>Counts once they are right; the notifier's own rounds and the messages' way take a moment.</summary>
    private async Task<(string State, long Given, long Late, long Withdrawn)> CountsAsync(int version, Func<PriceNoticesAnswer, bool> isRight)
    {
        var state = await Eventually.GetAsync(
            async () =>
            {
                await StepsAsync();
                return await StateAsync(version);
            },
            isRight, "Notices of a price");
        return (state.State, state.Given, state.Late, state.Withdrawn);
    }

    private async Task StepsAsync()
    {
        while (await Grid.Host.Services.GetRequiredService<PriceNotifier>().StepAsync())
        {
        }
    }

    /// <summary>A kilowatt-hour a day from 2 to 31 March, closed and written on 7 April.</summary>
    private async Task LiveMarchAsync(params string[] ids)
    {
        for (var day = 3; day <= 32; day++)
        {
            var midnight = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8)).AddDays(day - 1);
            Grid.Time.Shift(midnight.AddHours(1) - Grid.Time.GetUtcNow());
            await Grid.PushAsync([.. ids.Select(id => (id, midnight.ToString("o", CultureInfo.InvariantCulture), (day - 2) * 1_000L))]);
        }

        Grid.Time.Shift(new DateTimeOffset(2026, 4, 6, 12, 0, 0, TimeSpan.FromHours(8)) - Grid.Time.GetUtcNow());
        await Grid.SweepAsync();
        await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
    }

    private Task ForwardAsync(TimeSpan time)
    {
        Grid.Time.Shift(time);
        return Grid.SweepAsync();
    }

    private async Task OpenAsync(string id, string product, int? version)
    {
        var today = DateOnly.FromDateTime(Grid.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, product, version, OpenedOn: today));
        await Grid.Admin.PostAsync<MeterAnswer>(
            "/v1/meters", new InstallMeterRequest(id, "G1", id, new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8))));
    }

    private async Task AnnounceAsync(TariffDefinition version) =>
        Assert.Equal(201, (await Grid.SendAsync(HttpMethod.Post, "/v1/tariffs", version)).Status);

    private static TariffDefinition Price(string id, int version, string price, string? from) => new()
    {
        Id = id,
        Version = version,
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        EffectiveFrom = from is null ? null : DateOnly.ParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        Rates = [new("flat", price)],
    };

    private sealed record ListedTariffView(string Id, int Version, string State);
}
