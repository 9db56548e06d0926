using AccountGrid.Client;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Client;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Rating;
using AccountGrid.Testing;

namespace AccountGrid.Cluster.Tests;

/// <summary>Real interval data through the real API into a real process on the embedded default.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task The_whole_file_is_acknowledged_charged_and_audited_and_a_second_replay_moves_nothing()
    {
        using var folder = new TestFolder();
        await using var grid = await GridProcess.StartAsync(folder.Path);
        using var client = grid.Client();
        var series = await Town.SeriesAsync(null);
        var options = new ReplayOptions(Provision: true, Tariff: "demo-tou-tiered");
        var summary = await new Replay(client, series, options, TimeProvider.System).RunAsync();
        Assert.Equal(Town.RowsOf(series), summary.Accepted);
        Assert.Equal(0, summary.Rejected);
        await Town.AssertAuditAsync(grid);
        await Town.AssertEnergyAsync(client, series);
        var before = await Town.BalancesAsync(client, series);

        summary = await new Replay(client, series, options with { Provision = false, ResendEvery = 10 }, TimeProvider.System).RunAsync();
        Assert.True(summary.Resent > 0);
        await Town.AssertAuditAsync(grid);
        var after = await Town.BalancesAsync(client, series);
        Assert.All(before, b => Assert.Equal(b.Value.Amount, after[b.Key].Amount));

        // A live stream that is open must not keep the process from stopping, nor from writing its states.
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", grid.AdministratorKey);
        await using var live = await http.GetStreamAsync($"{grid.Url}/v1/accounts/{series[0].Meter}/stream");
        Assert.Equal(0, await grid.StopAsync());
        Assert.False(File.Exists(Path.Combine(folder.Path, "postgres", "data", "postmaster.pid")), "PostgreSQL still runs");
        await using var again = await GridProcess.StartAsync(folder.Path);
        using var second = again.Client();
        var restarted = await Town.BalancesAsync(second, series);
        Assert.All(before, b => Assert.Equal(b.Value.Amount, restarted[b.Key].Amount));
        await again.StopAsync();
    }

    [Fact]
    public async Task Shuffled_gateways_and_days_give_the_same_balances_on_every_kind_of_tariff()
    {
        using var folder = new TestFolder();
        await using var grid = await GridProcess.StartAsync(folder.Path);
        using var client = grid.Client();
        foreach (var (tariff, index) in ExampleTariffs.All.Select((t, i) => (t.Id, i)))
        {
            // Many meters on the most involved tariff, some on the others, the defective ones among them; the whole file is the first test's.
            int? meters = tariff == "demo-seasonal" ? 120 : 24;
            var inOrder = await Town.SeriesAsync(meters, $"a{index}-");
            var shuffled = await Town.SeriesAsync(meters, $"b{index}-");
            await new Replay(client, inOrder, new ReplayOptions(Provision: true, Tariff: tariff, MetersPerGateway: 16), TimeProvider.System).RunAsync();
            await new Replay(client, shuffled,
                new ReplayOptions(Provision: true, Tariff: tariff, MetersPerGateway: 16, ShuffleSeed: 4711, ResendEvery: 10, BatchItems: 700),
                TimeProvider.System).RunAsync();
            await CheckpointAsync(client);
            var one = await Town.BalancesAsync(client, inOrder);
            var other = await Town.BalancesAsync(client, shuffled);
            Assert.All(inOrder.Zip(shuffled), pair => Assert.Equal(one[pair.First.Meter].Amount, other[pair.Second.Meter].Amount));
            Assert.Contains(one.Values, b => b.Amount != "0.000000000");
        }

        await Town.AssertAuditAsync(grid);
        await grid.StopAsync();
    }

    /// <summary>Writing what a replay has left behind can outlast a request on a slow machine: it is sent again, as the answer says.</summary>
    private static async Task CheckpointAsync(GridClient client)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await client.PostAsync<object>("/v1/operations/checkpoint", new { });
                return;
            }
            catch (GridException e) when (e.Status == System.Net.HttpStatusCode.ServiceUnavailable && tries < 20)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            }
        }
    }

    [Fact]
    public async Task The_half_hourly_file_with_its_gaps_is_taken_whole()
    {
        var file = SharedData.Find(SharedData.Australian);
        Assert.SkipWhen(file is null, "The shared real data is not here.");
        using var folder = new TestFolder();
        await using var grid = await GridProcess.StartAsync(folder.Path);
        using var client = grid.Client();
        var series = await IntervalFile.ReadAsync(file);
        var (status, output) =
            await GridProcess.RunAsync(null, "replay", file, "--provision", "--tariff", "demo-seasonal", "--data", folder.Path, "--gateway", grid.Url);
        Assert.True(status == 0, output);
        Assert.Contains($"{series.Sum(s => s.Intervals.Count)} accepted", output, StringComparison.Ordinal);
        await Town.AssertAuditAsync(grid);
        await Town.AssertEnergyAsync(client, series);
        await grid.StopAsync();
    }
}
