using System.Collections.Concurrent;
using AccountGrid.Client;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>Which relay commands a gateway carries out, and what it reports.</summary>
public sealed class RelayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _done = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_no_answer_of_the_grid_is_waited_out_and_what_a_meter_confirms_is_reported()
    {
        using var grid = new FakeRelays(
            "{}", "<html>", "null", FakeRelays.List(FakeRelays.Command("M1", "on"), FakeRelays.Command("M2", "sideways"), FakeRelays.Command("M3", "off")));
        await RunAsync(grid, TimeProvider.System, (order, _) => Task.FromResult<RelayState?>(order.Meter == "M3" ? null : order.Action),
            () => grid.Reports.Count == 1 && _done.Count == 2);
        Assert.Equal(["M1", "M3"], _done.Order());
        Assert.Contains("\"meter\":\"M1\",\"sequence\":1,\"state\":\"on\"", Assert.Single(grid.Reports), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_waits_for_no_meter_that_does_not_answer_and_what_throws_stops_nothing()
    {
        using var grid = new FakeRelays(
            FakeRelays.List(Enumerable.Range(0, 20).Select(i => FakeRelays.Command($"C{i}", "off"))), FakeRelays.List(FakeRelays.Command("T1", "on")),
            FakeRelays.List(FakeRelays.Command("R1", "on")));
        await RunAsync(grid, TimeProvider.System, async (order, cancel) =>
        {
            if (order.Action == RelayState.Off)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            }

            return order.Meter == "T1" ? throw new InvalidOperationException("broken") : order.Action;
        }, () => grid.Reports.Count == 1 && _done.Count(m => m[0] == 'C') == 8);
        Assert.Contains("R1", Assert.Single(grid.Reports), StringComparison.Ordinal);

        // Eight meters are spoken to at once to cut, and no more.
        Assert.Equal(8, _done.Count(m => m[0] == 'C'));
    }

    [Fact]
    public async Task A_cut_that_has_expired_by_the_grids_clock_is_not_begun_whatever_this_clock_says()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var grid = new FakeRelays(
            FakeRelays.List(FakeRelays.Command("M1", "off", now.AddMinutes(-1)), FakeRelays.Command("M2", "off", now.AddHours(1))));
        await RunAsync(grid, new Beginning(), (order, _) => Task.FromResult<RelayState?>(order.Action), () => grid.Reports.Count == 1);
        Assert.Equal(["M2"], _done);
    }

    [Fact]
    public async Task A_meter_whose_function_goes_on_after_its_time_gets_no_other_command_until_that_has_ended()
    {
        using var grid = new FakeRelays(FakeRelays.List(Enumerable.Range(0, 8).Select(i => FakeRelays.Command($"C{i}", "off"))));
        var ended = new TaskCompletionSource<RelayState?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = 0;
        Task<RelayState?> Switch(RelayOrder order, CancellationToken cancel)
        {
            if (order.Action == RelayState.Off && order.Meter[0] == 'C')
            {
                cancel.Register(() => Interlocked.Increment(ref cancelled));
                return ended.Task;
            }

            return Task.FromResult<RelayState?>(order.Action);
        }

        await RunAsync(grid, TimeProvider.System, Switch, async () =>
        {
            await UntilAsync(() => Volatile.Read(ref cancelled) == 8);
            for (var i = 1; i <= 5; i++)
            {
                // The turns of those that go on are free again.
                grid.Give(FakeRelays.List(FakeRelays.Command("C0", "on"), FakeRelays.Command($"M{i}", "off")));
                await UntilAsync(() => grid.Reports.Count == i);
            }

            Assert.Single(_done, m => m == "C0");
            ended.SetResult(RelayState.Off);
            await UntilAsync(() =>
            {
                grid.Give(FakeRelays.List(FakeRelays.Command("C0", "on")));
                return grid.Reports.Exists(r => r.Contains("\"C0\"", StringComparison.Ordinal));
            });
        }, o => o.RelayTimeout = TimeSpan.FromMilliseconds(50));
        Assert.All(grid.Reports.Where(r => r.Contains("\"C", StringComparison.Ordinal)), r => Assert.Contains("\"on\"", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_command_is_counted_and_the_others_are_done()
    {
        using var counts = new ResultCounts("accountgrid.gateway.relay.commands", "malformed");
        using var grid = new FakeRelays(
            """{"commands":null}""",
            FakeRelays.List("null", "7", """{"sequence":1,"action":"on"}""", """{"meter":"M1","sequence":"x","action":"on"}""", FakeRelays.Command("M2", "on")),
            FakeRelays.List("{}"), FakeRelays.List(FakeRelays.Command("M3", "on")));
        await RunAsync(grid, TimeProvider.System, (order, _) => Task.FromResult<RelayState?>(order.Action), () => UntilAsync(() => grid.Reports.Count == 2),
            o => o.Gateway = "malformed");
        Assert.Equal(["M2", "M3"], _done.Order());
        Assert.Equal(new Dictionary<string, long> { ["error"] = 1, ["malformed"] = 5, ["confirmed"] = 2 }, counts.ByResult);
    }

    private static Task UntilAsync(Func<bool> isDone) => Eventually.GetAsync(() => Task.FromResult(isDone()), done => done, "It is done");

    private Task RunAsync(FakeRelays grid, TimeProvider time, Func<RelayOrder, CancellationToken, Task<RelayState?>> meter, Func<bool> isDone) =>
        RunAsync(grid, time, meter, () => UntilAsync(isDone));

    private async Task RunAsync(FakeRelays grid, TimeProvider time, Func<RelayOrder, CancellationToken, Task<RelayState?>> meter, Func<Task> steps,
        Action<GatewayOptions>? change = null)
    {
        var options = new GatewayOptions
        {
            Folder = _folder.Path,
            Gateway = "G1",
            RetryFirst = TimeSpan.FromMilliseconds(1),
            RetryMost = TimeSpan.FromMilliseconds(2),
            OnRejected = (_, _) => Task.CompletedTask,
            OnRelay = (order, cancel) =>
            {
                _done.Enqueue(order.Meter);
                return meter(order, cancel);
            },
        };
        change?.Invoke(options);
        await using var gateway = new GatewayClient(options, grid.Client, time: time);
        using var stop = new CancellationTokenSource();
        var running = gateway.RunAsync(stop.Token);
        await steps();
        await stop.CancelAsync();
        await running;
    }

    /// <summary>A clock that was never set.</summary>
    private sealed class Beginning : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
