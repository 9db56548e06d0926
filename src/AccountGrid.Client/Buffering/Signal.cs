namespace AccountGrid.Client.Buffering;

/// <summary>Wakes all that wait. Who looks takes <see cref="Next"/> first, so that no signal is missed between looking and waiting.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Next => _next.Task;

    public void Set() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
