using AccountGrid.Host.Files;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Tests;

public sealed class ImportTests(GridFixture grid)
{
    [Fact]
    public async Task A_csv_of_each_kind_is_taken_and_a_second_time_changes_nothing()
    {
        var tariffs = await FileAsync(".csv",
            "id,currency,zone,rate,price_per_kwh,from,to,tax_basis_points\n"
                + "imp-tou,CNY,Asia/Shanghai,flat,0.5,,,1300\n"
                + "imp-tou,CNY,Asia/Shanghai,peak,0.8,18:00,21:00,\n");
        var accounts = await FileAsync(".csv", "id,tariff,opened_on,low_balance_levels\nIMP1,imp-tou,2026-03-01,50;30\nIMP2,imp-tou,2026-03-01,\n");
        var meters = await FileAsync(".csv",
            "id,gateway,account,installed_at,register_wh,interval_seconds\n"
                + "IMP1,IMPG,IMP1,2026-03-01T00:00:00+08:00,100,900\n"
                + "IMP2,IMPG,IMP2,2026-03-01T00:00:00+08:00,,\n");
        Assert.Equal((1, 0), await ImportAsync(tariffs));
        Assert.Equal((2, 0), await ImportAsync(accounts));
        Assert.Equal((3, 0), await ImportAsync(meters));
        Assert.Equal((0, 1), await ImportAsync(tariffs));
        Assert.Equal((0, 2), await ImportAsync(accounts));
        Assert.Equal((0, 3), await ImportAsync(meters));
        Assert.Equal((100, "IMP1"), await RegisterAsync("IMP1"));
    }

    [Fact]
    public async Task Json_with_all_kinds_is_taken_and_bad_rows_are_named_while_good_ones_count()
    {
        var file = await FileAsync(".json", """
            {"tariffs":[{"id":"imp-flat","currency":"CNY","zone":"Asia/Shanghai","rates":[{"name":"flat","pricePerKwh":"0.5"}]},
             {"id":"imp-bad","currency":"CNY","zone":"Nowhere","rates":[{"name":"flat","pricePerKwh":"1"}]}],
             "accounts":[{"id":"IMP3","tariff":"imp-flat"},{"id":"IMP4","tariff":"none"},{"id":"IMP5","tarif":"imp-flat"}],
             "meters":[{"id":"IMP3","gateway":"IMPG2","account":"IMP3"},{"id":"IMP4","gateway":"IMPG2","account":"nobody"}]}
            """);
        var summary = await Importer.RunAsync(grid.Admin, ImportFile.Read(file));
        Assert.Equal(4, summary.Errors.Count);
        Assert.Contains(summary.Errors,
            e => e.StartsWith("tariffs[1]: tariff.invalid", StringComparison.Ordinal) && e.Contains("Nowhere", StringComparison.Ordinal));
        Assert.Contains(summary.Errors, e => e.StartsWith("accounts[1]: tariff.unknown", StringComparison.Ordinal));
        Assert.Contains(summary.Errors,
            e => e.StartsWith("accounts[2]: import.invalid", StringComparison.Ordinal) && e.Contains("tarif", StringComparison.Ordinal));
        Assert.Contains(summary.Errors, e => e.StartsWith("meters[1]: account.unknown", StringComparison.Ordinal));
        Assert.Equal((0, "IMP3"), await RegisterAsync("IMP3"));
    }

    [Fact]
    public async Task What_a_meter_lacks_is_a_warning_of_the_summary_and_of_the_answers()
    {
        var meters = await FileAsync(".csv", "id,gateway,register_wh,capacity_w\nWARN1,WARNG,100,20000\nWARN2,WARNG,,20000\nWARN3,WARNG,0,\nWARN4,WARNG,,0\n");
        for (var time = 0; time < 2; time++)
        {
            var summary = await Importer.RunAsync(grid.Admin, ImportFile.Read(meters));
            Assert.Empty(summary.Errors);
            Assert.Equal(
                ["2 of the meters, first row 4: meter.no_capacity", "2 of the meters, first row 3: meter.no_start_register"],
                summary.Warnings.Select(w => string.Join(':', w.Split(':')[..2])));
        }

        foreach (var (wh, capacityW, codes) in new (long?, long, string[])[] { (null, 0, ["meter.no_start_register", "meter.no_capacity"]),
            (0, 0, ["meter.no_capacity"]), (null, 5, ["meter.no_start_register"]), (0, 5, []) })
        {
            var request = new InstallMeterRequest($"WARN-{wh}-{capacityW}", "WARNG", RegisterWh: wh, CapacityW: capacityW);
            Assert.Equal(codes, (await grid.Admin.PostAsync<MeterAnswer>("/v1/meters", request)).Warnings!.Select(w => w.Code));

            // A register of 0 that is written or not is the same meter.
            Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/meters", request with { RegisterWh = wh is null ? 0 : null })).Status);
            Assert.Null((await grid.Admin.GetAsync<MeterAnswer>($"/v1/meters/{request.Id}")).Warnings);
        }
    }

