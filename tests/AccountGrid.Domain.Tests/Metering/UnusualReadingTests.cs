using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>Readings that are known already, of before everything, or of more than money can hold.</summary>
public sealed class UnusualReadingTests
{
    [Fact]
    public void A_duplicate_belongs_to_the_stored_state_like_any_other_change()
    {
        var grid = FoldHarness.WithMeter(Given.Flat());
        grid[0].Append(Given.At("2026-03-03T00:00+08:00"), Given.Reading(7, "2026-03-02T01:00+08:00", 1_000));
        grid.Settle();
        grid[0].Flush();
        grid[0].Append(Given.At("2026-03-03T10:00+08:00"), Given.Reading(7, "2026-03-02T01:00+08:00", 1_000),
            new Reading(7, RegisterKind.Export, Given.At("2026-03-02T01:00+08:00"), 5, 0, 0));
        grid.Settle();
        var live = grid[0].StateText();
        grid[0].Flush();
        grid[0].Crash();
        Assert.Equal(live, grid[0].StateText());
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
        var grid = FoldHarness.WithMeter(Given.Flat("100"));
        grid[0].Append(0, Given.Reading(7, "2026-03-02T01:00+08:00", 999_999_999_999_999), Given.Reading(7, "2026-03-02T02:00+08:00", 1_000_000_000_000_000));
        grid.Settle();
        Assert.Equal(999_999_999_999_999, grid[0].State.PeekMeter(7)!.Held.Wh);
        Assert.Equal("-0.100000000", grid.Account(1).Balance.ToString());
    }
}
