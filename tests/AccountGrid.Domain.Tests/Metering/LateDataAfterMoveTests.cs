using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>Data that come after their meter has moved.</summary>
public sealed class LateDataAfterMoveTests
{
    [Fact]
    public void Late_data_after_a_move_without_a_register_is_never_charged_to_both()
    {
        var grid = FoldHarness.WithMeter(Given.Flat());
        grid.Execute(0, Given.Open(2));
        grid[0].Append(0, Given.Reading(7, "2026-03-02T10:00+08:00", 1_000));
        grid.Settle();
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 2, 0, Given.At("2026-03-02T12:00+08:00"), null)).Accepted);
        grid[0].Append(0, Given.Reading(7, "2026-03-02T13:00+08:00", 1_300), Given.Reading(7, "2026-03-02T11:45+08:00", 1_200));
        grid.Settle();
        Assert.Equal([(1_000, 0), (300, 0)],
            new[] { 1, 2 }.Select(a => grid.Account(a).Meters.Where(m => m.Account is not null))
                .Select(m => (m.Sum(x => x.Charged.Wh), m.Sum(x => x.Held.Wh))));
        Assert.Equal(1_200, Assert.Single(grid[0].Exceptions, e => e.Value.Open && e.Key.Outcome == VeeOutcome.Conflict).Value.ValueWh);

        // What agrees with the end is a point like any other, and what came before the last value known is, too.
        grid[0].Append(0, Given.Reading(7, "2026-03-02T11:30+08:00", 1_000), Given.Reading(7, "2026-03-02T09:00+08:00", 900));
        grid.Settle();
        Assert.Equal(1_000, grid.Account(1).Meters.Sum(m => m.Charged.Wh));
        Assert.Single(grid[0].Exceptions, e => e.Value.Open);
    }
}
