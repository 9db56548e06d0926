namespace AccountGrid.LoadTest.Simulation;

/// <summary>
/// Something that can die, or stand still and go on: a silo, the database, the clients. What it awaits comes back to it in order, a little later.
/// </summary>
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
