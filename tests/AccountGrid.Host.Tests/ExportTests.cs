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

/// <summary>A meter that measures export, from its registration to its bill: API, tables, explanation, audit.</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private static readonly TariffDefinition None = new()
    {
        Id = "none",
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Rates = [new("day", "0.50"), new("night", "0.20")],
        Schedule = [new RateRule { Rate = "night", From = "23:00", To = "07:00" }],
    };

    private static readonly TariffDefinition FeedIn = None with
    {
        Id = "feed-in",
        TaxBasisPoints = 1_000,
        Export = new ExportDefinition
        {
            FeedIn = new FeedInDefinition
            {
                PricePerKwh = "0.10",
                Prices = new Dictionary<string, string> { ["night"] = "0.05" },
                Taxes = [new ExportTaxDefinition { Name = "VAT", BasisPoints = 2_000 }],
            },
        },
    };

    private static readonly TariffDefinition Net = None with
    {
        Id = "net",
        Export = new ExportDefinition { NetMetering = new NetMeteringDefinition { SettledAfter = [3], RestPricePerKwh = "0.04" } },
    };

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));

    private readonly CustomerGrid _town = new();

    private GridFixture Grid => _town.Grid;

    public async ValueTask InitializeAsync()
    {
        await _town.InitializeAsync();
        foreach (var tariff in new[] { None, FeedIn, Net })
        {
            await Grid.Admin.RegisterAsync("/v1/tariffs", tariff);
        }
    }

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task Exported_energy_is_credited_shown_explained_and_audited()
    {
        await OpenAsync("EX", Net);
        var meter = await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("EX-M", "G1", "EX", Start, 1_000, ExportWh: 500));
        Assert.Equal((500L, 0L), (meter.Export!.RegisterWh, meter.Export.ExportedWh));

        Grid.Time.Shift(TimeSpan.FromDays(1));

        // By 07:00 3 kWh come in and 1 goes out, all at night; by noon 1 comes in and 4 go out: night 2 × 0.20, and 3 kWh of the day are left.
        Assert.Equal(4, (await PushAsync("EX-M", ("1.8.0", 7, 4_000), ("2.8.0", 7, 1_500), ("1.8.0", 12, 5_000), ("1-0:2.8.0*255", 12, 5_500))).Accepted);
        await Grid.BalanceAsync("EX", "-0.40");
        var account = await Grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/EX");
        var export = account.Periods[0].Export!;
        Assert.Equal((1_000L, 4_000L), (export.ExportedWh["night"], export.ExportedWh["day"]));
        Assert.Equal((1_000L, 1_000L, 3_000L, "-0.700000000"), (export.NettedWh!["night"], export.NettedWh["day"], export.LeftWh!.Value, export.Amount));
        Assert.Contains("no register of it is known", export.SelfConsumptionMissing, StringComparison.Ordinal);
        Assert.Equal((5_000L, 0L), (account.Meters[0].Export!.ExportedWh, account.Meters[0].Export!.HeldWh));
        var gateway = await Grid.Admin.GetAsync<Page<GatewayMeterAnswer>>("/v1/gateways/G1/meters?meter=EX-M");
        Assert.Equal(("2.8.0", 5_500L), (gateway.Data[0].Export!.Register, gateway.Data[0].Export!.RegisterWh));

        Grid.Time.Shift(TimeSpan.FromDays(5));
        await Grid.SweepAsync();
        var days = await Eventually.GetAsync(() => Grid.Admin.ListAsync<ExplainDay>("/v1/meters/EX-M/days"),
            d => d.Count == 2 && d.TrueForAll(x => x.Closed), "Closed days of both registers");
        Assert.Equal(["1.8.0", "2.8.0"], days.Select(d => d.Register).Order());
        Assert.Equal(5_000, days.Single(d => d.Register == "2.8.0").ByRate.Values.Sum());
        Assert.True((await Grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/EX/explain")).Agrees);
        var entry = (await Eventually.GetAsync(() => Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/EX/entries"),
            p => p.Data.Any(e => e.Kind == "charge"), "The charge's entry, written a moment after the day closes")).Data.Single(e => e.Kind == "charge");
        Assert.Equal(("-0.400000000", "1.100000000", "-0.700000000"), (entry.Amount, entry.Energy, entry.Export));
        await Grid.AssertAuditAsync();

        // Late data open the days of both registers: 5 kWh more came in by 13:00, and 3 of them are netted: 2 × 0.50.
        await PushAsync("EX-M", ("2.8.0", 6, 1_200), ("1.8.0", 13, 10_000));
        await Grid.BalanceAsync("EX", "-1.40");
        Grid.Time.Shift(TimeSpan.FromDays(2));
        await Grid.SweepAsync();
        await Grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Export_begins_moves_is_exchanged_and_is_found_missing()
    {
        await OpenAsync("EA", None);
        await OpenAsync("EB", FeedIn);
        await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("EX-M", "G1", "EA", Start));

        // The meter says nothing of export: what it counts is kept, and said.
        await PushAsync("EX-M", ("2.8.0", 1, 700));
        var found = await ExceptionAsync("reading.register_not_charged");
        Assert.Equal("2.8.0", found.Register);
        Assert.Contains("exportWh", found.Detail, StringComparison.Ordinal);
        var begin = new AssignMeterRequest("EA", Start.AddHours(2), MeasuresExport: true);
        Assert.Equal((422, "meter.export_invalid"), await CodeAsync("assignments", begin));
        Assert.Equal((422, "meter.register_invalid"), await CodeAsync("assignments", begin with { ExportWh = -1 }));
        Assert.Equal((422, "meter.export_invalid"), await CodeAsync("assignments", new AssignMeterRequest("EB", Start.AddHours(2), ExportWh: 5)));
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, "/v1/meters/EX-M/assignments", begin with { ExportWh = 1_000 })).Status);

        // Its tariff does not name export: nothing is credited, and that is said once the day closes.
        await PushAsync("EX-M", ("1.8.0", 3, 0), ("2.8.0", 3, 3_000));
        Grid.Time.Shift(TimeSpan.FromDays(4));
        await Grid.SweepAsync();
        Assert.Equal(0, (await ExceptionAsync("reading.export_not_credited")).HeldWh);
        Assert.Equal((422, "decision.not_of_code"), await _town.CodeAsync(HttpMethod.Post, "/v1/accounts/EA/reading-decisions",
            new DecideReadingRequest("EX-M", Start.AddHours(2), "dismiss", "seen", "reading.export_not_credited", DryRun: true)));

        // 2 of the day's kWh go with the meter: 0.20 and 20 % of it.
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, "/v1/meters/EX-M/assignments",
            new AssignMeterRequest("EB", Start.AddHours(32), 0, ExportWh: 3_000))).Status);
        await PushAsync("EX-M", ("2.8.0", 36, 5_000), ("1.8.0", 36, 0));
        await Grid.BalanceAsync("EB", "0.24");
        var exchange = new ExchangeMeterRequest("EX-N", Start.AddHours(40), 0, 0, StartExportWh: 10);
        Assert.Equal((422, "meter.export_invalid"), await CodeAsync("exchange", exchange));
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, "/v1/meters/EX-M/exchange", exchange with { FinalExportWh = 6_000 })).Status);
        await PushAsync("EX-N", ("2.8.0", 41, 1_010));
        await Grid.BalanceAsync("EB", "0.48");
        await Grid.AssertAuditAsync();

        Task<(int, string?)> CodeAsync(string what, object body) => _town.CodeAsync(HttpMethod.Post, $"/v1/meters/EX-M/{what}", body);
    }

    /// <summary>A bill has lines of its own for what goes out, and its energy is what came in.</summary>
    [Fact]
    public async Task A_bill_lists_exported_energy()
    {
        await OpenAsync("EC", FeedIn);
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Put, "/v1/accounts/EC/customer", new Host.Collections.CustomerRequest("cn-residential"))).Status);
        await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("EX-M", "G1", "EC", Start, 0, ExportWh: 0));
        Grid.Time.Shift(TimeSpan.FromDays(32));
        await PushAsync("EX-M", [.. Enumerable.Range(0, 32).SelectMany(day => new (string, double, long)[]
        {
            ("1.8.0", (day * 24) + 12, day * 10_000), ("2.8.0", (day * 24) + 12, day * 4_000), ("1.8.0", (day * 24) + 20, (day + 1) * 10_000),
            ("2.8.0", (day * 24) + 20, (day + 1) * 4_000),
        })]);
        for (var i = 0; i < 3; i++)
        {
            Grid.Time.Shift(TimeSpan.FromDays(2));
            await Grid.SweepAsync();
            await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        }

        var bills = await Eventually.GetAsync(() => Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/EC/bills"),
            b => b.Count > 0 && b[0].Document is not null, "A written bill");
        var bill = bills[^1].Document!.Value.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;

        // 30 days of March, 4 kWh each between 12:00 and 20:00: 120 × 0.10 = 12 and 20 % of it.
        var lines = bill.Lines.Where(l => l.Kind.StartsWith("export", StringComparison.Ordinal)).ToList();
        Assert.Equal([("export", "day", 120_000L, "-12.000000000"), ("export-tax", "VAT", null, "-2.400000000")],
            lines.Select(l => (l.Kind, l.Name, l.EnergyWh, l.Amount)));
        Assert.Equal(300_000, bill.EnergyWh);
        Assert.Equal(decimal.Parse(bill.Total, null), bill.Lines.Sum(l => decimal.Parse(l.Amount, null)));
        Assert.Equal([("1.8.0", 300_000L), ("2.8.0", 120_000L)], bill.Meters!.Select(m => (m.Register, m.EnergyWh)));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/accounts/EC/bills/{bill.From[..7]}");
        request.Headers.Accept.ParseAdd("text/html");
        using var page = await Grid.Http.SendAsync(request);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("EX-M 2.8.0", html, StringComparison.Ordinal);
        Assert.True(html.Contains("上网电量", StringComparison.Ordinal) || html.Contains("delivered to the grid", StringComparison.Ordinal));
        await Grid.AssertAuditAsync();
    }

    private async Task<ExceptionAnswer> ExceptionAsync(string code) => (await Eventually.GetAsync(
        () => Grid.Admin.GetAsync<Page<ExceptionAnswer>>($"/v1/exceptions?meter=EX-M&code={code}"), p => p.Data.Count == 1, code)).Data[0];

    private Task OpenAsync(string id, TariffDefinition tariff) =>
        Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, tariff.Id, Mode: "postpaid", OpenedOn: new DateOnly(2026, 3, 2)));

    private Task<BatchAnswer> PushAsync(string meter, params (string Obis, double Hours, long Wh)[] readings) =>
        Grid.Admin.PushAsync(Encoding.UTF8.GetBytes(string.Concat(readings.Select(
            r => $$"""{"meter":"{{meter}}","obis":"{{r.Obis}}","ts":"{{Start.AddHours(r.Hours):yyyy-MM-dd'T'HH:mm:sszzz}}","value":{{r.Wh}}}""" + "\n"))));
}
