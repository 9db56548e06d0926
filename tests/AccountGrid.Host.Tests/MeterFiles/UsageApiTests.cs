using AccountGrid.Domain;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.MeterFiles;

/// <summary>Usage that leaves as a file is what came in.</summary>
public sealed class UsageApiTests(GridFixture grid)
{
    [Fact]
    public async Task What_leaves_as_green_button_and_as_meter_readings_is_read_as_what_came()
    {
        await SameDayTests.OpenAsync(grid, "UA1");
        await grid.Admin.PushAsync(System.Text.Encoding.UTF8.GetBytes(DayOfData.Ndjson("UA1")));
        await Eventually.GetAsync(() => grid.Admin.GetAsync<MeterAnswer>("/v1/meters/UA1"), m => m.ChargedWh == DayOfData.Sum, "The day of UA1 is charged");

        var content = await ReadAsync("espi");
        var intervals = Assert.Single(content.Intervals);
        Assert.Equal(("UA1", RegisterKind.Import), (intervals.Meter, intervals.Register));
        Assert.Equal(Enumerable.Range(1, DayOfData.Count - 1).Select(i => (DayOfData.End(i).ToUnixTimeMilliseconds(), DayOfData.Wh(i) * 1000)),
            intervals.Intervals.Select(i => (i.EndMs, i.MilliWh)).Where(i => i.EndMs > DayOfData.End(0).ToUnixTimeMilliseconds()));

        var registers = Assert.Single((await ReadAsync("meter-readings")).Registers);
        Assert.Equal((DayOfData.End(DayOfData.Count - 1).ToUnixTimeMilliseconds(), DayOfData.RegisterWh(DayOfData.Count) * 1000),
            (registers.Points[^1].TimeMs, registers.Points[^1].MilliWh));

        var csv = (await grid.Http.GetStringAsync("/v1/accounts/UA1/usage?format=csv&from=2026-03-09&to=2026-03-11")).Split("\r\n");
        Assert.Equal("meter,register,start (Asia/Shanghai),end (Asia/Shanghai),energy (Wh),register (Wh),quality", csv[0]);
        Assert.Contains($"UA1,1.8.0,2026-03-09T22:30:00+08:00,2026-03-09T23:00:00+08:00,{DayOfData.Wh(1)},{DayOfData.RegisterWh(2)},valid", csv);
    }

    /// <summary>A meter that is read once a month: its month begins at the reading a month before.</summary>
    [Fact]
    public async Task The_first_interval_begins_at_the_last_reading_before_the_first_day()
    {
        await SameDayTests.OpenAsync(grid, "UA3");
        var read = DayOfData.Start.AddDays(40);
        await grid.Admin.PushAsync(System.Text.Encoding.UTF8.GetBytes(
            $"{{\"meter\":\"UA3\",\"ts\":{DayOfData.Start.AddHours(1).ToUnixTimeMilliseconds()},\"value\":{DayOfData.StartWh}}}\n"
            + $"{{\"meter\":\"UA3\",\"ts\":{read.ToUnixTimeMilliseconds()},\"value\":{DayOfData.StartWh + 4_000}}}\n"));
        var rows = await Eventually.GetAsync(
            async () => (await grid.Http.GetStringAsync($"/v1/accounts/UA3/usage?format=csv&from=2026-04-18&to=2026-04-18")).Split("\r\n"),
            r => r.Length > 2, "The reading of UA3 is there");
        Assert.StartsWith("UA3,1.8.0,2026-03-09T23:00:00+08:00,2026-04-18T22:00:00+08:00,4000,1004000,", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_span_and_a_format_are_checked()
    {
        await SameDayTests.OpenAsync(grid, "UA2");
        Assert.Equal(422, (await grid.SendAsync(HttpMethod.Get, "/v1/accounts/UA2/usage?from=2026-03-01&to=2027-03-02")).Status);
        Assert.Equal((400, 404), ((await grid.SendAsync(HttpMethod.Get, "/v1/accounts/UA2/usage?format=pdf")).Status,
            (await grid.SendAsync(HttpMethod.Get, "/v1/accounts/UA-none/usage")).Status));
    }

    private async Task<MeterFileContent> ReadAsync(string format)
    {
        var bytes = await grid.Http.GetByteArrayAsync($"/v1/accounts/UA1/usage?format={format}&from=2026-03-09&to=2026-03-11");
        var content = MeterFileFormats.Read(new MeterFileSource(() => new MemoryStream(bytes)), null, MeterFileMapping.None);
        Assert.Equal(format, content.Format);
        Assert.Empty(content.Errors);
        return content;
    }
}
