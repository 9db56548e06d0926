using AccountGrid.Host.Hosting;


namespace AccountGrid.Host.Tests;

public sealed class BackgroundGarbageCollectionTests
{
    [Fact]
    public async Task Old_objects_are_collected_in_the_background_again_and_again()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var collections = new BackgroundGarbageCollection(TimeSpan.FromMilliseconds(20));
        await collections.StartAsync(cancel);
        try
        {
            // Nothing else in this process begins so many.
            var seen = new HashSet<long>();
            for (var waited = 0; seen.Count < 10 && waited < 3000; waited++)
            {
                seen.Add(GC.GetGCMemoryInfo(GCKind.Background).Index);
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancel);
            }

            Assert.Equal(10, seen.Count);
        }
        finally
        {
            await collections.StopAsync(cancel);
        }
    }
}
