using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Readings;

/// <summary>Whether rate registers add up to the total, at the borders of their own steps.</summary>
public sealed class RegisterComparisonTests
{
    /// <summary>Values at two instants: of the total, then of each rate register. Steps of 1 Wh, or of a whole kWh where all values are.</summary>
    [Theory]
    [InlineData("10001 20001", "3001 6001;5001 12001", 3, false)]
    [InlineData("10001 20004", "3001 6001;5001 12001", 3, false)]
    [InlineData("10001 20005", "3001 6001;5001 12001", 3, true)]
    [InlineData("10001 19998", "3001 6001;5001 12001", 3, false)]
    [InlineData("10001 19997", "3001 6001;5001 12001", 3, true)]
    [InlineData("10000 23000", "3000 6000;5000 12000", 3_000, false)]
    [InlineData("10000 24000", "3000 6000;5000 12000", 3_000, true)]
    [InlineData("10001 23001", "3000 6000;5000 12000", 2_001, true)]
    [InlineData("10010 20010", "3010 6010;5100 12100", 120, false)]
    public void Registers_may_differ_by_their_own_steps(string total, string rates, long tolerance, bool disagrees)
    {
        var compared = RegisterComparison.Of(default, Line(total), [.. rates.Split(';').Select(Line)])!;
        Assert.Equal((tolerance, disagrees), (compared.ToleranceWh, compared.Disagrees));
    }

    [Fact]
    public void Only_instants_are_compared_at_which_all_have_a_measured_value()
    {
        Assert.Null(RegisterComparison.Of(default, [new(1, 10), new(2, 20)], [[new(1, 10), new(3, 30)]]));
        Assert.Null(RegisterComparison.Of(default, [], [[new(1, 10), new(3, 30)]]));
        Assert.Null(RegisterComparison.Of(default, [new(1, 10), new(2, 20, ReadingQuality.Estimated)], [[new(1, 10), new(2, 99)]]));
        var compared = RegisterComparison.Of(default, [new(1, 10), new(2, 25), new(5, 51)], [[new(1, 3), new(3, 7), new(5, 45)], [new(0, 1), new(5, 9)]]);
        Assert.Null(compared);
        compared = RegisterComparison.Of(default, [new(1, 11), new(2, 25), new(5, 51)], [[new(1, 3), new(3, 7), new(5, 45)]]);
        Assert.Equal((40, 42, 1L, 5L), (compared!.TotalWh, compared.RatesWh, compared.From.TimeMs, compared.To.TimeMs));
    }

    [Fact]
    public void A_rollover_is_counted_and_a_fall_is_not_compared()
    {
        var rating = new MeterRating(0, 100_000, 0);
        Assert.Equal(1_002, RegisterComparison.Of(rating, [new(1, 99_001), new(2, 3)], [[new(1, 5), new(2, 7)]])!.TotalWh);
        Assert.Null(RegisterComparison.Of(rating, [new(1, 50_001), new(2, 3)], [[new(1, 5), new(2, 7)]]));
    }

    /// <summary>The exception is the day's: raised when it closes, taken back when late data of any register explain it.</summary>
    [Fact]
    public void A_day_that_does_not_add_up_is_told_until_it_does()
    {
        var grid = Of();
        string[] at = ["2026-03-02T00:00+08:00", "2026-03-02T12:00+08:00", "2026-03-03T00:00+08:00"];
        for (var i = 0; i < at.Length; i++)
        {
            grid[0].Append(0, Given.Reading(7, at[i], i * 10_007), Given.Rate(7, 1, at[i], i * 4_003), Given.Rate(7, 2, at[i], i == 2 ? 11_007 : i * 6_004));
        }

        grid.Settle();
        Assert.Empty(grid[0].Exceptions);
        Close(grid, "2026-03-05T12:00+08:00");
        var told = Assert.Single(grid[0].Exceptions, e => e.Value.Open);
        Assert.Equal((VeeOutcome.RegistersDisagree, RegisterKind.Import, Given.At("2026-03-03T00:00+08:00"), 0),
            (told.Key.Outcome, told.Key.Register, told.Key.TimeMs, told.Value.HeldWh));
        Assert.Equal(
            "From 2026-03-01T16:00:00Z to 2026-03-02T16:00:00Z 1.8.0 counted 20014 Wh and 1.8.1 to 1.8.2 together 19013 Wh; their steps explain 3 Wh.",
            told.Value.Detail);

        // The last value of 1.8.2 was read wrong, and is sent again.
        grid[0].Append(Given.At("2026-03-06T00:00+08:00"), Given.Rate(7, 2, at[2], 12_008) with { Revision = 1 });
        Close(grid, "2026-03-08T12:00+08:00");
        Assert.DoesNotContain(grid[0].Exceptions, e => e.Value.Open);
        Assert.Equal(8_006 + 12_008, grid.Account(1).Meters[0].TotalCharged.Wh);
    }

    [Fact]
    public void What_registers_show_at_the_start_is_not_compared()
    {
        var grid = Of();
        grid[0].Append(0, Given.Reading(7, "2026-03-02T00:00+08:00", 77_777), Given.Rate(7, 1, "2026-03-02T00:00+08:00", 5),
            Given.Rate(7, 2, "2026-03-02T00:00+08:00", 7));
        Close(grid, "2026-03-05T00:00+08:00");
        Assert.DoesNotContain(grid[0].Exceptions, e => e.Key.Outcome == VeeOutcome.RegistersDisagree);
    }

    private static FoldHarness Of()
    {
        var grid = new FoldHarness(1, Given.Registers());
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.RateMeter(7, 1, "2026-03-01T00:00+08:00", 0, 0));
        return grid;
    }

    private static void Close(FoldHarness grid, string at)
    {
        grid[0].Append(new Check(Given.At(at), [1]), Given.At(at));
        grid.Settle();
    }

    private static Point[] Line(string values) => [.. values.Split(' ').Select((v, i) => new Point(i + 1, long.Parse(v, null)))];
}
