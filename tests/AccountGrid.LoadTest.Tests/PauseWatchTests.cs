using AccountGrid.LoadTest.Measures;
using AccountGrid.Testing;

namespace AccountGrid.LoadTest.Tests;

public sealed class PauseWatchTests
{
    [Fact]
    public async Task It_hears_the_collector_of_a_process_and_is_not_troubled_by_one_that_has_ended()
    {
        // No process has this number: Linux ends them at 4 million.
        using var watch = new PauseWatch(() => [Environment.ProcessId, int.MaxValue], TimeProvider.System);
        var heard = await Eventually.GetAsync(
            () =>
            {
                GC.Collect();
                return Task.FromResult(watch.Silos.Summary());
            },
            s => s.Count >= 2,
            "A pause");
        Assert.InRange(heard.Max, 0.001, 40_000);
        watch.Look();
    }

    [Fact]
    public async Task It_sees_that_the_thread_pool_takes_up_nothing_while_threads_wake_in_time()
    {
        using var free = new ManualResetEventSlim();
        using var never = new ManualResetEventSlim();
        using var watch = new PauseWatch(() => [], TimeProvider.System);
        var busy = Enumerable.Range(0, 256).Select(_ => Task.Run(() => free.Wait(TimeSpan.FromMinutes(1)))).ToArray();

        // Here, not behind an await: that would wait for the pool, too. The pool adds a worker every half second, which takes up what waits and is then busy,
        // too.
        never.Wait(600);
        free.Set();
        await Task.WhenAll(busy);
        await Eventually.GetAsync(() => Task.FromResult(watch.Tester.Summary()), s => s.Max >= 150, "Work that waited for the pool");
    }
}
