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

/// <summary>A meter that is charged by its rate registers, from its registration to its bill: API, tables, explanation, audit.</summary>
public sealed class RateRegisterTests : IAsyncLifetime
{
    private static readonly TariffDefinition Tariff = new()
    {
        Id = "by-registers",
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Rates = [new("flat", "0.50"), new("peak", "0.80"), new("valley", "0.20")],
        Schedule = [new RateRule { Rate = "valley", From = "23:00", To = "07:00" }],
        Registers = new Dictionary<string, string> { ["1.8.1"] = "peak", ["1.8.2"] = "valley" },
    };

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));

    private readonly CustomerGrid _town = new();

    private GridFixture Grid => _town.Grid;

    public async ValueTask InitializeAsync()
    {
        await _town.InitializeAsync();
        await Grid.Admin.RegisterAsync("/v1/tariffs", Tariff);
    }

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task Registers_are_charged_shown_explained_and_audited()
    {
        await OpenAsync("RR");
        var meter = await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("RR-M", "G1", "RR", Start, RateRegistersWh: [100, 200]));
        Assert.Equal((300L, "meter.no_start_register"), (meter.RegisterWh, meter.Warnings![0].Code));
        Assert.Equal([("1.8.1", 100L), ("1.8.2", 200L)], meter.RateRegisters!.Select(r => (r.Register, r.RegisterWh)));

        // 2 kWh of peak 1.60 and 3 kWh of valley 0.60, whatever the hour; the total is compared only, and 1.8.3 is none of the meter's.
        var answer = await PushAsync(("1.8.1", 1, 2_100), ("1.8.2", 1, 3_200), ("1.8.0", 1, 5_300), ("1.8.3", 1, 9));
        Assert.Equal((3, 1), (answer.Accepted, answer.Rejected));
        Assert.Equal(("reading.register_not_charged", "never"), (answer.Errors[0].Code, answer.Errors[0].Resend));
        await Grid.BalanceAsync("RR", "-2.20");
        var balance = await Grid.Admin.GetAsync<BalanceAnswer>("/v1/accounts/RR/balance");
        Assert.Equal((5_000L, 2_100L), (balance.Meters[0].ChargedWh, balance.Meters[0].RateRegisters![0].RegisterWh));

        Grid.Time.Shift(TimeSpan.FromDays(2));

        // The total says 500 Wh more than the registers together on the next day.
        await PushAsync(("1.8.1", 30, 2_600), ("1.8.2", 30, 3_700), ("1.8.0", 30, 6_800));
        await PushAsync(("1.8.1", 40, 3_100), ("1.8.2", 40, 4_200), ("1.8.0", 40, 8_301));
        Grid.Time.Shift(TimeSpan.FromDays(5));
        await Grid.SweepAsync();
        var exception = (await Eventually.GetAsync(
            () => Grid.Admin.GetAsync<Page<ExceptionAnswer>>("/v1/exceptions?meter=RR-M&code=reading.registers_disagree"), p => p.Data.Count == 1,
            "The day that does not add up")).Data[0];
        Assert.Equal(("1.8.0", 0L), (exception.Register, exception.HeldWh));
        Assert.Contains("counted 3001 Wh and 1.8.1 to 1.8.2 together 2000 Wh", exception.Detail, StringComparison.Ordinal);

        var explained = await Grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/RR/explain");
        Assert.True(explained.Agrees);
        Assert.Equal(["1.8.0", "1.8.1", "1.8.2"], explained.Days.Select(d => d.Register).Distinct().Order());
        Assert.All(explained.Days.Where(d => d.Register == "1.8.0"), d => Assert.Empty(d.ByRate));
        Assert.All(explained.Days.Where(d => d.Register == "1.8.1"), d => Assert.Equal(["peak"], d.ByRate.Keys));
        Assert.Equal(7_000, explained.Days.SelectMany(d => d.ByRate.Values).Sum());
        await Grid.AssertAuditAsync();

        // Late data of a closed day open the days of all registers, in the database too.
        await PushAsync(("1.8.2", 35, 4_000));
        await Grid.BalanceAsync("RR", "-3.20");
        Grid.Time.Shift(TimeSpan.FromDays(2));
        await Grid.SweepAsync();
        await Grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Registers_move_are_exchanged_and_replace_the_total()
    {
        await OpenAsync("RX");
        await OpenAsync("RY");
        await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("RR-M", "G1", "RX", Start, 1_000));
        await PushAsync(("1.8.0", 1, 2_000));

        // From an hour on it is charged by its registers; the same request again is the same change.
        var change = new AssignMeterRequest("RX", Start.AddHours(2), 3_000, [0, 0], "rates");
        Assert.Equal((422, "meter.register_invalid"), await CodeAsync("assignments", change with { RegisterWh = null }));
        Assert.Equal((400, "request.value_invalid"), await CodeAsync("assignments", change with { ChargedBy = "both" }));
        Assert.Equal((422, "meter.rate_registers_invalid"), await CodeAsync("assignments", change with { RateRegistersWh = [0, 0, 0, 0, 0] }));
        Assert.Equal((422, "tariff.registers_not_mapped"), await CodeAsync("assignments", change with { RateRegistersWh = [0, 0, 0] }));
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, "/v1/meters/RR-M/assignments", change)).Status);
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, "/v1/meters/RR-M/assignments", change)).Status);
        await Eventually.GetAsync(() => PushAsync(("1.8.0", 3, 5_000), ("1.8.1", 3, 1_000), ("1.8.2", 3, 1_000)), a => a.Rejected == 0,
            "Ingest that knows of the registers");

        // 2 kWh valley by the schedule (00:00 to 02:00) 0.40, 1 kWh of peak 0.80 and 1 of valley 0.20.
        await Grid.BalanceAsync("RX", "-1.40");
        var move = new AssignMeterRequest("RY", Start.AddHours(4), null, [1_500, 2_000]);
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, "/v1/meters/RR-M/assignments", move)).Status);
        await PushAsync(("1.8.1", 5, 2_500), ("1.8.2", 5, 3_000));
        await Grid.BalanceAsync("RX", "-2.00");
        await Grid.BalanceAsync("RY", "-1.00");
        var exchange = new ExchangeMeterRequest("RR-N", Start.AddHours(6), 9_000, 0, FinalRatesWh: [2_500, 3_500], StartRatesWh: [5]);
        Assert.Equal((422, "meter.rate_registers_invalid"), await CodeAsync("exchange", exchange with { FinalRatesWh = null }));
        Assert.Equal((422, "meter.register_invalid"), await CodeAsync("exchange", exchange with { StartRatesWh = [-1] }));
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, "/v1/meters/RR-M/exchange", exchange)).Status);
        await PushAsync("RR-N", ("1.8.1", 7, 1_005));
        await Grid.BalanceAsync("RY", "-1.90");
        await Grid.AssertAuditAsync();

        Task<(int, string?)> CodeAsync(string what, object body) => _town.CodeAsync(HttpMethod.Post, $"/v1/meters/RR-M/{what}", body);
    }

    /// <summary>A bill has a line for each register, with the energy of its rate, and none for the total.</summary>
    [Fact]
    public async Task A_bill_lists_registers()
    {
        await OpenAsync("RB");
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Put, "/v1/accounts/RB/customer", new Host.Collections.CustomerRequest("cn-residential"))).Status);
        await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("RR-M", "G1", "RB", Start, RateRegistersWh: [0, 0]));
        Grid.Time.Shift(TimeSpan.FromDays(32));
        await PushAsync([.. Enumerable.Range(1, 32).SelectMany(
            day => new (string, double, long)[] { ("1.8.1", day * 24, day * 1_000), ("1.8.2", day * 24, day * 3_000), ("1.8.0", day * 24, day * 4_000) })]);
        for (var i = 0; i < 3; i++)
        {
            Grid.Time.Shift(TimeSpan.FromDays(2));
            await Grid.SweepAsync();
            await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        }

        var bills = await Eventually.GetAsync(() => Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/RB/bills"),
            b => b.Count > 0 && b[0].Document is not null, "A written bill");
        var bill = bills[^1].Document!.Value.Deserialize<BillDocument>(JsonSerializerOptions.Web)!;

        // From 2 March to its end, 30 days.
        Assert.Equal([("1.8.1", 0L, 30_000L, 30_000L), ("1.8.2", 0L, 90_000L, 90_000L)], bill.Meters!.Select(m => (m.Register, m.FromWh, m.ToWh, m.EnergyWh)));
        Assert.Equal([("peak", 30_000L), ("valley", 90_000L)], bill.Lines.Where(l => l.EnergyWh > 0).Select(l => (l.Name, l.EnergyWh!.Value)).Order());
        Assert.Equal(120_000, bill.EnergyWh);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/accounts/RB/bills/{bill.From[..7]}");
        request.Headers.Accept.ParseAdd("text/html");
        using var page = await Grid.Http.SendAsync(request);
        Assert.Contains("RR-M 1.8.2", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Grid.AssertAuditAsync();
    }

    private Task OpenAsync(string id) =>
        Grid.Admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, Tariff.Id, Mode: "postpaid", OpenedOn: new DateOnly(2026, 3, 2)));

    private Task<BatchAnswer> PushAsync(params (string Obis, double Hours, long Wh)[] readings) => PushAsync("RR-M", readings);

    private Task<BatchAnswer> PushAsync(string meter, params (string Obis, double Hours, long Wh)[] readings) =>
        Grid.Admin.PushAsync(Encoding.UTF8.GetBytes(string.Concat(readings.Select(
            r => $$"""{"meter":"{{meter}}","obis":"{{r.Obis}}","ts":"{{Start.AddHours(r.Hours):yyyy-MM-dd'T'HH:mm:sszzz}}","value":{{r.Wh}}}""" + "\n"))));
}
