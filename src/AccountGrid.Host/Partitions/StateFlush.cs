using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Partitions;

/// <summary>Writes changed states at the position where they stand, after the effects up to there.</summary>
internal sealed class StateFlush(PartitionHold hold, IPartitionStore store, FlushGuard guard, FoldLoop loop, EffectsQueue effects)
{
    /// <summary>One state flush at a time: an empty later snapshot must never overtake the full one before it.</summary>
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Where the last one stood.</summary>
    public long Position { get; private set; }

    public void Open(long position) => Position = position;

    public async Task FlushAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await FlushAloneAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task FlushAloneAsync()
    {
        if (await loop.BetweenBatchesAsync(TakeSnapshot) is not { } snapshot)
        {
            return;
        }

        // A snapshot marks everything clean; if it cannot be written whole, this memory is of no more use.
        await effects.FlushAsync(always: true);
        if (hold.IsLost)
        {
            return;
        }

        await guard.WriteAsync("states", () => store.FlushStatesAsync(hold.Lease, Position, snapshot.Position, snapshot), stands => stands.States, Position,
            snapshot.Position);
        Position = snapshot.Position;
        foreach (var day in snapshot.Days)
        {
            if (loop.State.ClosedDays.TryGetValue(day.Key, out var held) && ReferenceEquals(held, day))
            {
                loop.State.ClosedDays.Remove(day.Key);
            }
        }
    }

    private StateSnapshot? TakeSnapshot(PartitionState state) => hold.IsLost || state.Position == Position ? null : StateSnapshot.Take(state);
}
