using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>When standing charges fall due.</summary>
public sealed class StandingChargeTests
{
    [Fact]
    public void An_account_with_a_standing_charge_is_due_from_its_first_day()
    {
        var grid = new FoldHarness(1, Given.Flat() with { StandingPerDay = "0.3" }, Given.Flat() with { StandingPerDay = "0.4" });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        Assert.InRange(grid[0].DueOf(1), Given.At("2026-03-01T00:00+08:00"), Given.At("2026-03-01T01:00+08:00"));
    }
}
