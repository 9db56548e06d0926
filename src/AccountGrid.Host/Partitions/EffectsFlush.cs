using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Partitions;

/// <summary>One partition's effects between two positions, on their way to the database.</summary>
internal sealed class EffectsFlush(PartitionLease lease, long from, long to, Effects effects)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PartitionLease Lease { get; } = lease;

    public long From { get; } = from;

    public long To { get; } = to;

    public Effects Effects { get; } = effects;

    public Task Task => _done.Task;

    public void Succeed() => _done.TrySetResult();

    public void Fail(Exception cause) => _done.TrySetException(cause);
}
