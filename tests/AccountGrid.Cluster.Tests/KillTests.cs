using AccountGrid.Host.Operations;
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
            await new Replay(client, [.. series.Select(s => s with { Intervals = s.Intervals[..1] })], new ReplayOptions(Provision: true, Tariff: "demo-tou-tiered"), TimeProvider.System).RunAsync();

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
            Assert.Equal(series.Sum(s => s.Intervals.Count), summary.Accepted);
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

    [Fact]
    public async Task Three_silos_share_one_database_and_one_is_killed_under_load()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        var folders = Enumerable.Range(0, 3).Select(_ => new TestFolder()).ToList();
        var silos = new List<GridProcess>();
        try
        {
            var key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
            foreach (var folder in folders)
            {
                silos.Add(await GridProcess.StartAsync(
                    folder.Path, database, null,
                    ("Grid__SiloPort", $"{GridProcess.FreePort()}"), ("Grid__GatewayPort", $"{GridProcess.FreePort()}"), ("Grid__Partitions", "64"), ("Grid__StatePeriodSeconds", "3"), ("Security__PersonalDataKey", key)));
            }

            var series = await Town.SeriesAsync(60);
            var clients = silos.Select(s => s.Client()).ToList();
            await new Replay(clients[0], [.. series.Select(s => s with { Intervals = s.Intervals[..1] })], new ReplayOptions(Provision: true, Tariff: "demo-tiered"), TimeProvider.System).RunAsync();

            // Each third of the town goes through its own silo; the third of the killed one is sent again through another, from the start.
            var replays = series.Chunk(20).Select((part, i) => new Replay(clients[i], [.. part], new ReplayOptions(BatchItems: 250, MetersPerGateway: 5), TimeProvider.System)).ToList();
            var running = replays.Take(2).Select(r => r.RunAsync()).ToList();
            using var stop = new CancellationTokenSource();
            var doomed = replays[2].RunAsync(stop.Token);
            await AtShare(replays[2], 0.3, doomed);
            await silos[2].KillAsync();
            var resent = new Replay(clients[0], [.. series.Chunk(20).Last()], new ReplayOptions(BatchItems: 250), TimeProvider.System);
            var summaries = await Task.WhenAll(running.Append(resent.RunAsync()));
            clients[2].Dispose();
            await stop.CancelAsync();
            await Task.WhenAny(doomed);
            Assert.Equal(series.Sum(s => s.Intervals.Count), summaries.Sum(s => s.Accepted));
            await Town.AssertAuditAsync(silos[0], database);
            await Town.AssertEnergyAsync(clients[1], series);
            Assert.Equal(0, await silos[1].StopAsync());
            await Town.AssertEnergyAsync(clients[0], series);
        }
        catch (Exception e)
        {
            Assert.Fail($"{e}\n{string.Join("\n\n", silos.Select(s => s.Output))}");
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }

            folders.ForEach(f => f.Dispose());
        }
    }

    private static async Task<GridProcess> RestartAsync(GridProcess old, TestFolder folder)
    {
        await old.DisposeAsync();
        return await GridProcess.StartAsync(folder.Path, null, old.Url, ("Grid__StatePeriodSeconds", "2"));
    }

    private static Task AtShare(Replay replay, double share, Task running) =>
        Eventually.GetAsync(() => Task.FromResult(running.IsCompleted ? throw new InvalidOperationException("The replay ended before the fault.") : replay.Sent), sent => sent >= replay.Total * share, $"{share:0%} sent");
}
