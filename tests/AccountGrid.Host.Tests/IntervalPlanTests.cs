using AccountGrid.Host.Cli;


namespace AccountGrid.Host.Tests;

/// <summary>What a register can show of a meter's rows, whatever their order.</summary>
public sealed class IntervalPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("intervals").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rows_come_in_order_of_time_in_whichever_order_they_are_written()
    {
        var rows = Rows((1, 100), (2, 200), (3, 300));
        Assert.Equal(Plan(rows).Intervals, Plan([.. Enumerable.Reverse(rows)]).Intervals);
        Assert.Equal(Plan(rows).StepMs, Plan([.. Enumerable.Reverse(rows)]).StepMs);
    }

    [Fact]
    public void An_exact_repeat_is_nothing_and_is_counted()
    {
        var plan = Plan([.. Rows((1, 100), (2, 200)), .. Rows((1, 100), (2, 200))]);
        Assert.Equal((300, 2, 0), (plan.Intervals.Sum(i => i.MilliWh), plan.Repeated, plan.Refused.Count));
    }

    /// <summary>A doubled hour of autumn in local time: which of the two is meant cannot be known.</summary>
    [Fact]
    public void Two_values_of_one_instant_are_both_refused_by_line()
    {
        var plan = Plan(Rows((1, 100), (2, 200), (2, 250), (3, 300)));
        Assert.Equal([100, 300], plan.Intervals.Select(i => i.MilliWh));
        Assert.Equal(["line 3 (M)", "line 4 (M)"], plan.Refused.Select(r => r[..10]));
    }

    [Theory]
    [InlineData(new long[] { 100, -250, 250, 50 }, new long[] { 100, 0, 0, 50 }, 1, 0)]
    [InlineData(new long[] { 500, -250, 100, 100, 100 }, new long[] { 500, 0, 0, 0, 50 }, 1, 0)]
    [InlineData(new long[] { 500, -100, -100, 150, 100 }, new long[] { 500, 0, 0, 0, 50 }, 2, 0)]
    [InlineData(new long[] { 500, -250, 100 }, new long[] { 500, 100 }, 0, 1)]
    [InlineData(new long[] { 500, 100, -1 }, new long[] { 500, 100 }, 0, 1)]
    [InlineData(new long[] { -5, 5 }, new long[] { 0, 0 }, 1, 0)]
    public void A_negative_row_reduces_the_day_behind_it_or_is_refused(long[] rows, long[] net, int netted, int refused)
    {
        var plan = Plan(Rows([.. rows.Select((v, i) => (i + 1, v))]));
        Assert.Equal(net, plan.Intervals.Select(i => i.MilliWh));
        Assert.Equal((netted, refused), (plan.Netted, plan.Refused.Count));
    }

    [Fact]
    public void A_negative_row_takes_nothing_from_intervals_more_than_a_day_behind_it()
    {
        var plan = Plan(Rows((1, 100), (2, -50), (26, 40), (27, 100)));
        Assert.Equal([100, 40, 100], plan.Intervals.Select(i => i.MilliWh));
        Assert.Contains("line 3 (M): kwh: -0.00005 is negative", Assert.Single(plan.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public void Energy_is_the_sum_of_what_is_not_refused_for_any_rows()
    {
        var random = new Random(11);
        for (var run = 0; run < 500; run++)
        {
            var rows = Rows([.. Enumerable.Range(1, 60).Select(i => (i, (long)random.Next(-300, 400)))]);
            var plan = Plan(rows);
            var refused = rows.Where(r => plan.Refused.Exists(f => f.StartsWith($"line {r.Line} ", StringComparison.Ordinal))).ToList();
            Assert.Equal(rows.Sum(r => r.MilliWh) - refused.Sum(r => r.MilliWh), plan.Intervals.Sum(i => i.MilliWh));
            Assert.All(plan.Intervals, i => Assert.True(i.MilliWh >= 0));
            Assert.All(refused, r => Assert.True(r.MilliWh < 0));
        }
    }

    [Theory]
    [InlineData("0.30000000000000004", 300_000)]
    [InlineData("0.1999999999999999", 200_000)]
    [InlineData("1e-05", 10)]
    [InlineData("5.551115123125783e-17", 0)]
    [InlineData("-0.25", -250_000)]
    public async Task Noise_of_binary_floating_point_is_rounded_away(string kwh, long milliWh)
    {
        var content = await ReadAsync($"X,2026-11-02T00:00:00Z,{kwh}\n");
        Assert.Equal(milliWh, Assert.Single(Assert.Single(content.Series).Intervals).MilliWh);
    }

    [Theory]
    [InlineData("X,2026-11-02T00:00:00Z,0.1234567", "kwh: '0.1234567' has more than six decimals.")]
    [InlineData("X,2026-11-02T00:00:00Z,NaN", "kwh: 'NaN' is not a decimal")]
    [InlineData("X,2026-11-02T00:00:00Z,", "kwh: '' is not a decimal")]
    [InlineData("X,2026-11-02T00:00:00Z,0,5", "has 4 fields")]
    [InlineData("X,02/11/2026 00:00:00Z,1", "interval_end_utc: '02/11/2026 00:00:00Z' is not RFC 3339")]
    [InlineData("X,2026-11-02T00:00:00,1", "is not RFC 3339")]
    [InlineData(",2026-11-02T00:00:00Z,1", "meter: ''")]
    [InlineData("a b,2026-11-02T00:00:00Z,1", "meter: 'a b'")]
    public async Task A_row_that_is_not_understood_is_refused_by_line_and_spoils_no_other(string row, string says)
    {
        var content = await ReadAsync($"X,2026-11-01T00:00:00Z,1\n{row}\nX,2026-11-03T00:00:00Z,1\n");
        Assert.Equal(2, Assert.Single(content.Series).Intervals.Count);
        var refused = Assert.Single(content.Refused);
        Assert.StartsWith("line 3: ", refused, StringComparison.Ordinal);
        Assert.Contains(says, refused, StringComparison.Ordinal);
    }

    private async Task<IntervalFileContent> ReadAsync(string rows)
    {
        var path = Path.Combine(_folder, "file.csv");
        await File.WriteAllTextAsync(path, "meter,interval_end_utc,kwh\n" + rows);
        return await IntervalFile.ReadRowsAsync(path);
    }

    private static IntervalPlan Plan(List<Interval> rows) => IntervalPlan.Of(new IntervalSeries("M", rows));

    private static List<Interval> Rows(params (int Hour, long MilliWh)[] rows) =>
        [.. rows.Select((r, i) => new Interval(r.Hour * 3_600_000L, r.MilliWh, i + 2))];
}
