using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Partitions;

/// <summary>Defects that an attack on the fold found, each kept from coming back.</summary>
public sealed class ReviewFindingsTests
{
    [Fact]
    public void A_duplicate_belongs_to_the_stored_state_like_any_other_change()
    {
        var grid = Grid(Given.Flat());
        grid[0].Append(Given.At("2026-03-03T00:00+08:00"), Given.Reading(7, "2026-03-02T01:00+08:00", 1_000));
        grid.Settle();
        grid[0].Flush();
        grid[0].Append(Given.At("2026-03-03T10:00+08:00"), Given.Reading(7, "2026-03-02T01:00+08:00", 1_000), new Reading(7, RegisterKind.Export, Given.At("2026-03-02T01:00+08:00"), 5, 0, 0));
        grid.Settle();
        var live = grid[0].StateText();
        grid[0].Flush();
        grid[0].Crash();
        Assert.Equal(live, grid[0].StateText());
    }

    [Fact]
    public void A_change_from_flat_to_time_of_use_rates_the_same_live_and_replayed()
    {
        string[] balances = [.. new[] { false, true }.Select(crash =>
        {
            var grid = Grid(Given.Flat(), Given.Tou());
            Push(grid, 0, 4, 1);
            Assert.True(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-04"))).Accepted);
            if (crash)
            {
                grid[0].Flush();
                grid[0].Crash();
            }

            Push(grid, 48, 10, 96);
            Push(grid, 400, 2, 40);
            return grid.Account(1).Balance.ToString();
        })];
        Assert.Equal(balances[0], balances[1]);
    }

    [Fact]
    public void A_plan_worked_out_under_an_old_tariff_is_not_used_under_a_new_one()
    {
        var grid = Grid(Given.Tou(), Given.Flat());
        grid.Execute(0, Given.Open(2));
        grid[0].Append(0, Given.Reading(7, "2026-03-09T12:00+08:00", 100), Given.Reading(7, "2026-03-11T19:00+08:00", 200), Given.Reading(7, "2026-03-11T20:00+08:00", 300));
        grid.Settle();
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 2, 0, Given.At("2026-03-09T13:00+08:00"), null)).Accepted);
        Assert.True(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-11"))).Accepted);
        grid.Execute(0, Given.Meter(8, 1, "2026-03-11T18:00+08:00"));
        var before = grid.Account(1).Balance;
        grid[0].Append(0, Given.Reading(8, "2026-03-11T19:00+08:00", 1_000));
        grid.Settle();
        Assert.Equal("0.500000000", (before - grid.Account(1).Balance).ToString());
    }

    [Fact]
    public void Late_data_after_a_move_without_a_register_is_never_charged_to_both()
    {
        var grid = Grid(Given.Flat());
        grid.Execute(0, Given.Open(2));
        grid[0].Append(0, Given.Reading(7, "2026-03-02T10:00+08:00", 1_000));
        grid.Settle();
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 2, 0, Given.At("2026-03-02T12:00+08:00"), null)).Accepted);
        grid[0].Append(0, Given.Reading(7, "2026-03-02T13:00+08:00", 1_300), Given.Reading(7, "2026-03-02T11:45+08:00", 1_200));
        grid.Settle();
        Assert.Equal(1_300, new[] { 1, 2 }.SelectMany(a => grid.Account(a).Meters).Sum(m => m.Charged.Wh + m.Held.Wh));
        Assert.Contains(grid[0].Exceptions, e => e.Value.Open && e.Key.Outcome == VeeOutcome.RegisterFell);
    }

    [Fact]
    public void A_reading_before_everything_is_an_exception_and_does_not_wander_between_homes()
    {
        var grid = new FoldHarness(2, Given.Flat());
        grid.Execute(0, Given.Open(1));
        grid.Execute(1, Given.Open(2));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
        grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At("2026-03-03T00:00+08:00"), 5));
        grid.Execute(1, new ReleaseMeter(7, 1, 0, Given.At("2026-03-04T00:00+08:00"), 6));
        grid[0].Append(0, Given.Reading(7, "2026-03-01T00:00+08:00", 1));
        grid.Settle();
        Assert.Equal(VeeOutcome.BeforeInstallation, Assert.Single(grid[0].Exceptions).Key.Outcome);
    }

    [Fact]
    public void A_difference_that_no_money_could_hold_is_held_and_the_next_reading_goes_on()
    {
        var grid = Grid(Given.Flat("100"));
        grid[0].Append(0, Given.Reading(7, "2026-03-02T01:00+08:00", 999_999_999_999_999), Given.Reading(7, "2026-03-02T02:00+08:00", 1_000_000_000_000_000));
        grid.Settle();
        Assert.Equal(999_999_999_999_999, grid[0].State.PeekMeter(7)!.Held.Wh);
        Assert.Equal("-0.100000000", grid.Account(1).Balance.ToString());
    }

    [Fact]
    public void An_adjustment_of_the_smallest_number_is_refused() =>
        Assert.Equal("amount.invalid", Grid(Given.Flat()).Execute(0, new AdjustBalance(1, long.MinValue, "x")).Refusal!.Code);

    [Fact]
    public void An_account_with_a_standing_charge_is_due_from_its_first_day()
    {
        var grid = new FoldHarness(1, Given.Flat() with { StandingPerDay = "0.3" }, Given.Flat() with { StandingPerDay = "0.4" });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        Assert.InRange(grid[0].DueOf(1), Given.At("2026-03-01T00:00+08:00"), Given.At("2026-03-01T01:00+08:00"));
    }

    private static FoldHarness Grid(params Domain.Rating.TariffDefinition[] tariffs)
    {
        var grid = new FoldHarness(1, tariffs);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        return grid;
    }

    private static void Push(FoldHarness grid, int fromHours, int count, int stepQuarters)
    {
        var start = Given.At("2026-03-01T00:00+08:00") + (fromHours * Instants.MsPerHour);
        for (var i = 1; i <= count * 24; i++)
        {
            var at = start + (i * 900_000L);
            grid[0].Append(at, new Reading(7, RegisterKind.Import, at, (fromHours * 1_000L) + (i * (long)(10 + (i % 40 * stepQuarters % 7))), 0, 0));
        }

        grid.Settle();
    }
}
