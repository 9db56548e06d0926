namespace AccountGrid.LoadTest.Simulation;

/// <summary>
/// One thread, one queue of what happens next, one clock that jumps from event to event. Every await of a simulated process comes back through here, so a
/// seed decides all orders and a run can be had again exactly.
/// </summary>
internal sealed class SimWorld(int seed)
{
    private readonly PriorityQueue<(SimProcess Process, Action Action), (long At, long Order)> _events = new();
    private long _order;

    public Random Random { get; } = new(seed);

    /// <summary>Microseconds since the simulation's beginning.</summary>
    public long NowUs { get; private set; }

    public long Steps { get; private set; }

    public long NowMs => Epoch + (NowUs / 1_000);

    /// <summary>When every simulation begins, UTC ms: an evening, so that a run crosses a local midnight.</summary>
    public long Epoch { get; } = new DateTimeOffset(2026, 3, 10, 15, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public void At(long us, SimProcess process, Action action) => _events.Enqueue((process, action), (Math.Max(us, NowUs), _order++));

    public void After(long us, SimProcess process, Action action) => At(NowUs + us, process, action);

    /// <summary>Lets the next thing happen. False if nothing is left.</summary>
    public bool Step()
    {
        if (!_events.TryDequeue(out var next, out var when))
        {
            return false;
        }

        NowUs = when.At;
        Steps++;
        next.Process.Happen(next.Action);
        return true;
    }
}
