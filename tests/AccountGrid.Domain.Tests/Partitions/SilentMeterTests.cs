using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Partitions;

/// <summary>Which meters of a partition have had no reading in a span of time.</summary>
public sealed class SilentMeterTests
{
    /// <summary>The begin of the span is in it and its end is not, whether the account is packed or being worked on.</summary>
    [Theory]
    [InlineData(0, 0, 1, true)]
    [InlineData(0, 0, 0, false)]
    [InlineData(1, 0, 1, false)]
    [InlineData(-5, 0, 1, true)]
    [InlineData(0, 7, 1, false)]
    [InlineData(0, 6, 1, true)]
    public void A_meter_is_silent_if_its_last_reading_lies_in_the_span(long fromMs, int afterMeter, long beforeMs, bool isSilent)
    {
        var grid = FoldHarness.WithMeter(Given.Flat());
        var at = Given.At("2026-03-01T05:00+08:00");
        grid[0].Append(at, new Reading(7, RegisterKind.Import, at, 500, 0, 0));
        grid.Settle();
        foreach (var packs in new[] { false, true })
        {
            if (packs)
            {
                grid[0].State.Pack();
            }
            else
            {
                grid[0].State.FindAccount(1);
            }

            var found = SilentMeters.Of(grid[0].State, 0, afterMeter, at + fromMs, at + beforeMs, 10);
            Assert.Equal(isSilent ? [new SilentMeter(0, 7, 1, at, 500)] : [], found);
        }

        Assert.Empty(SilentMeters.Of(grid[0].State, 1, 0, 0, long.MaxValue, 10));
        Assert.Empty(SilentMeters.Of(grid[0].State, 0, 0, 0, long.MaxValue, 0));
    }
}
