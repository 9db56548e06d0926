namespace AccountGrid.LoadTest.Simulation;

/// <summary>A process's clock: the world's, ahead or behind by its own error.</summary>
internal sealed class SimTime(SimWorld world, SimProcess process) : TimeProvider
{
    public long AheadMs { get; set; }

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => world.NowUs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(world.NowMs + AheadMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SimTimer(world, process, callback, state, dueTime, period);

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
