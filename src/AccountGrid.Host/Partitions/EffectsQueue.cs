using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Telemetry;

namespace AccountGrid.Host.Partitions;

/// <summary>Collects the effects of the fold in parts, and writes them in order.</summary>
internal sealed class EffectsQueue(PartitionHold hold, IEffectsWriter writer, FlushGuard guard, FoldOutcomes outcomes, TimeProvider time)
{
    /// <summary>How long a position may stand still in the database while nothing came of its records, ms.</summary>
    private const long ReportPeriodMs = 2_000;

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Effects before <see cref="_pending"/>, each part up to its position: what one flush would be too many.</summary>
    private readonly Queue<(long To, Effects Effects)> _parts = new();
    private PartitionState _state = null!;
    private Effects _pending = new();

    /// <summary>Effects of records whose effects are stored already.</summary>
    private Effects _replayed = new();
    private long _lastReportedMs;

    /// <summary>Up to where effects are stored.</summary>
    public long Position { get; private set; }

    /// <summary>Another part waits to be written, and may be.</summary>
    public bool HasMore => _parts.Count > 0 && !hold.IsLost;

    public void Open(PartitionState state, long position) => (_state, Position) = (state, position);

    /// <summary>Where a record's effects go: those that are stored already go nowhere.</summary>
    public Effects Of(long position) => position < Position ? _replayed : _pending;

    /// <summary>Between entries: what came of replayed records is dropped.</summary>
    public void DropReplayed()
    {
        if (_replayed.Any)
        {
            _replayed = new Effects();
        }
    }

    /// <summary>Ends a part that has grown to so many rows.</summary>
    public void CutFrom(int rows)
    {
        if (_pending.Count >= rows)
        {
            Cut();
        }
    }

    /// <summary>The outcomes that the fold has decided so far can be asked for.</summary>
    public void EnterOutcomes() => outcomes.Enter(_pending);

    /// <summary>
    /// Writes what the fold has produced since the last time, or its first part. The partition is lost if that cannot be known to have happened once.
    /// </summary>
    /// <param name="always">All of it, and the position even where nothing came of it.</param>
    public async Task FlushAsync(bool always = false)
    {
        await _gate.WaitAsync();
        try
        {
            // To where the fold stands now, no further: what is folded meanwhile is the next flush's.
            var end = _state.Position;
            var began = time.GetTimestamp();
            while (!hold.IsLost && Position < end
                && (_parts.Count > 0 || _pending.Any || always || time.GetUtcNow().ToUnixTimeMilliseconds() - _lastReportedMs >= ReportPeriodMs))
            {
                await WritePartAsync();
                if (!always)
                {
                    return;
                }

                if (hold.IsClosing && Position < end && time.GetElapsedTime(began) > guard.Patience)
                {
                    hold.Lose();
                    throw new TimeoutException(
                        $"Partition {hold.Partition} stops with effects written up to {Position} of {end}; whoever has it next replays the rest.");
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task WritePartAsync()
    {
        if (_parts.Count == 0)
        {
            Cut();
        }

        var (to, effects) = _parts.Peek();
        _lastReportedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        await guard.WriteAsync("effects", () => writer.WriteAsync(hold.Lease, Position, to, effects), stands => stands.Effects, Position, to);
        GridMetrics.Written(effects.Entries, account => _state.PeekAccount(account)?.CurrentTariff.Definition.Currency);
        _parts.Dequeue();
        Position = to;
        outcomes.Forget(effects);
    }

    /// <summary>Ends a part where the fold stands: between records, all of whose effects are known.</summary>
    private void Cut()
    {
        // A batch may stand still in its middle, waiting for closed days: what it has decided so far can be asked for, too.
        EnterOutcomes();
        _parts.Enqueue((_state.Position, _pending));
        _pending = new Effects();
        outcomes.BeginPart();
    }
}