    /// <summary>A holiday list that has ended is said in the answer and in the import's summary, at each registration.</summary>
    [Fact]
    public async Task A_tariff_whose_holidays_have_ended_says_so()
    {
        var file = await FileAsync(".json", """
            {"tariffs":[{"id":"imp-ended","currency":"CNY","zone":"Asia/Shanghai",
              "rates":[{"name":"flat","pricePerKwh":"0.5"},{"name":"off","pricePerKwh":"0.1"}],
              "schedule":[{"rate":"off","days":["sun","holiday"]}],"calendar":{"holidays":["2018-10-01"],"until":"2018-12-31"}}]}
            """);
        for (var time = 0; time < 2; time++)
        {
            var summary = await Importer.RunAsync(grid.Admin, ImportFile.Read(file));
            Assert.Empty(summary.Errors);
            Assert.StartsWith("1 of the tariffs, first tariffs[0]: tariff.holidays_end: Tariff imp-ended, version 1:", Assert.Single(summary.Warnings),
                StringComparison.Ordinal);
            Assert.Contains("ended on 2018-12-31", summary.Warnings[0], StringComparison.Ordinal);
        }

        var (_, body) = await grid.SendAsync(HttpMethod.Post, "/v1/tariffs", GridFixture.Flat() with { Id = "imp-plain" });
        Assert.Empty(body.GetProperty("warnings").EnumerateArray());
        Assert.Equal("imp-plain", body.GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_exchange_without_the_new_meters_capacity_says_so()
    {
        await grid.OpenAsync("EXWARN");
        var at = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8));
        var answer = await grid.Admin.PostAsync<MeterAnswer>("/v1/meters/EXWARN/exchange", new ExchangeMeterRequest("EXWARN2", at, 1_000, 5));
        Assert.Equal("meter.no_capacity", Assert.Single(answer.Warnings!).Code);
        answer = await grid.Admin.PostAsync<MeterAnswer>("/v1/meters/EXWARN2/exchange", new ExchangeMeterRequest("EXWARN3", at.AddDays(1), 1_000, 5, 20_000));
        Assert.Empty(answer.Warnings!);
    }

    [Fact]
    public async Task A_csv_row_that_cannot_be_read_is_named_by_its_number()
    {
        var file = await FileAsync(".csv", "id,tariff,opened_on\nIMP6,flat,2026-03-01\nIMP7,flat,yesterday\n");
        var content = ImportFile.Read(file);
        Assert.Single(content.Items);
        Assert.Equal("row 3: import.invalid: opened_on: 'yesterday' is not a day as yyyy-MM-dd.", Assert.Single(content.Errors));
    }

    private async Task<(long, string?)> RegisterAsync(string id)
    {
        var meter = await grid.Admin.GetAsync<MeterAnswer>($"/v1/meters/{id}");
        return (meter.RegisterWh, meter.Account);
    }

    private async Task<(int Created, int Unchanged)> ImportAsync(string file)
    {
        var summary = await Importer.RunAsync(grid.Admin, ImportFile.Read(file));
        Assert.Empty(summary.Errors);
        return (summary.Created, summary.Unchanged);
    }

    private async Task<string> FileAsync(string extension, string content)
    {
        var path = grid.Host.Data.In($"import-{Guid.NewGuid():N}{extension}");
        await File.WriteAllTextAsync(path, content);
        return path;
    }
}
