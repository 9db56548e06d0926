using AccountGrid.Host.MeterFiles;


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
        Assert.Equal([3, 4], plan.Refused.First.Select(r => r.Line));
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
        Assert.Contains("line 3: kwh of M: '-0.00005' is not 0 or more", Assert.Single(plan.Refused.First).ToString(), StringComparison.Ordinal);
    }

    /// <summary>A row that many others overlap is named once, and so is each of them; the first errors are kept and all are counted.</summary>
    [Fact]
    public void Each_row_that_overlaps_is_named_once_and_the_first_errors_are_kept()
    {
        const int Count = 3_000;
        var rows = Enumerable.Range(1, Count).Select(i => new Interval(i * 60_000L, 1, i, LengthMs: 30 * 60_000)).Append(
            new Interval((Count + 1) * 60_000L, 1, Count + 1, LengthMs: (Count + 1) * 60_000)).ToList();
        var plan = Plan(rows);
        Assert.Empty(plan.Intervals);
        Assert.Equal((Count + 1, 1_000), (plan.Refused.Count, plan.Refused.First.Count));
        Assert.Equal(Enumerable.Range(1, 1_000), plan.Refused.First.Select(r => r.Line));
    }

    [Fact]
    public void Energy_is_the_sum_of_what_is_not_refused_for_any_rows()
    {
        var random = new Random(11);
        for (var run = 0; run < 500; run++)
        {
            var rows = Rows([.. Enumerable.Range(1, 60).Select(i => (i, (long)random.Next(-300, 400)))]);
            var plan = Plan(rows);
            var refused = rows.Where(r => plan.Refused.First.Any(f => f.Line == r.Line)).ToList();
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
        Assert.Equal(milliWh, Assert.Single(Assert.Single(content.Intervals).Intervals).MilliWh);
    }

    [Theory]
    [InlineData("X,2026-11-02T00:00:00Z,0.1234567", "kwh: '0.1234567' is not a number of at most six decimals of a kWh")]
    [InlineData("X,2026-11-02T00:00:00Z,NaN", "kwh: 'NaN' is not a decimal")]
    [InlineData("X,2026-11-02T00:00:00Z,", "kwh: '' is not a decimal such as 12.345")]
    [InlineData("X,2026-11-02T00:00:00Z,0,5", "has 4 fields")]
    [InlineData("X,02/11/2026 00:00:00Z,1", "interval_end_utc: '02/11/2026 00:00:00Z' is not RFC 3339")]
    [InlineData("X,2026-11-02T00:00:00,1", "is not RFC 3339")]
    [InlineData(",2026-11-02T00:00:00Z,1", "meter: ''")]
    [InlineData("a b,2026-11-02T00:00:00Z,1", "meter: 'a b'")]
    public async Task A_row_that_is_not_understood_is_refused_by_line_and_spoils_no_other(string row, string says)
    {
        var content = await ReadAsync($"X,2026-11-01T00:00:00Z,1\n{row}\nX,2026-11-03T00:00:00Z,1\n");
        Assert.Equal(2, Assert.Single(content.Intervals).Intervals.Count);
        var refused = Assert.Single(content.Errors).ToString();
        Assert.StartsWith("line 3: ", refused, StringComparison.Ordinal);
        Assert.Contains(says, refused, StringComparison.Ordinal);
    }

    private async Task<MeterFileContent> ReadAsync(string rows)
    {
        var path = Path.Combine(_folder, "file.csv");
        await File.WriteAllTextAsync(path, "meter,interval_end_utc,kwh\n" + rows);
        return await IntervalFile.ReadRowsAsync(path);
    }

    private static IntervalPlan Plan(List<Interval> rows) => IntervalPlan.Of(new IntervalSeries("M", rows));

    private static List<Interval> Rows(params (int Hour, long MilliWh)[] rows) =>
        [.. rows.Select((r, i) => new Interval(r.Hour * 3_600_000L, r.MilliWh, i + 2))];
}
