using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Fold;

/// <summary>Records that are passed over.</summary>
public sealed class SkipTests
{
    /// <summary>A check that was quarantined since its account cannot be read must be passed over all the same, or its partition never opens.</summary>
    [Fact]
    public void A_quarantined_check_is_passed_over_though_its_account_cannot_be_read()
    {
        var grid = FoldHarness.WithMeter(Given.Flat());
        for (var hour = 1; hour <= 8; hour++)
        {
            grid[0].Append(0, new Reading(7, RegisterKind.Import, Given.At("2026-03-01T00:00+08:00") + (hour * Instants.MsPerHour), hour * 100, 0, 0));
        }

        grid.Settle();
        grid[0].State.Pack();
        var page = Assert.Single(grid[0].State.TakeDirtyPages());
        var damaged = Enumerable.Range(1, page.States.Length).Select(fromEnd => Damaged(page.States, page.States.Length - fromEnd)).First(s => s is not null)!;
        var now = Given.At("2026-03-02T00:00+08:00");
        new PartitionFold(damaged, grid.Tariff, (_, _) => null).Skip(damaged.Position, now, new Check(now, [1]));
        Assert.Equal(1, damaged.Position);

        // The stored page with one byte changed, if it still loads and its account then cannot be read.
        PartitionState? Damaged(byte[] states, int at)
        {
            byte[] bytes = [.. states];
            bytes[at] ^= 0xff;
            var state = new PartitionState(0, grid.Tariff);
            try
            {
                state.Load(0, bytes);
            }
            catch (Exception e) when (e is FormatException or InvariantBrokenException or OverflowException or ArgumentException or IndexOutOfRangeException)
            {
                return null;
            }

            return Record.Exception(() => state.PeekAccount(1)) is FormatException ? state : null;
        }
    }
}
