namespace AccountGrid.LoadTest.Faults;

/// <summary>Lets clients work one step at a time, and all of them rest while the judge looks.</summary>
internal sealed class FaultGate : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private volatile TaskCompletionSource _open = Opened();
    private int _busy;

    public bool IsEnding => _end.IsCancellationRequested;

    public CancellationToken Ending => _end.Token;

    /// <summary>Waits until a step may begin; false at the end. Each step that began ends with <see cref="Leave"/>.</summary>
    public async Task<bool> EnterAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await _open.Task;
            Interlocked.Increment(ref _busy);
            if (_open.Task.IsCompleted && !_end.IsCancellationRequested)
            {
                return true;
            }

            Interlocked.Decrement(ref _busy);
        }

        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _busy);

    /// <summary>
    /// Lets nobody begin a step, and waits until all have ended theirs. Throws <see cref="TimeoutException"/> if one does not, and what a client threw.
    /// </summary>
    public async Task PauseAsync(TimeSpan patience, IReadOnlyList<Task> clients)
    {
        _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = TimeProvider.System.GetTimestamp();
        while (Volatile.Read(ref _busy) > 0)
        {
            if (clients.FirstOrDefault(r => r.IsFaulted) is { } broken)
            {
                await broken;
            }

            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                throw new TimeoutException($"{_busy} clients still have no answer after {patience.TotalSeconds:0} s.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public void Resume() => _open.TrySetResult();

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        Resume();
    }

    public void Dispose() => _end.Dispose();

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
