using AccountGrid.Host.Http;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Does work again while the grid says "not now", for so long: gateways go first, and one meter does not hold up all others.</summary>
internal static class MeterFilePatience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What the work came to; null where the grid said "not now" all the time.</summary>
    public static async Task<T?> AgainAsync<T>(Func<Task<T>> work, TimeProvider time, CancellationToken cancel)
        where T : class
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (Problems.IsNotNow(e) && !cancel.IsCancellationRequested)
            {
                if (time.GetElapsedTime(started) > Limit)
                {
                    return null;
                }

                await Task.Delay(Pause, time, cancel);
            }
        }
    }
}
