namespace AccountGrid.LoadTest.Years;

/// <summary>The year's clock: it stands until it is moved. Timers run in real time; nothing in the year waits for one.</summary>
internal sealed class YearClock(DateTimeOffset start) : TimeProvider
{
    private long _nowMs = start.ToUnixTimeMilliseconds();

    public long NowMs => Volatile.Read(ref _nowMs);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public void MoveTo(long ms) => Volatile.Write(ref _nowMs, ms);
}
