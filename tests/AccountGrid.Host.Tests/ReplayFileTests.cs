using AccountGrid.Host.Cli;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Metering;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>Files as they really are, replayed through the API: what is charged is what they say, and what is not taken is named.</summary>
public sealed class ReplayFileTests(GridFixture grid)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("RFA", "2026-11-02T01:00:00Z,1|2026-11-02T00:00:00Z,1", 2_000)]
    [InlineData("RFB", "2026-11-02T00:00:00Z,1|2026-11-02T01:00:00Z,1|2026-11-02T01:00:00Z,1|2026-11-02T02:00:00Z,1", 3_000)]
    [InlineData("RFC", "2026-11-02T00:00:00Z,1|2026-11-02T01:00:00Z,-0.25|2026-11-02T02:00:00Z,0.25|2026-11-02T03:00:00Z,1", 2_000)]
    public async Task In_any_order_and_with_repeats_and_corrections_a_file_comes_to_its_own_sum(string meter, string rows, long wh)
    {
        var summary = await ReplayAsync(meter, rows);
        Assert.True(summary.IsWhole);
        await ChargedAsync(meter, wh);
        summary = await ReplayAsync(meter, rows);
        Assert.True(summary.IsWhole);
        await ChargedAsync(meter, wh);
    }

    [Fact]
    public async Task Next_months_file_goes_on_where_the_last_one_ended()
    {
        Assert.True((await ReplayAsync("RFN", Hours(0, 3, "0.5004"))).IsWhole);
        await ChargedAsync("RFN", 1_501);
        Assert.True((await ReplayAsync("RFN", Hours(3, 6, "1"))).IsWhole);
        await ChargedAsync("RFN", 4_501);

        // The first again, and one that overlaps both: what is there is nothing.
        Assert.True((await ReplayAsync("RFN", Hours(0, 3, "0.5004"))).IsWhole);
        Assert.True((await ReplayAsync("RFN", Hours(4, 8, "1"))).IsWhole);
        await ChargedAsync("RFN", 6_501);
    }

    [Fact]
    public async Task Without_provision_a_meter_goes_on_from_the_register_that_it_has()
    {
        await grid.OpenAsync("RFP", "2026-11-01T00:00:00Z");
        await grid.PushAsync(("RFP", "2026-11-01T01:00:00Z", 70));
        await grid.BalanceAsync("RFP", "-0.035");
        Assert.True((await ReplayAsync("RFP", Hours(1, 3, "1"), provision: false)).IsWhole);
        await ChargedAsync("RFP", 2_070);
    }

    [Fact]
    public async Task Rows_that_cannot_be_placed_are_refused_by_meter()
    {
        var summary = await ReplayAsync("RFU", Hours(0, 2, "1"), provision: false);
        Assert.Equal((false, 0), (summary.IsWhole, summary.Readings));
        Assert.Contains("meter: 'RFU' is not a meter that the grid knows", Assert.Single(summary.Refused), StringComparison.Ordinal);

        await grid.OpenAsync("RFV", "2026-11-01T00:00:00Z");
        await grid.PushAsync(("RFV", "2026-11-01T09:30:00Z", 70));
        await grid.BalanceAsync("RFV", "-0.035");
        summary = await ReplayAsync("RFV", Hours(0, 2, "1"), provision: false);
        Assert.Contains("the grid has readings up to 2026-11-01T09:30:00", Assert.Single(summary.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubled_hour_is_refused_and_the_rest_is_charged()
    {
        var summary = await ReplayAsync("RFD", "2026-11-01T00:00:00Z,1|2026-11-01T01:00:00Z,1|2026-11-01T01:00:00Z,2|2026-11-01T02:00:00Z,1");
        Assert.Equal((false, 2), (summary.IsWhole, summary.Refused.Count));
        await ChargedAsync("RFD", 2_000);
    }

    [Theory]
    [InlineData("11-newest-first.csv", "X", 2_000)]
    [InlineData("12-repeated.csv", "X", 3_000)]
    [InlineData("files/pge_as_in_file.csv", "PGE-UP1", 496_406)]
    [InlineData("files/pge_deduplicated.csv", "PGE-UP1", 496_406)]
    public async Task The_cases_of_the_trials_come_to_their_right_energy(string name, string meter, long wh)
    {
        var path = SharedCases.Find(name);
        Assert.SkipWhen(path is null, SharedCases.Missing);
        var content = await IntervalFile.ReadRowsAsync(path);
        Assert.Empty(content.Errors);
        var id = $"{meter}-{Path.GetFileNameWithoutExtension(name)[..4]}";
        var summary = await new Replay(grid.Admin, [.. content.Intervals.Select(s => s with { Meter = id })], new ReplayOptions(Provision: true),
            TimeProvider.System).RunAsync();
        Assert.True(summary.IsWhole);
        await ChargedAsync(id, wh);
    }

    private async Task<ReplaySummary> ReplayAsync(string meter, string rows, bool provision = true)
    {
        var path = grid.Host.Data.In($"replay-{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(path, "meter,interval_end_utc,kwh\n" + string.Join('\n', rows.Split('|').Select(r => $"{meter},{r}")));
        var content = await IntervalFile.ReadRowsAsync(path);
        Assert.Empty(content.Errors);
        return await new Replay(grid.Admin, content.Intervals, new ReplayOptions(Provision: provision), TimeProvider.System).RunAsync();
    }

    private Task<MeterAnswer> ChargedAsync(string meter, long wh) =>
        Eventually.GetAsync(() => grid.Admin.GetAsync<MeterAnswer>($"/v1/meters/{meter}"), m => m.ChargedWh == wh && m.HeldWh == 0,
            $"{wh} Wh charged of {meter}");

    private static string Hours(int from, int to, string kwh) =>
        string.Join('|', Enumerable.Range(from + 1, to - from).Select(h => $"{Start.AddHours(h):yyyy-MM-ddTHH:mm:ssZ},{kwh}"));
}
