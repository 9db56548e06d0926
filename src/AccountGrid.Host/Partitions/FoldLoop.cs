using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Partitions;
using AccountGrid.Faults;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// Folds a partition's records in order, each once: batches as they are delivered, and from the log itself what they do not continue. Not thread-safe:
/// everything runs on its grain's scheduler; <see cref="_gate"/> keeps folds apart where they wait for the database.
/// </summary>
internal sealed class FoldLoop(PartitionHold hold, IPartitionStore store, IPartitionLog log, EffectsQueue effects, FoldOutcomes outcomes,
    RecordQuarantine quarantine, GridOptions options, ILogger logger)
{
    /// <summary>Bytes of log folded before others get a turn.</summary>
    private const int CatchUpBytes = 4 << 20;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private PartitionFold _fold = null!;
    private EntryFold _entries = null!;
    private FoldedRows _folded = null!;
    private CancellationToken _opening;

    public PartitionState State => _fold.State;

    /// <summary>Begins from a state and folds what the log has beyond it. Stops where it stands when it is cancelled.</summary>
    public async Task OpenAsync(PartitionFold fold, CancellationToken cancel)
    {
        (_fold, _entries, _opening) = (fold, new EntryFold(hold, fold, effects, quarantine), cancel);
        _folded = new FoldedRows(hold, log, logger);
        await CatchUpAsync(long.MaxValue);
        _opening = default;
    }

    /// <summary>Folds a delivered batch; what it does not continue is read from the log first.</summary>
    public async Task FoldAsync(LogBatch batch)
    {
        await _gate.WaitAsync();
        try
        {
            hold.EnsureHeld();
            Failpoint.Reach(Failpoint.FoldBeforeApply);
            if (Sabotage.SkipGaps && batch.FirstPosition > State.Position)
            {
                State.Position = batch.FirstPosition;
            }

            if (IsOfAnother(batch))
            {
                if (batch.Timeline > hold.Lease.Timeline)
                {
                    await _folded.AdoptAsync(State, effects.Position, batch.Timeline);
                }

                // Of the log of a server that was replaced, or of one that a process does not name, nothing is folded.
                await ReadAndFoldAsync(batch.EndPosition);
                return;
            }

            if (batch.FirstPosition > State.Position)
            {
                await ReadAndFoldAsync(batch.FirstPosition);
            }

            if (batch.FirstPosition > State.Position)
            {
                throw new InvalidOperationException(
                    $"Partition {State.Partition} stands at {State.Position} and cannot read the log up to {batch.FirstPosition} yet.");
            }

            if (batch.EndPosition > State.Position)
            {
                await FoldEntriesAsync(batch);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Folds from the log itself up to a position, or to its present end.</summary>
    public async Task CatchUpAsync(long to)
    {
        if (State.Position >= to)
        {
            return;
        }

        await _gate.WaitAsync();
        try
        {
            hold.EnsureHeld();
            await ReadAndFoldAsync(to);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Makes memory right for the server of another timeline: compares what was folded, and is not known to be written, with the log that the server has.
    /// Throws <see cref="InvalidOperationException"/> where it differs: the partition is lost then. Waits for a fold, and so must not be called by one.
    /// </summary>
    public async Task AdoptAsync(int timeline)
    {
        if (timeline == hold.Lease.Timeline)
        {
            return;
        }

        await _gate.WaitAsync();
        try
        {
            await _folded.AdoptAsync(State, effects.Position, timeline);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Looks at the state while no batch is being folded.</summary>
    public async Task<T> BetweenBatchesAsync<T>(Func<PartitionState, T> look)
    {
        await _gate.WaitAsync();
        try
        {
            return look(State);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What commands to an account would lead to, one after the other, on a copy of it; null if there is no such account.</summary>
    /// <param name="foldOf">A fold over a state.</param>
    public async Task<List<Effects>?> PreviewAsync(int account, IEnumerable<GridCommand> commands, long nowMs, Func<PartitionState, PartitionFold> foldOf)
    {
        await _gate.WaitAsync();
        try
        {
            hold.EnsureHeld();
            if (State.CopyOf(account) is not { } copy)
            {
                return null;
            }

            var fold = foldOf(copy);
            var all = new List<Effects>();
            foreach (var command in commands)
            {
                var effects = new Effects();
                while (fold.Apply(command, copy.Position, Math.Max(nowMs, copy.NowMs), effects) is { } needed)
                {
                    fold.Reopen(needed, await ReopenedDays.LoadAsync(store, copy, needed), effects);
                }

                all.Add(effects);
            }

            return all;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether a batch was read from another server than the one that memory is right for. A log kept apart has timelines of its own.</summary>
    private bool IsOfAnother(LogBatch batch) => batch.Timeline != hold.Lease.Timeline && !log.IsApart(State.Partition);

    private async Task ReadAndFoldAsync(long to)
    {
        while (State.Position < to)
        {
            _opening.ThrowIfCancellationRequested();
            var batch = await log.ReadAsync(State.Partition, State.Position, CatchUpBytes);
            if (batch is null)
            {
                return;
            }

            if (IsOfAnother(batch))
            {
                await _folded.AdoptAsync(State, effects.Position, batch.Timeline);
                continue;
            }

            if (batch.FirstPosition > State.Position)
            {
                hold.Lose();
                throw new InvariantBrokenException($"Partition {State.Partition} stands at {State.Position} but its log begins at {batch.FirstPosition}.");
            }

            await FoldEntriesAsync(batch);
        }
    }

    private async Task FoldEntriesAsync(LogBatch batch)
    {
        try
        {
            foreach (var entry in batch.Entries)
            {
                _folded.Add(entry, effects.Position);
                var cursor = new EntryCursor(entry);
                while (cursor.Position < entry.FirstPosition + entry.Count)
                {
                    if (_entries.FoldSome(entry, ref cursor) is { } needed)
                    {
                        await ReopenAsync(needed);
                    }
                }

                effects.CutFrom(options.EffectsRowsMax);
            }
        }
        finally
        {
            State.Pack();
            effects.EnterOutcomes();
            outcomes.Answer(State.Position);
        }
    }

    private async Task ReopenAsync(DaysNeeded needed)
    {
        var days = await ReopenedDays.LoadAsync(store, State, needed);
        var position = State.Position;
        try
        {
            _fold.Reopen(needed, days, effects.Of(position));
        }
        catch (InvariantBrokenException e)
        {
            hold.Lose();
            throw new UnfoldableRecordException(position, 1, e, needed.Meter.Account?.Number ?? 0);
        }
    }
}
