using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Audit;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Files;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Prices;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Prices;

/// <summary>A price series from its creation to a corrected day: by API and CSV, with a second person, explained and audited.</summary>
public sealed class PriceSeriesApiTests : IAsyncLifetime
{
    /// <summary>The clock begins on the morning of 2 March in Shanghai.</summary>
    private readonly CustomerGrid _customers = new();

    private GridFixture Grid => _customers.Grid;

    public ValueTask InitializeAsync() => _customers.InitializeAsync();

    public ValueTask DisposeAsync() => _customers.DisposeAsync();

    [Fact]
    public async Task A_missing_price_is_charged_at_the_average_marked_and_corrected_when_it_comes()
    {
        await CreateAsync("spot");
        await OpenAsync("DYN-1", "spot");

        // 2 and 3 March at 0.30 a kWh, but for 07:00 to 08:00 on 2 March, which is missing.
        var hours = Hours("2026-03-02", 2, "300.00").Where(p => p.Start != At("2026-03-02T07:00+08:00")).ToList();
        var published = await PublishAsync("spot", hours);
        Assert.Equal((200, 47, 0, 0), (published.Status, Number(published, "added"), Number(published, "corrected"), Number(published, "unchanged")));
        var again = await PublishAsync("spot", hours);
        Assert.Equal((200, 0, 47), (again.Status, Number(again, "added"), Number(again, "unchanged")));
        await Grid.PushAsync(
            ("DYN-1", "2026-03-02T07:00:00+08:00", 0), ("DYN-1", "2026-03-02T08:00:00+08:00", 2_000), ("DYN-1", "2026-03-02T08:30:00+08:00", 3_000));
        await Grid.BalanceAsync("DYN-1", "-0.900000000");
        var open = Assert.Single((await ExplainAsync("DYN-1")).Days);
        Assert.Equal((2_000L, "0.300000", true), (open.AverageWh, open.Intervals![0].SeriesPrice, open.Intervals[0].IsAverage));
        Assert.Equal((1_000L, "0.300000", 1, false),
            (open.Intervals[1].EnergyWh, open.Intervals[1].Price, open.Intervals[1].Publication!.Value, open.Intervals[1].IsAverage));

        await CloseDaysAsync();
        await Grid.AssertAuditAsync();
        Assert.Equal(200, (await PublishAsync("spot", [new(At("2026-03-02T07:00+08:00"), "-50.00")])).Status);
        await Grid.SweepAsync();

        // 2 kWh at -0.05 and 1 at 0.30.
        await Grid.BalanceAsync("DYN-1", "-0.200000000");
        var entries = await Eventually.GetAsync(
            () => Grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/DYN-1/entries?limit=100"), p => p.Data.Any(e => e.Kind == "correction"), "A correction");
        var correction = entries.Data.Single(e => e.Kind == "correction");
        Assert.Equal(("prices:spot:2", "0.700000000"), (correction.Reference, correction.Amount));
        Assert.Contains(correction.Corrects!, entries.Data.Single(e => e.Kind == "charge").Id, StringComparison.Ordinal);
        var day = Assert.Single((await ExplainAsync("DYN-1")).Days);
        Assert.Equal((0L, "-0.050000", 2), (day.AverageWh, day.Intervals![0].Price, day.Intervals[0].Publication!.Value));
        Assert.True((await ExplainAsync("DYN-1")).Agrees);
        await Grid.AssertAuditAsync();
        await AssertAuditFindsAsync(
            "update price_publication set prices_micro[1] = 1 where number = 2", "update price_publication set prices_micro[1] = -50000 where number = 2");
    }

    /// <summary>A price that is known changes with a reason; one whose interval has begun with a second person, who says what they saw.</summary>
    [Fact]
    public async Task A_correction_needs_a_reason_and_a_second_person()
    {
        await CreateAsync("fixed");
        await OpenAsync("DYN-2", "fixed");
        await PublishAsync("fixed", Hours("2026-03-02", 2, "300.00"));
        await Grid.PushAsync(("DYN-2", "2026-03-02T08:00:00+08:00", 0), ("DYN-2", "2026-03-02T09:00:00+08:00", 1_000));
        await Grid.BalanceAsync("DYN-2", "-0.300000000");

        // Tomorrow's has not begun: one person with a reason.
        IntervalPrice[] tomorrow = [new(At("2026-03-03T08:00+08:00"), "310.00")];
        var refused = await PublishAsync("fixed", [.. Hours("2026-03-04", 1, "1"), .. tomorrow]);
        Assert.Equal((422, "price.reason_missing"), (refused.Status, refused.Body.GetProperty("code").GetString()));
        Assert.StartsWith("prices[24].price: '310.00' changes 300.000", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (await PublishAsync("fixed", tomorrow, "auction repeated")).Status);

        var asked = await PublishAsync("fixed", [new(At("2026-03-02T08:00+08:00"), "900.00")], "exchange corrected it");
        Assert.Equal(202, asked.Status);
        var (path, hash) = ($"/v1/price-corrections/{asked.Body.GetProperty("id").GetGuid()}/agreement", asked.Body.GetProperty("hash").GetString()!);
        Assert.Equal((409, "approval.not_possible"), await _customers.CodeAsync(HttpMethod.Post, path, new PriceCorrectionAgreement(hash)));
        using var second = Grid.WithKey(_customers.SecondKey);
        Assert.Equal("approval.content_differs", (await _customers.CodeAsync(HttpMethod.Post, path, new PriceCorrectionAgreement("0"), second)).Code);
        await Grid.BalanceAsync("DYN-2", "-0.300000000");
        var agreed = await Grid.SendAsync(HttpMethod.Post, path, new PriceCorrectionAgreement(hash), http: second);
        Assert.Equal((200, 3), (agreed.Status, Number(agreed, "publication")));
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, path, new PriceCorrectionAgreement(hash), http: second)).Status);
        await Grid.SweepAsync();
        await Grid.BalanceAsync("DYN-2", "-0.900000000");
        var publication = await Grid.Admin.GetAsync<PricePublicationAnswer>("/v1/price-series/fixed/publications/3");
        Assert.Equal((1, 1, "exchange corrected it"), (publication.Prices, publication.Corrected, publication.Reason));
        Assert.NotEqual(publication.PublishedBy, publication.AgreedBy);
        await CloseDaysAsync();
        await Grid.AssertAuditAsync();
    }

    /// <summary>What a publisher did not come to name, partitions name themselves.</summary>
    [Fact]
    public async Task Prices_count_in_partitions_that_nobody_told()
    {
        await CreateAsync("untold");
        await OpenAsync("DYN-3", "untold");
        await using (var command = Grid.Database.CreateCommand(
            """
            insert into price_publication (number, series, days, intervals, prices_micro, corrected, published_by, published_at)
            values (1, 'untold', array['2026-03-02']::date[], array[8]::smallint[], array[700000]::bigint[], 0, 'somebody', now())
            """))
        {
            await command.ExecuteNonQueryAsync();
        }

        await Grid.Host.Services.GetRequiredService<PriceCatalog>().LoadAsync(TestContext.Current.CancellationToken);
        await Grid.SweepAsync();
        await Grid.PushAsync(("DYN-3", "2026-03-02T08:00:00+08:00", 0), ("DYN-3", "2026-03-02T09:00:00+08:00", 1_000));
        await Grid.BalanceAsync("DYN-3", "-0.700000000");
        await Grid.AssertAuditAsync();
    }

    /// <summary>Whole or not at all, with the row that is wrong.</summary>
    [Theory]
    [InlineData("2026-03-03T08:30+08:00", "1", "prices[1].start: '2026-03-03T00:30:00Z' is not the start of an interval of 60 minutes")]
    [InlineData("2025-11-29T08:00+08:00", "1", "prices[1].start: '2025-11-29T00:00:00Z' is not on a local day from 2025-11-30 to 2027-04-06")]
    [InlineData("2027-04-07T08:00+08:00", "1", "prices[1].start: '2027-04-07T00:00:00Z' is not on a local day")]
    [InlineData("2026-03-03T00:00+08:00", "1", "prices[1].start: '2026-03-02T16:00:00Z' is there twice")]
    [InlineData("2026-03-03T08:00+08:00", "0.0001", "prices[1].price: '0.0001' is not a decimal price per MWh")]
    [InlineData("2026-03-03T08:00+08:00", "1,5", "prices[1].price: '1,5' is not a decimal price per MWh")]
    public async Task A_wrong_row_is_named_and_nothing_is_taken(string start, string price, string detail)
    {
        await CreateAsync("strict");
        await OpenAsync("DYN-4", "strict");
        var (status, body) = await PublishAsync("strict", [new(At("2026-03-03T00:00+08:00"), "1"), new(At(start), price)]);
        Assert.Equal((422, "price.invalid"), (status, body.GetProperty("code").GetString()));
        Assert.StartsWith(detail, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.All((await Grid.Admin.GetAsync<Page<PriceAnswer>>("/v1/price-series/strict/prices?from=2026-03-03T00:00:00%2B08:00")).Data,
            p => Assert.True(p.IsAverage));
    }

    [Fact]
    public async Task Series_prices_pages_and_the_doctor()
    {
        await CreateAsync("shown");
        await CreateAsync("shown");
        Assert.Equal((409, "price.series_immutable"),
            await _customers.CodeAsync(HttpMethod.Post, "/v1/price-series", Series("shown") with { FallbackPerKwh = "1" }));
        Assert.Equal((422, "price.series_invalid"), await _customers.CodeAsync(HttpMethod.Post, "/v1/price-series", Series("shown") with { Per = "Wh" }));
        Assert.Equal((404, "price.series_unknown"), await _customers.CodeAsync(HttpMethod.Get, "/v1/price-series/nothing/prices"));
        Assert.Equal((404, "price.series_unknown"), await _customers.CodeAsync(HttpMethod.Post, "/v1/tariffs", Tariff("lost", "nothing")));
        Assert.Equal((422, "tariff.invalid"), await _customers.CodeAsync(HttpMethod.Post, "/v1/tariffs", Tariff("lost", "shown") with { Zone = "Asia/Tokyo" }));
        Assert.Contains((await Grid.Admin.ListAsync<PriceSeriesDefinition>("/v1/price-series")), s => s.Id == "shown");
        await OpenAsync("DYN-5", "shown");

        // The file's rows are read as they are written, twice without effect; a wrong one and nothing is sent.
        var (prices, errors) = PriceFile.Read("start,price\n2026-03-02T00:00:00+08:00,250.00\n2026-03-02T01:00:00+08:00,-10\n");
        Assert.Empty(errors);
        await using var output = new StringWriter();
        Assert.Equal(0, await PricesCommand.PublishAsync(Grid.Admin, "shown", prices, null, output));
        Assert.Equal(0, await PricesCommand.PublishAsync(Grid.Admin, "shown", prices, null, output));
        Assert.Equal(["2 added, 0 corrected, 0 unchanged.", "0 added, 0 corrected, 2 unchanged."], output.ToString().TrimEnd().Split('\n'));
        Assert.Equal(["row 2: start: '2026-03-02 00:00' is not ", "row 3: it has 3 fields and the header 2."],
            PriceFile.Read("start;price\n2026-03-02 00:00;1\n2026-03-02T00:00:00+08:00;1;5\n").Errors.Select(e => e[..Math.Min(e.Length, 40)]));

        var page = await Grid.Admin.GetAsync<Page<PriceAnswer>>("/v1/price-series/shown/prices?from=2026-03-02T00:00:00%2B08:00&limit=2");
        Assert.Equal([("250.000", false), ("-10.000", false)], page.Data.Select(p => (p.Price, p.IsAverage)));
        var next = await Grid.Admin.GetAsync<Page<PriceAnswer>>(
            $"/v1/price-series/shown/prices?from=2026-03-02T00:00:00%2B08:00&limit=2&cursor={Uri.EscapeDataString(page.NextCursor!)}");
        Assert.Equal([("120.000", At("2026-03-02T02:00+08:00"), true), ("120.000", At("2026-03-02T03:00+08:00"), true)],
            next.Data.Select(p => (p.Price, p.Start, p.IsAverage)));

        // In the morning today's are asked for, in the afternoon tomorrow's too.
        var tariffs = Grid.Host.Services.GetRequiredService<TariffCatalog>().All.Where(t => t.Definition.Id == "tariff-shown").ToList();
        Assert.Contains("22 of 24 prices of 2026-03-02 are missing", Assert.Single(Findings("2026-03-02T14:59+08:00")), StringComparison.Ordinal);
        Assert.Equal(2, Findings("2026-03-02T15:00+08:00").Count);
        await PublishAsync("shown", [.. Hours("2026-03-02", 2, "1").Skip(2)]);
        Assert.Empty(Findings("2026-03-02T15:00+08:00"));

        List<string> Findings(string at) => [.. DoctorChecks.Prices(tariffs, At(at).ToUnixTimeMilliseconds()).Select(f => f.Detail)];
    }

    private static PriceSeriesDefinition Series(string id) =>
        new() { Id = id, Zone = "Asia/Shanghai", Currency = "CNY", ResolutionMinutes = 60, Per = "MWh", FallbackPerKwh = "0.5" };

    private static TariffDefinition Tariff(string id, string series) => GridFixture.Flat() with
    {
        Id = id,
        Rates = [new("network", "0")],
        Dynamic = new() { Series = series, FloorPerKwh = "-1", CapPerKwh = "2" },
    };

    private async Task CreateAsync(string id) => await Grid.Admin.RegisterAsync("/v1/price-series", Series(id));

    private async Task OpenAsync(string id, string series)
    {
        await Grid.Admin.RegisterAsync("/v1/tariffs", Tariff($"tariff-{series}", series));
        await Grid.Admin.PostAsync<AccountAnswer>(
            "/v1/accounts", new OpenAccountRequest(id, $"tariff-{series}", Mode: "postpaid", OpenedOn: new DateOnly(2026, 3, 2)));
        await Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest(id, "G1", id, At("2026-03-02T00:00+08:00")));
    }

    /// <summary>Hours of local days at one price a MWh.</summary>
    private static List<IntervalPrice> Hours(string first, int days, string price) =>
        [.. Enumerable.Range(0, days * 24).Select(h => new IntervalPrice(At($"{first}T00:00+08:00").AddHours(h), price))];

    private Task<(int Status, JsonElement Body)> PublishAsync(string series, IReadOnlyList<IntervalPrice> prices, string? reason = null) =>
        Grid.SendAsync(HttpMethod.Post, $"/v1/price-series/{series}/prices", new PublishPricesRequest(prices, reason));

    private Task<ExplainAnswer> ExplainAsync(string id) => Grid.Admin.GetAsync<ExplainAnswer>($"/v1/accounts/{id}/explain");

    private async Task CloseDaysAsync()
    {
        Grid.Time.Shift(TimeSpan.FromDays(3));
        await Grid.SweepAsync();
        await Grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
    }

    /// <summary>A price that somebody changed in the database is a difference of the audit, and none when it is put right.</summary>
    private async Task AssertAuditFindsAsync(string change, string undo)
    {
        await RunAsync(change);
        var report = await new Auditor(Grid.Host.Services.GetRequiredService<LogServers>()).RunAsync();
        Assert.Contains(report.Differences, d => d.Contains("money charged", StringComparison.Ordinal));
        await RunAsync(undo);
        await Grid.AssertAuditAsync();
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Grid.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static int Number((int Status, JsonElement Body) answer, string member) => answer.Body.GetProperty(member).GetInt32();

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
