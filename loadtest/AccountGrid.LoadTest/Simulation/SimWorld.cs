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

/// <summary>Something that can die, or stand still and go on: a silo, the database, the clients. What it awaits comes back to it in order, a little later.</summary>
internal sealed class SimProcess(SimWorld world, string name) : SynchronizationContext
{
    private readonly Queue<Action> _held = new();
    private long _postedUs;

    public string Name { get; } = name;

    public bool IsAlive { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    public SimTime Time => field ??= new SimTime(world, this);

    /// <summary>First thing that went wrong in it unseen.</summary>
    public Exception? Failure { get; private set; }

    public void Kill()
    {
        IsAlive = false;
        _held.Clear();
    }

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        while (_held.TryDequeue(out var action))
        {
            world.After(0, this, action);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        _postedUs = Math.Max(_postedUs, world.NowUs + world.Random.Next(40));
        world.At(_postedUs, this, () => d(state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing here waits for another thread.");

    /// <summary>Begins work in this process; what it throws is kept.</summary>
    public void Start(Func<Task> work) => world.After(0, this, () => Keep(work()));

    public Task DelayAsync(long us)
    {
        var done = new TaskCompletionSource();
        world.After(us, this, done.SetResult);
        return done.Task;
    }

    internal void Happen(Action action)
    {
        if (!IsAlive)
        {
            return;
        }

        if (IsFrozen)
        {
            _held.Enqueue(action);
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private async void Keep(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            Failure ??= e;
        }
    }
}

/// <summary>A process's clock: the world's, ahead or behind by its own error.</summary>
internal sealed class SimTime(SimWorld world, SimProcess process) : TimeProvider
{
    public long AheadMs { get; set; }

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => world.NowUs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(world.NowMs + AheadMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new SimTimer(world, process, callback, state, dueTime, period);

    private sealed class SimTimer : ITimer
    {
        private readonly SimWorld _world;
        private readonly SimProcess _process;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private int _generation;

        public SimTimer(SimWorld world, SimProcess process, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_world, _process, _callback, _state) = (world, process, callback, state);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var generation = ++_generation;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Arm(dueTime, period, generation);
            }

            return true;
        }

        public void Dispose() => _generation++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan due, TimeSpan period, int generation) => _world.After((long)due.TotalMicroseconds, _process, () =>
        {
            if (generation != _generation)
            {
                return;
            }

            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
            {
                Arm(period, period, generation);
            }

            _callback(_state);
        });
    }
}
