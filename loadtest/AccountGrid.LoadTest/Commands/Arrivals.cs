namespace AccountGrid.LoadTest.Commands;

/// <summary>Counts payload bytes that have reached consuming grains.</summary>
public sealed class Arrivals
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = new();
    private long _bytes;
    private long _goal = long.MaxValue;

    public void Reset()
    {
        lock (_lock)
        {
            (_bytes, _goal, _reached) = (0, long.MaxValue, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    public void Add(long bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
            if (_bytes >= _goal)
            {
                _reached.TrySetResult();
            }
        }
    }

    public Task ReachedAsync(long bytes)
    {
        lock (_lock)
        {
            _goal = bytes;
            if (_bytes >= bytes)
            {
                _reached.TrySetResult();
            }

            return _reached.Task.WaitAsync(TimeSpan.FromMinutes(2));
        }
    }
}
