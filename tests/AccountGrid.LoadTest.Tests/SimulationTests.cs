using AccountGrid.LoadTest.Simulation;

namespace AccountGrid.LoadTest.Tests;

/// <summary>The protocol between log, partitions, flushes, sweeps and clients, under a seeded scheduler.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void A_thousand_seeds_break_no_promise()
    {
        var first = Seeds.Or(905_803_500);
        var summary = SimulateCommand.RunAll(first, 1_000, CancellationToken.None);
        Assert.True(summary.Failed.IsEmpty,
            $"From seed {first}: "
                + $"{string.Join('\n', summary.Failed.OrderBy(f => f.Seed).Take(3).Select(f => $"simulate --first {f.Seed} --seeds 1: {f.Violation}"))}");
        Assert.Equal(1_000, summary.Seeds);
        Assert.False(summary.IsVacuous, "Some trouble that a thousand seeds must meet was never met.");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(123)]
    [InlineData(273)]
    [InlineData(501_386)]
    [InlineData(508_884)]
    [InlineData(509_060)]
    public void Seeds_that_once_did_not_come_to_rest(int seed) => Assert.Null(SimRun.Run(seed).Violation);

    [Fact]
    public void A_seed_replays_exactly_whatever_runs_beside_it()
    {
        var one = SimRun.Run(77);
        SimulateCommand.RunAll(1, 20, CancellationToken.None);
        Assert.Equal(one, SimRun.Run(77));
        Assert.NotEqual(one.Steps, SimRun.Run(78).Steps);
    }

    [Fact]
    public void A_failing_seed_shrinks_to_less_trouble()
    {
        // As if a grid failed where two silos are killed and a reply is lost, whatever else happens: all else must go.
        var faults =
            new SimFaults(0.05, 0.04, 0.03, 0.2, Kills: 4, Freezes: 3, Twins: 4, Outages: 2, ClockErrors: 2, UnfoldableRecords: 2, Resends: 0.3, Late: 0.4);
        SimResult Run(int seed, SimFaults? with) =>
            SimRun.Run(seed, SimFaults.None) with { Faults = with!, Violation = with is { Kills: >= 2, LostReply: > 0 } ? "as if" : null };
        var smallest = SimulateCommand.Shrink(Run(5, faults), Run);
        Assert.Equal(SimFaults.None with { Kills = 2, LostReply = 0.04 }, smallest.Faults);
    }
}
