namespace AccountGrid.Testing;

/// <summary>Waits for what must come true, looking often; fails with the last thing seen. No fixed sleeps.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static async Task<T> GetAsync<T>(Func<Task<T>> look, Func<T, bool> isRight, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isRight(seen))
            {
                return seen;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"{what} did not come true in {Patience.TotalSeconds} s; last seen: {seen}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        }
    }
}
