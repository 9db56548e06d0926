using AccountGrid.Host.Cli;
using AccountGrid.Testing;

namespace AccountGrid.Cluster.Tests;

/// <summary>Processes are killed under load; what was acknowledged stays, and the books balance.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task The_host_and_then_the_database_killed_in_mid_replay_lose_and_double_nothing()
    {
        using var folder = new TestFolder();
        var grid = await GridProcess.StartAsync(folder.Path, settings: ("Grid__StatePeriodSeconds", "2"));
        try
        {
            using var client = grid.Client();
            var series = await Town.SeriesAsync(60);
            await new Replay(client, [.. series.Select(s => s with { Intervals = s.Intervals[..1] })],
                new ReplayOptions(Provision: true, Tariff: "demo-tou-tiered"), TimeProvider.System).RunAsync();

            // The client sends again whatever was not acknowledged, as a gateway does.
            var replay = new Replay(client, series, new ReplayOptions(BatchItems: 300), TimeProvider.System);
            var running = replay.RunAsync();
            await AtShare(replay, 0.25, running);
            await grid.KillAsync();
            grid = await RestartAsync(grid, folder);
            await AtShare(replay, 0.5, running);
            await grid.KillAsync();
            await TestPostgres.KillAsync(folder.Path);
            grid = await RestartAsync(grid, folder);
            await AtShare(replay, 0.75, running);
            await TestPostgres.KillAsync(folder.Path);
            await grid.KillAsync();
            grid = await RestartAsync(grid, folder);
            var summary = await running;
            Assert.Equal(Town.RowsOf(series), summary.Accepted);
            await Town.AssertAuditAsync(grid);
            await Town.AssertEnergyAsync(client, series);
            Assert.Equal(0, await grid.StopAsync());
        }
        finally
        {
            await grid.DisposeAsync();
            if (File.Exists(Path.Combine(folder.Path, "postgres", "data", "postmaster.pid")))
            {
                await TestPostgres.KillAsync(folder.Path);
            }
        }
    }

    private static async Task<GridProcess> RestartAsync(GridProcess old, TestFolder folder)
    {
        await old.DisposeAsync();
        return await GridProcess.StartAsync(folder.Path, null, old.Url, ("Grid__StatePeriodSeconds", "2"));
    }

    private static Task AtShare(Replay replay, double share, Task running) =>
        Eventually.GetAsync(
            () => Task.FromResult(running.IsCompleted ? throw new InvalidOperationException("The replay ended before the fault.") : replay.Sent),
            sent => sent >= replay.Total * share, $"{share:0%} sent");
}
