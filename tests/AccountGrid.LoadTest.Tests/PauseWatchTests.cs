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
}
