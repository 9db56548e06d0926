namespace AccountGrid.Streams.Postgres;

/// <summary>One caller's appends: they are committed together, or not at all.</summary>
internal sealed class PendingAppend(IReadOnlyList<LogAppend> appends)
{
    private readonly TaskCompletionSource<AppendResult[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<LogAppend> Appends { get; } = appends;

    public long Bytes { get; } = appends.Sum(a => (long)a.Payload.Length + LogFraming.HeaderBytes);

    public AppendResult[] Results { get; } = new AppendResult[appends.Count];

    public Task<AppendResult[]> Task => _done.Task;

    public void Succeed() => _done.TrySetResult(Results);

    public void Fail(Exception cause) => _done.TrySetException(cause);
}
