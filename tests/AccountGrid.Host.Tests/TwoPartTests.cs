using System.Text;
using System.Text.Json;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>An account under a two-part tariff, from its registration to its bill: API, tables, explanation, audit.</summary>
public sealed class TwoPartTests : IAsyncLifetime
{
    private static readonly TariffDefinition Capacity = new()
    {
        Id = "by-capacity",
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Rates = [new("flat", "0.50")],
        Capacity = new CapacityDefinition { PricePerMonth = "30" },
    };

    private static readonly TariffDefinition Demand = Capacity with
    {
        Id = "by-demand",
        Capacity = null,
        Demand = new DemandDefinition { PricePerMonth = "48", MinimumPercent = 40, SurchargeAbovePercent = 105, SurchargeFactor = "2" },
        PowerFactor = new PowerFactorDefinition
        {
            Standard = "0.90",
            On = ["energy", "capacity"],
            Steps = [new("0.95", -75), new("0.90", 0), new("0.80", 500), new("0.00", 14_500)],
        },
    };

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8));

    private readonly CustomerGrid _town = new();

    private GridFixture Grid => _town.Grid;

    public async ValueTask InitializeAsync()
    {
        await _town.InitializeAsync();
        foreach (var tariff in new[] { Capacity, Demand })
        {
            await Grid.Admin.RegisterAsync("/v1/tariffs", tariff);
        }
    }

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task A_contracted_capacity_is_set_charged_corrected_and_refused_by_name()
    {
        Assert.Equal((422, "capacity.missing"), await CodeAsync("/v1/accounts", Open("TC", Capacity, null)));
        Assert.Equal((422, "capacity.invalid"), await CodeAsync("/v1/accounts", Open("TC", Capacity, "0")));
        Assert.Equal((422, "capacity.invalid"), await CodeAsync("/v1/accounts", Open("TC", Capacity, "1.0001")));
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", Open("TC", Capacity, "310.5"));
        Grid.Time.Shift(TimeSpan.FromDays(20));
        await Grid.SweepAsync();

        // As many days of March as are over, and the running one: 310.5 × 30 × days / 31.
        var account = await Eventually.GetAsync(
            () => Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/TC"), a => a.Periods.Count == 1 && a.Periods[0].TwoPart is { Days: > 19 },
            "Days that are charged");
        var twoPart = account.Periods[0].TwoPart!;
        Assert.Equal(("310.5", "310.5 kVA"), (account.ContractedCapacity, twoPart.Contracted));
        Assert.Equal(Math.Round(310.5m * 30 * twoPart.Days / 31, 9), decimal.Parse(twoPart.Capacity, System.Globalization.CultureInfo.InvariantCulture));

        var change = new SetContractedCapacityRequest("620", new DateOnly(2026, 3, 1), "second transformer");
        Assert.Equal((422, "capacity.day"), await CodeAsync("/v1/accounts/TC/contracted-capacity", change with { From = new DateOnly(2026, 2, 28) }));
        Assert.Equal((422, "capacity.invalid"), await CodeAsync("/v1/accounts/TC/contracted-capacity", change with { Capacity = "-1" }));

        // More than one person may move: it waits for a second.
        var asked = await Grid.SendAsync(HttpMethod.Post, "/v1/accounts/TC/contracted-capacity", change);
        Assert.Equal((202, "contracted-capacity"), (asked.Status, asked.Body.GetProperty("kind").GetString()));
        Assert.Equal("310.5", (await Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/TC")).ContractedCapacity);
        using var second = Grid.WithKey(_town.SecondKey);
        var decision = new Host.Collections.ApprovalDecision(true, asked.Body.GetProperty("hash").GetString()!);
        Assert.Equal(
            200, (await Grid.SendAsync(HttpMethod.Post, $"/v1/approvals/{asked.Body.GetProperty("approval").GetGuid()}", decision, http: second)).Status);
        account = await Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/TC");
        Assert.Equal(Math.Round(620m * 30 * twoPart.Days / 31, 9),
            decimal.Parse(account.Periods[0].TwoPart!.Capacity, System.Globalization.CultureInfo.InvariantCulture));
        var entry = (await Eventually.GetAsync(() => Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/TC/entries"),
            p => p.Data.Any(e => e.Kind == "correction"), "The correction's entry")).Data.First(e => e.Kind == "correction");
        Assert.Equal(("second transformer", "2026-03-01"), (entry.Reference, entry.Day));
        Assert.NotNull(entry.Capacity);
        Assert.Equal((422, "tariff.two_part"), await CodeAsync("/v1/accounts/TC/tariff", new ChangeTariffRequest("by-demand", new DateOnly(2026, 5, 2))));
        await Grid.AssertAuditAsync();
    }

    /// <summary>
    /// March: 200 kW in a quarter of an hour by a contract of 300 are 9,600; 31 × 1,000 kWh and 31 × 750 kvarh have 0.80, which adds 5 %: of 31,050 kWh ×
    /// 0.50 = 15,525 and of 9,600 together 1,256.25.
    /// </summary>
    [Fact]
    public async Task A_bill_has_the_maximum_the_factor_and_each_charge()
    {
        await Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", Open("TD", Demand, "300"));
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Put, "/v1/accounts/TD/customer", new Host.Collections.CustomerRequest("cn-business"))).Status);
        var meter = await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("TD-M", "G1", "TD", Start, 0, ReactiveVarh: 0));
        Assert.Equal(0, meter.Reactive!.RegisterVarh);
        Grid.Time.Shift(TimeSpan.FromDays(32));
        var readings = new List<(string, double, long)> { ("1.8.0", 10, 1_000_000), ("1.8.0", 10.25, 1_050_000) };
        for (var day = 1; day <= 31; day++)
        {
            readings.Add(("1.8.0", day * 24, 50_000 + (day == 1 ? 1_000_000 : day * 1_000_000)));
            readings.Add(("3.8.0", day * 24, day * 750_000));
        }

        Assert.Equal(readings.Count, (await PushAsync("TD-M", readings)).Accepted);
        for (var i = 0; i < 3; i++)
        {
            Grid.Time.Shift(TimeSpan.FromDays(2));
            await Grid.SweepAsync();
            await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        }

        var bills = await Eventually.GetAsync(() => Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/TD/bills"),
            b => b.Count > 0 && b[0].Document is not null, "The bill of March");
        var bill = bills[^1].Document!.Value.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;
        var month = Assert.Single(bill.TwoPart!);
        Assert.Equal(("2026-03-01", "300 kW", "200", Start.AddHours(10)), (month.Month, month.Contracted, month.MaximumKw, month.MaximumAt!.Value));
        Assert.Equal(("0.80", "5", 31_050_000L, 23_250_000L), (month.PowerFactor, month.Percent, month.ActiveWh, month.ReactiveVarh));
        Assert.Equal("9600.000000000", bill.Lines.Single(l => l.Kind == "capacity").Amount);
        Assert.Equal("1256.250000000", bill.Lines.Single(l => l.Kind == "power-factor").Amount);
        Assert.Equal("26381.250000000", bill.Total);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/accounts/TD/bills/{bill.From[..7]}");
        request.Headers.Accept.ParseAdd("text/html");
        using var page = await Grid.Http.SendAsync(request);
        var html = await page.Content.ReadAsStringAsync();
        Assert.True(html.Contains("功率因数调整电费", StringComparison.Ordinal) || html.Contains("Adjustment by power factor", StringComparison.Ordinal));
        Assert.True((await Grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/TD/explain")).Agrees);
        await Grid.AssertAuditAsync();

        // A late value in March makes its maximum 320 kW: 320 + 5 above 315, 15,600; the correction names the entry of its day.
        await PushAsync("TD-M", [("1.8.0", 34, 1_050_000), ("1.8.0", 34.25, 1_130_000)]);
        Grid.Time.Shift(TimeSpan.FromDays(2));
        await Grid.SweepAsync();
        var explained = await Eventually.GetAsync(() => Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/TD"),
            a => a.Periods[0].TwoPart!.MaximumKw == "320", "The higher maximum");
        Assert.Equal(("15600.000000000", Start.AddHours(34)), (explained.Periods[0].TwoPart!.Capacity, explained.Periods[0].TwoPart!.MaximumAt!.Value));
        var entries = await Eventually.GetAsync(() => Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/TD/entries"),
            p => p.Data.Any(e => e.Kind == "correction" && e.Capacity is not null), "The correction's entry");
        Assert.NotNull(entries.Data.First(e => e is { Kind: "correction", Capacity: not null }).Corrects);
        await Grid.AssertAuditAsync();
    }

    private static OpenAccountRequest Open(string id, TariffDefinition tariff, string? capacity) =>
        new(id, tariff.Id, Mode: "postpaid", OpenedOn: new DateOnly(2026, 3, 1), ContractedCapacity: capacity);

    private Task<(int, string?)> CodeAsync(string path, object body) => _town.CodeAsync(HttpMethod.Post, path, body);

    private Task<BatchAnswer> PushAsync(string meter, IEnumerable<(string Obis, double Hours, long Value)> readings) =>
        Grid.Admin.PushAsync(Encoding.UTF8.GetBytes(string.Concat(readings.Select(
            r => $$"""{"meter":"{{meter}}","obis":"{{r.Obis}}","ts":"{{Start.AddHours(r.Hours):yyyy-MM-dd'T'HH:mm:sszzz}}","value":{{r.Value}}}""" + "\n"))));
}
