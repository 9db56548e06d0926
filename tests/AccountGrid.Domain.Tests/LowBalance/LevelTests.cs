using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.LowBalance;

public sealed class LevelTests
{
    [Fact]
    public void A_level_fires_once_per_descent_and_a_top_up_arms_it_again()
    {
        var grid = new FoldHarness(1, Given.Flat("1"));
        grid.Execute(0, Given.Open(1, levels: ["50", "30"]));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
        grid.Execute(0, Given.Pay(1, "60"));
        Assert.Equal([], Notices(grid));
        Read(grid, 1, 10_000);
        Assert.Equal([], Notices(grid));
        Read(grid, 2, 10_001);
        Assert.Equal(["50"], Notices(grid));
        Read(grid, 3, 12_000);
        Assert.Equal(["50"], Notices(grid));
        Read(grid, 4, 30_500);
        Assert.Equal(["50", "30"], Notices(grid));
        grid.Execute(0, Given.Pay(1, "25"));
        Read(grid, 5, 31_000);
        Assert.Equal(["50", "30"], Notices(grid));
        grid.Execute(0, Given.Pay(1, "10"));
        Read(grid, 6, 45_001);
        Assert.Equal(["50", "30", "50"], Notices(grid));
        Assert.Equal(3, grid[0].Notices.Select(n => n.Id).Distinct().Count());
    }

    [Fact]
    public void A_step_past_several_levels_is_one_notice_for_the_lowest()
    {
        var grid = new FoldHarness(1, Given.Flat("1"));
        grid.Execute(0, Given.Open(1, levels: ["50", "30", "10"]));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
        grid.Execute(0, Given.Pay(1, "60"));
        Read(grid, 1, 45_000);
        Assert.Equal(["30"], Notices(grid));
        Read(grid, 2, 55_000);
        Assert.Equal(["30", "10"], Notices(grid));
    }

    [Fact]
    public void A_new_account_is_not_warned_before_it_was_ever_above()
    {
        var grid = new FoldHarness(1, Given.Flat("1"));
        grid.Execute(0, Given.Open(1, levels: ["50"]));
        grid.Execute(0, Given.Pay(1, "20"));
        Assert.Equal([], Notices(grid));
    }

    /// <summary>Against a reference that keeps every level's armed flag by the letter of the rule.</summary>
    [Fact]
    public void Every_crossing_gives_one_notice()
    {
        Gen.Long[-20, 80].Array[1, 200].Sample(balances =>
        {
            long[] levels = [50, 30, 0];
            var state = LevelState.Unarmed(levels.Select(Money.FromUnits));
            var armed = new bool[levels.Length];
            foreach (var balance in balances.Select(Money.FromUnits))
            {
                for (var i = 0; i < levels.Length; i++)
                {
                    armed[i] |= balance >= Level.OfAmount(Money.FromUnits(levels[i])).Rearm;
                }

                long? expected = null;
                for (var i = 0; i < levels.Length; i++)
                {
                    if (armed[i] && balance < Money.FromUnits(levels[i]))
                    {
                        armed[i] = false;
                        expected = levels[i];
                    }
                }

                var crossed = state.Crossed(balance, out var level);
                Assert.Equal(expected is not null, crossed);
                Assert.Equal(expected ?? 0, level.Fire.Nano / Money.NanoPerUnit);
                state = LevelState.Restore([.. state.Levels], state.Fired, state.Episode);
            }
        });
    }

    private static void Read(FoldHarness grid, int hour, long wh)
    {
        grid[0].Append(0, Given.Reading(7, $"2026-03-02T{hour:00}:00+08:00", wh));
        grid.Settle();
    }

    private static string[] Notices(FoldHarness grid) => [.. grid[0].Notices.Select(n => n.Facts.LevelAmount!.Split('.')[0])];

    /// <summary>The balance is below zero, and that was told; a forecast that is known again makes no news of days.</summary>
    [Fact]
    public void A_level_by_days_that_comes_back_below_a_level_that_was_told_is_not_told()
    {
        var exhausted = new Level(LevelKind.Exhausted, 0, Money.Zero, new(1));
        var days = new Level(LevelKind.Days, 3, Money.FromUnits(60), Money.FromUnits(90));
        var state = default(LevelState).With([exhausted], Money.FromUnits(10));
        Assert.True(state.Crossed(Money.FromUnits(-5), out _));
        state = state.With([exhausted, days], Money.FromUnits(-5));
        Assert.False(state.Crossed(Money.FromUnits(-6), out _));

        // Whoever pays enough is warned again on the next descent.
        Assert.False(state.Crossed(Money.FromUnits(100), out _));
        Assert.True(state.Crossed(Money.FromUnits(50), out var level));
        Assert.Equal(days, level);

        // Above zero nobody was told of anything: then it is news.
        state = default(LevelState).With([exhausted], Money.FromUnits(10)).With([exhausted, days], Money.FromUnits(10));
        Assert.True(state.Crossed(Money.FromUnits(10), out level));
        Assert.Equal(days, level);
    }
}
