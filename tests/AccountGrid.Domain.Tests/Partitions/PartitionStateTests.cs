using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Partitions;

/// <summary>Which part of the log a state still needs.</summary>
public sealed class PartitionStateTests
{
    /// <summary>A meter that reports every day always has an open one: the log behind what is closed must go all the same.</summary>
    [Fact]
    public void The_log_is_not_kept_for_a_meter_that_always_has_an_open_day()
    {
        var grid = FoldHarness.WithMeter(Given.Flat());
        var start = Given.At("2026-03-01T00:00+08:00");
        var first = grid[0].State.Position;
        for (var hour = 1; hour <= 240; hour++)
        {
            var at = start + (hour * Instants.MsPerHour);
            grid[0].Append(at, new Reading(7, RegisterKind.Import, at, hour * 100, 0, 0));
            grid[0].Append(new Check(at, [1]), at);
            grid.Settle();
        }

        var now = start + (240 * Instants.MsPerHour);
        Assert.Equal(grid[0].State.Position, grid[0].State.OldestNeeded(now));

        // A day that should be closed and is not keeps what its meter has had.
        Assert.Equal(first, grid[0].State.OldestNeeded(now + (3 * Instants.MsPerDay)));
        grid[0].State.Pack();
        Assert.Equal(first, grid[0].State.OldestNeeded(now + (3 * Instants.MsPerDay)));
    }
}
