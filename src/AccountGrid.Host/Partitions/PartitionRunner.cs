using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// One partition in memory: puts together what folds its records, writes both flushes under its epoch, and keeps it up. Not thread-safe: everything runs on its
/// grain's scheduler.
/// </summary>
internal sealed class PartitionRunner
{
    /// <summary>How long a stream may take to bring what the log has.</summary>
    private static readonly TimeSpan StreamPatience = TimeSpan.FromMilliseconds(250);

    private readonly IPartitionStore _store;
    private readonly IPartitionLog _log;
    private readonly FoldCatalogs _catalogs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PartitionHold _hold = new();
    private readonly FoldOutcomes _outcomes = new();
    private readonly EffectsQueue _effects;
    private readonly RecordQuarantine _quarantine;
    private readonly FoldLoop _loop;
    private readonly StateFlush _states;
    private readonly DueSweep _sweep;
    private readonly LogTrim _trim;

    public PartitionRunner(IPartitionStore store, IEffectsWriter effectsWriter, IPartitionLog log, FoldCatalogs catalogs, GridOptions options,
        TimeProvider time, ILogger logger)
    {
        (_store, _log, _catalogs, _time, _logger) = (store, log, catalogs, time, logger);
        var guard = new FlushGuard(_hold, store, time, logger);
        _effects = new EffectsQueue(_hold, effectsWriter, guard, _outcomes, time);
        _quarantine = new RecordQuarantine(_hold, store, log, time, logger);
        _loop = new FoldLoop(_hold, store, log, _effects, _outcomes, _quarantine, options, logger);
        guard.Adopt = _loop.AdoptAsync;
        _states = new StateFlush(_hold, store, guard, _loop, _effects);
        _sweep = new DueSweep(_hold, log, _quarantine, catalogs.Prices, time);
        _trim = new LogTrim(store, log, options, time);
    }

    public PartitionState State => _loop.State;

    /// <summary>Where the last state flush stood: closed days that are not in memory are the database's rows of it.</summary>
    public long StatePosition => _states.Position;

    /// <summary>Set when the process is stopping: what cannot be flushed soon is replayed by the next.</summary>
    public bool IsClosing
    {
        get => _hold.IsClosing;
        set => _hold.IsClosing = value;
    }

    /// <summary>Whether another activation has taken the partition, or memory can no longer be trusted.</summary>
    public bool IsLost => _hold.IsLost;

    /// <inheritdoc cref="PartitionHold.HasOtherLog"/>
    public bool HasOtherLog => _hold.HasOtherLog;

    /// <summary>Another part of the effects waits to be written, and may be.</summary>
    public bool HasMoreEffects => _effects.HasMore;

    /// <summary>The pack that decides for an account today; null is none.</summary>
    public Policy? PolicyOf(AccountState account) =>
        account.Customer is { } customer ? _catalogs.Policy(customer.PolicyFamily, account.Calendar.DayOf(_time.GetUtcNow().ToUnixTimeMilliseconds())) : null;

    /// <summary>Takes the partition, loads its states and replays its log. Stops where it stands when it is cancelled.</summary>
    public async Task OpenAsync(int partition, string owner, CancellationToken cancel = default)
    {
        await _store.Opening.WaitAsync(cancel);
        try
        {
            await OpenAloneAsync(partition, owner, cancel);
        }
        finally
        {
            _store.Opening.Release();
        }
    }

    private async Task OpenAloneAsync(int partition, string owner, CancellationToken cancel)
    {
        var lease = await _store.TakeAsync(partition, owner);
        _hold.Lease = lease;
        await _quarantine.OpenAsync();
        var state = await _store.LoadAsync(lease, cancel);
        _effects.Open(state, lease.EffectsPosition);
        _states.Open(lease.StatePosition);
        var before = state.Position;
        await _loop.OpenAsync(new PartitionFold(state, _catalogs.Tariff, _catalogs.Policy, _catalogs.Products), cancel);
        if (state.Position < lease.EffectsPosition)
        {
            throw new InvariantBrokenException($"Partition {partition}'s effects stand at {lease.EffectsPosition}, but its log ends at {state.Position}.");
        }

        PartitionMessages.Opened(_logger, partition, lease.Epoch, before, state.Position);
    }

    /// <inheritdoc cref="FoldLoop.FoldAsync"/>
    public Task FoldAsync(LogBatch batch) => _loop.FoldAsync(batch);

    /// <inheritdoc cref="FoldLoop.CatchUpAsync"/>
    public Task CatchUpAsync(long to) => _loop.CatchUpAsync(to);

    /// <summary>Folds what the log is known to hold beyond what was delivered; a delivery that got lost costs this long, no more.</summary>
    public Task CatchUpWithKnownHeadAsync() =>
        _log.LastKnownHead(State.Partition) is var head && head > State.Position ? CatchUpAsync(head) : Task.CompletedTask;

    /// <summary>Gives the stream a moment to bring a position, as it soon will; a bulk's many partitions then need not each read the log.</summary>
    public async Task AwaitStreamAsync(long position, CancellationToken cancel)
    {
        if (State.Position <= position)
        {
            await _outcomes.FoldedAsync(position, cancel).WaitAsync(StreamPatience, _time, cancel)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Waits until a position is folded, reading the log itself instead of waiting for its stream.</summary>
    public async Task<CommandOutcome?> OutcomeAsync(long position, CancellationToken cancel)
    {
        await CatchUpAsync(position + 1);
        while (State.Position <= position)
        {
            await _outcomes.FoldedAsync(position, cancel);
        }

        return _outcomes.Find(position) ?? await _store.OutcomeAsync(State.Partition, position);
    }

    /// <inheritdoc cref="FoldLoop.PreviewAsync"/>
    public Task<List<Effects>?> PreviewAsync(int account, IEnumerable<GridCommand> commands) => _loop.PreviewAsync(account, commands,
        _time.GetUtcNow().ToUnixTimeMilliseconds(), state => new PartitionFold(state, _catalogs.Tariff, _catalogs.Policy, _catalogs.Products));

    /// <inheritdoc cref="EffectsQueue.FlushAsync"/>
    public Task FlushEffectsAsync(bool always = false) => _effects.FlushAsync(always);

    /// <summary>Writes changed states at the position where they stand, after the effects up to there.</summary>
    public Task FlushStatesAsync() => _states.FlushAsync();

    /// <inheritdoc cref="DueSweep.RunAsync"/>
    public Task SweepAsync() => _sweep.RunAsync(State);

    /// <inheritdoc cref="LogTrim.RunAsync"/>
    public Task TrimAsync() => _trim.RunAsync(State, StatePosition);

    /// <inheritdoc cref="RecordQuarantine.AddAsync"/>
    public Task<RecordQuarantinedException> QuarantineAsync(UnfoldableRecordException found) => _quarantine.AddAsync(found);
}
