using AccountGrid.LoadTest.Simulation;

namespace AccountGrid.LoadTest.Tests;

/// <summary>The protocol between log, partitions, flushes, sweeps and clients, under a seeded scheduler.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void A_thousand_fresh_seeds_break_no_promise()
    {
        // Drawn, so that every run of the tests looks at others; the first is in the message.
        var first = Random.Shared.Next(1_000_000_000);
        var summary = SimulateCommand.RunAll(first, 1_000, CancellationToken.None);
        Assert.True(summary.Failed.IsEmpty, $"From seed {first}: {string.Join('\n', summary.Failed.OrderBy(f => f.Seed).Take(3).Select(f => $"simulate --first {f.Seed} --seeds 1: {f.Violation}"))}");
        Assert.Equal(1_000, summary.Seeds);
        Assert.True(summary is { Fenced: > 100, Unknown: > 1_000, Resent: > 1_000 }, "No stale twin wrote, or no call was lost, or nothing was sent again.");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(123)]
    [InlineData(273)]
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
        // A run that is cut off is a failure that any amount of trouble has: all of it can go.
        var failed = SimRun.Run(5) with { Violation = "cut off" };
        Assert.Equal(failed, SimulateCommand.Shrink(failed));
        Assert.All(failed.Faults.Calmer(), calmer => Assert.NotEqual(failed.Faults, calmer));
    }
}
