using System.Globalization;

namespace AccountGrid.Faults;

/// <summary>
/// A clock that is wrong: in test builds, <c>ACCOUNTGRID_CLOCK</c> names a file with the seconds that this process's clock is ahead, read once a second, so
/// that it can jump while the process runs. Timers keep their length.
/// </summary>
internal sealed class FaultClock(string file) : TimeProvider
{
    private long _readAt;
    private long _aheadTicks;

    public static TimeProvider? FromEnvironment()
    {
#if FAULTS
        return Environment.GetEnvironmentVariable("ACCOUNTGRID_CLOCK") is { Length: > 0 } file ? new FaultClock(file) : null;
#else
        return null;
#endif
    }

    public override DateTimeOffset GetUtcNow()
    {
        var now = System.GetTimestamp();
        if (System.GetElapsedTime(Interlocked.Read(ref _readAt), now) > TimeSpan.FromSeconds(1))
        {
            Interlocked.Exchange(ref _readAt, now);
            var seconds = File.Exists(file) && double.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var s) ? s : 0;
            Interlocked.Exchange(ref _aheadTicks, TimeSpan.FromSeconds(seconds).Ticks);
        }

        return System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _aheadTicks));
    }
}
