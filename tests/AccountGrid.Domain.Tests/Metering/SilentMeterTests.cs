using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>Estimated values of a meter that sends nothing: charged and marked until a measured value comes, and then as if they had never been.</summary>
public sealed class SilentMeterTests
{
    /// <summary>
    /// Two days of 10 kWh, then silence. An estimate of 40 kWh for the fourth day is charged, and closed days name it as estimated. Then 24 kWh are measured
    /// for the sixth: 24 kWh × 0.50, of which each silent day has one.
    /// </summary>
    [Fact]
    public void A_measured_value_takes_the_place_of_estimates()
    {
        var grid = Grid();
        Assert.Null(Estimate(grid, "2026-03-05T00:00+08:00", 40_000).Refusal);
        Assert.Equal("-20.000000000", grid.Account(1).Balance.ToString());
        Check(grid, "2026-03-07T00:00+08:00");
        Assert.Equal("-20.000000000", grid.Account(1).LedgerBalance.ToString());
        Assert.True(RegisterLine.IsEstimate(grid.Account(1).Meters[0].Last));
        Read(grid, "2026-03-07T00:00+08:00", 24_000);
        Assert.Equal("-12.000000000", grid.Account(1).Balance.ToString());
        Check(grid, "2026-03-10T00:00+08:00");
        var account = grid.Account(1);
        Assert.Equal(("-12.000000000", 0), (account.LedgerBalance.ToString(), account.Meters[0].Held.Wh));
        Assert.Equal(account.Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
        Assert.Equal([10_000, 10_000, 1_000, 1_000, 1_000, 1_000],
            grid[0].AllDays(7).Where(d => d.Energy.Wh != 0).OrderBy(d => d.Key.Day).Select(d => d.Energy.Wh));
        var told = Assert.Single(grid[0].Events.Select(e => e.Event).OfType<ReadingEstimated>());
        Assert.Equal((40_000, EstimateMethod.SameWeekdays), (told.ValueWh, told.Method));
    }

    /// <summary>An estimate above or below what is measured later leaves nothing, however far the two lie apart.</summary>
    [Theory]
    [InlineData(20_000)]
    [InlineData(21_000)]
    [InlineData(900_000)]
    public void Nothing_is_left_of_an_estimate(long wh)
    {
        var grid = Grid();
        Assert.Null(Estimate(grid, "2026-03-05T00:00+08:00", wh).Refusal);
        Check(grid, "2026-03-06T12:00+08:00");
        Read(grid, "2026-03-04T00:00+08:00", 22_000);
        Read(grid, "2026-03-07T00:00+08:00", 24_000);
        Check(grid, "2026-03-10T00:00+08:00");
        Assert.Equal(("-12.000000000", 0, 24_000), (grid.Account(1).LedgerBalance.ToString(), grid.Account(1).Meters[0].Held.Wh,
            grid.Account(1).Meters[0].Charged.Wh));
    }

    [Theory]
    [InlineData("2026-03-03T00:00+08:00", 20_000, "estimate.not_silent")]
    [InlineData("2026-03-03T00:01+08:00", 19_999, "estimate.not_possible")]
    [InlineData("2026-03-03T00:01+08:00", 20_000, null)]
    [InlineData("2026-03-09T00:00+08:00", 30_000, null)]
    [InlineData("2026-03-09T00:01+08:00", 30_000, "estimate.time_invalid")]
    public void Refusals(string at, long wh, string? code)
    {
        var grid = Grid();
        Assert.Equal(code, Estimate(grid, at, wh, Now).Refusal?.Code.Text);
        Assert.Equal("meter.not_on_account", grid.Execute(0, Command("2026-03-04T00:00+08:00", 30_000) with { Meter = 9 }, Now).Refusal?.Code.Text);
    }

    /// <summary>No cut rests on an estimate, however far the balance is below zero by it; a measured value ends that.</summary>
    [Fact]
    public void Nobody_is_cut_on_an_estimate()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent);
        life.Pay("12");
        life.To("2026-03-03T00:00:00+08:00");
        life.HourlyWh = null;
        life.To("2026-03-05T00:00:00+08:00");
        life.Ok(new EstimateReading(1, 7, Given.At("2026-03-05T00:00+08:00"), 100_000, EstimateMethod.LoadShape, "silent", "a"));
        Assert.True(life.State.Balance < Money.Zero);
        Assert.Contains(InterlockReasons.DoubtfulReadings,
            InterlockCheck.Evaluate(life.State, life.Policy, life.NowMs)!.Reasons.Select(r => r.Code));
    }

    private static readonly long Now = Given.At("2026-03-09T00:00+08:00");

    private static FoldHarness Grid()
    {
        var grid = new FoldHarness(1, Given.Flat());
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        Read(grid, "2026-03-02T00:00+08:00", 10_000);
        Read(grid, "2026-03-03T00:00+08:00", 20_000);
        return grid;
    }

    private static void Read(FoldHarness grid, string at, long wh)
    {
        grid[0].Append(Given.At(at), Given.Reading(7, at, wh));
        grid.Settle();
    }

    private static void Check(FoldHarness grid, string at)
    {
        grid[0].Append(new Domain.Commands.Check(Given.At(at), [1]), Given.At(at));
        grid.Settle();
    }

    private static EstimateReading Command(string at, long wh) => new(1, 7, Given.At(at), wh, EstimateMethod.SameWeekdays, "silent", "a");

    private static CommandOutcome Estimate(FoldHarness grid, string at, long wh, long? now = null) =>
        grid.Execute(0, Command(at, wh), now ?? Given.At(at) + 60_000);
}
