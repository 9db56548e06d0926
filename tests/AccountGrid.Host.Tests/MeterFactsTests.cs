using System.Text;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>A meter behind transformers, its removal to the stock and its next account: API, bills, explanation, audit.</summary>
public sealed class MeterFactsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8));

    private readonly CustomerGrid _town = new();

    private GridFixture Grid => _town.Grid;

    public async ValueTask InitializeAsync()
    {
        await _town.InitializeAsync();
        Grid.Time.Shift(TimeSpan.FromDays(4));
    }

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task A_ratio_is_set_from_a_past_day_with_a_second_person_and_each_has_a_line_of_the_bill()
    {
        await OpenAsync("FA", "FA-M");
        await PushAsync("FA-M", 1, 10_000, 2, 20_000, 3, 30_000);
        var facts = new SetMeterFactsRequest(Start.AddDays(1), "transformers were not entered", Ratio: "60");
        Assert.Equal((422, "meter.ratio_invalid"), await CodeAsync("FA-M", facts with { Ratio = "0" }));
        Assert.Equal((422, "meter.facts_missing"), await CodeAsync("FA-M", facts with { Ratio = null }));
        Assert.Equal((422, "meter.facts_time"), await CodeAsync("FA-M", facts with { From = Start.AddDays(-1) }));
        Assert.Equal((422, "meter.facts_reading"), await CodeAsync("FA-M", facts with { From = Start.AddHours(30) }));
        Assert.Equal((404, "meter.unknown"), await CodeAsync("NONE", facts));

        // Two days of 10 kWh at 60, and one of them at 400: together more than one person may move.
        var once = await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters/FA-M/facts", facts);
        Assert.Equal(("60", 1_210_000, 30_000), (once.Ratio, once.ChargedWh, once.RegisterWh));
        var asked = await Grid.SendAsync(HttpMethod.Post, "/v1/meters/FA-M/facts", facts with { From = Start.AddDays(2), Ratio = "400" });
        Assert.Equal((202, "meter-facts"), (asked.Status, asked.Body.GetProperty("kind").GetString()));
        using var second = Grid.WithKey(_town.SecondKey);
        var decision = new Host.Collections.ApprovalDecision(true, asked.Body.GetProperty("hash").GetString()!);
        Assert.Equal(
            200, (await Grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked.Body.GetProperty("approval").GetGuid()}", decision, http: second)).Status);
        var meter = await Eventually.GetAsync(() => Grid.Admin.GetAsync<MeterAnswer>("/v1/meters/FA-M"), m => m.Ratio == "400", "The ratio");
        Assert.Equal((4_610_000, 2), (meter.ChargedWh, meter.Facts!.Count));
        string?[] ratios = [null, "60", "400"];
        var explained = await Eventually.GetAsync(() => Grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/FA/explain"),
            a => a.Days.Where(d => d.ByRate.Count > 0).Select(d => d.Ratio).SequenceEqual(ratios), "The days under each ratio");
        Assert.True(explained.Agrees);
        await Grid.AssertAuditAsync();

        var bill = await BillAsync("FA");
        Assert.Equal([("1", 10_000L, 10_000L), ("60", 20_000L, 600_000L), ("400", 30_000L, 4_000_000L)],
            bill.Meters!.Select(m => (m.Multiplier, m.ToWh, m.EnergyWh)));
        var entries = (await Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/FA/entries")).Data;
        Assert.All(entries.Where(e => e.Kind == "correction"), e => Assert.NotNull(e.Corrects));
        await Grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_meter_goes_to_the_stock_and_to_another_account_and_the_first_has_none()
    {
        await OpenAsync("SA", "SA-M");
        await OpenAsync("SB", null);
        await PushAsync("SA-M", 1, 10_000);
        var removed = await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters/SA-M/removal", new RemoveMeterRequest(Start.AddDays(2), 14_000));
        Assert.Null(removed.Account);
        Assert.Equal((422, "assignment.same_account"),
            await _town.CodeAsync(HttpMethod.Post, "/v1/meters/SA-M/removal", new RemoveMeterRequest(Start.AddDays(2.5), 14_000)));
        Assert.Equal((422, "meter.not_on_account"), await CodeAsync("SA-M", new SetMeterFactsRequest(Start.AddDays(2.5), "early", 1)));
        var account = await Eventually.GetAsync(() => Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/SA"), a => a.Charged != "0.000000000", "The energy");
        Assert.Equal("-7.000000000", account.Balance);

        // On the test bench it counts 100 Wh, which are nobody's.
        await PushAsync("SA-M", 2.5, 14_100);
        await Eventually.GetAsync(() => Grid.Admin.GetAsync<MeterAnswer>("/v1/meters/SA-M"), m => m.HeldWh == 100, "The energy in stock");
        var assigned = await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters/SA-M/assignments",
            new AssignMeterRequest("SB", Start.AddDays(3), 14_100, Ratio: "20"));
        Assert.Equal(("SB", "20"), (assigned.Account, assigned.Ratio));
        await PushAsync("SA-M", 3.5, 15_100);
        await Eventually.GetAsync(() => Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/SB"), a => a.Balance == "-10.000000000", "20 kWh of the next account");

        // The account without a meter goes on: it is explained, billed and closed.
        Assert.True((await Grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/SA/explain")).Agrees);
        Assert.Equal(404, (await Grid.SendAsync(HttpMethod.Get, "/v1/meters/SA-X", null)).Status);
        var bill = await BillAsync("SA");
        Assert.Equal(("7.00", 14_000L), (decimal.Parse(bill.Total, System.Globalization.CultureInfo.InvariantCulture)
            .ToString("0.00", System.Globalization.CultureInfo.InvariantCulture), Assert.Single(bill.Meters!).ToWh));
        var (status, _) = await _town.CodeAsync(HttpMethod.Post, "/v1/accounts/SA/close", new CloseAccountRequest("moved out"));
        Assert.Equal(200, status);
        await Grid.AssertAuditAsync();
    }

    private async Task OpenAsync(string account, string? meter)
    {
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts",
            new OpenAccountRequest(account, "flat", Mode: "postpaid", OpenedOn: new DateOnly(2026, 3, 1)));
        var customer = new Host.Collections.CustomerRequest("cn-residential");
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{account}/customer", customer)).Status);
        if (meter is not null)
        {
            await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest(meter, "G1", account, Start, 0));
        }
    }

    private Task<(int, string?)> CodeAsync(string meter, object body) => _town.CodeAsync(HttpMethod.Post, $"/v1/meters/{meter}/facts", body);

    /// <summary>The bill of March.</summary>
    private async Task<BillDocument> BillAsync(string account)
    {
        Grid.Time.Shift(TimeSpan.FromDays(28));
        for (var i = 0; i < 3; i++)
        {
            Grid.Time.Shift(TimeSpan.FromDays(2));
            await Grid.SweepAsync();
            await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        }

        var bills = await Eventually.GetAsync(() => Grid.Admin.ListAsync<BillAnswer>($"/v1/accounts/{account}/bills"),
            b => b.Count > 0 && b[0].Document is not null, "The bill of March");
        return bills[^1].Document!.Value.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
    }

    private async Task PushAsync(string meter, params double[] daysAndValues)
    {
        var lines = daysAndValues.Chunk(2).Select(r =>
            $$"""{"meter":"{{meter}}","ts":"{{Start.AddDays(r[0]):yyyy-MM-dd'T'HH:mm:sszzz}}","value":{{(long)r[1]}}}""" + "\n");
        var answer = await Grid.Admin.PushAsync(Encoding.UTF8.GetBytes(string.Concat(lines)));
        Assert.Equal(daysAndValues.Length / 2, answer.Accepted);
    }
}
