using AccountGrid.Contracts;
using AccountGrid.Host.Database;
using AccountGrid.Host.Telemetry;
using AccountGrid.Streams.Postgres;
using Npgsql;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// A partition's single writer. The stream brings its batches, a reminder keeps it awake and sweeping, and its own loops flush. All state is
/// the runner's; what may interleave here only reads, or waits for the runner's gate.
/// </summary>
[GrainType(TypeName)]
[PartitionPlacement]
[ImplicitStreamSubscription(StreamNamespace)]
internal sealed class PartitionGrain(
    PartitionStore store, EffectsWriter effects, PostgresLog log, GridOptions options, TimeProvider time, Departure departure, PartitionPositions positions,
    ILocalSiloDetails silo, IClusterMembershipService membership, ILogger<PartitionGrain> logger)
    : Grain, IPartitionGrain, IRemindable, IStreamSubscriptionObserver
{
    public const string TypeName = "partition";
    public const string StreamNamespace = "accountgrid-log";

    private const string SweepReminder = "sweep";

    private readonly PartitionRunner _runner = new(store, effects, new PartitionLog(log), store.Catalogs, options, time, logger);
    private readonly Dictionary<int, Watcher> _watchers = [];
    private readonly Dictionary<int, MeterWatcher> _meterWatchers = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _loops = Task.CompletedTask;

    private long Lag() => log.LastKnownHead(Partition) - _runner.State.Position;

    private int Partition => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await GuardAsync(() => _runner.OpenAsync(Partition, silo.SiloAddress.ToParsableString(), cancellationToken));
        departure.Here(Partition);
        positions.Add(Partition, Lag);
        _loops = Task.WhenAll(EffectsLoop(), StatesLoop(), SweepLoop(), WriteBeforeStop());
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _runner.IsClosing = true;
        departure.Gone(Partition);
        positions.Remove(Partition, Lag);
        await _stop.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (_runner.HasOtherLog)
        {
            await Task.WhenAll([.. _watchers.Values.Select(w => w.Grain.Forget()), .. _meterWatchers.Values.Select(w => w.Grain.Forget())]);
        }

        if (!_runner.IsLost)
        {
            await _runner.FlushStatesAsync();
        }
        else if (reason.ReasonCode != DeactivationReasonCode.ShuttingDown)
        {
            WakeAgainSoon();
        }
    }

    /// <summary>What was folded but not written is folded again at once, not at the next push or reminder: a notice may wait in it.</summary>
    private void WakeAgainSoon()
    {
        var next = GrainFactory.Partition(Partition);
        _ = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), time);
            await next.Sweep();
        }).ContinueWith(t => PartitionMessages.BackgroundFailed(logger, Partition, t.Exception!), TaskContinuationOptions.OnlyOnFaulted);
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        var handle = handleFactory.Create<LogBatch>();
        // No token: the agent would take one for a batch already processed and pass it over. Positions tell what is new, and holes are read from the log.
        await handle.ResumeAsync((batch, _) => OnBatch(batch));
    }

    public async Task<OutcomeView?[]> OutcomesOf(long[] positions)
    {
        EnsureHeld();
        var outcomes = new OutcomeView?[positions.Length];
        if (positions.Length > 1)
        {
            await _runner.AwaitStreamAsync(positions[^1], _stop.Token);
        }

        for (var i = 0; i < positions.Length; i++)
        {
            var position = positions[i];
            outcomes[i] = await GuardAsync(() => _runner.OutcomeAsync(position, _stop.Token)) is { } outcome ? PartitionViews.Of(Partition, outcome) : null;
        }

        await TellWatchers();
        return outcomes;
    }

    public async Task<AccountView?> Watch(int account, string accountId)
    {
        EnsureHeld();
        if (_runner.State.PeekAccount(account) is not { } state)
        {
            await GuardAsync(() => _runner.CatchUpAsync(long.MaxValue));
            state = _runner.State.PeekAccount(account);
            if (state is null)
            {
                return null;
            }
        }

        _watchers[account] = new Watcher(GrainFactory.Account(accountId), time.GetUtcNow() + Leases.Watch);
        _runner.State.Watch(account);
        return ViewOf(state);
    }

    public Task<IReadOnlyList<BalanceView>> Balances(int[] accounts)
    {
        EnsureHeld();
        var state = _runner.State;
        return Task.FromResult<IReadOnlyList<BalanceView>>([.. accounts.Select(state.PeekAccount).OfType<Domain.State.AccountState>()
            .Select(a => new BalanceView(a.Number, a.Balance.Nano, state.Position, a.Meters.Sum(m => m.TotalCharged.Wh), a.Meters.Sum(m => m.TotalHeld.Wh)))]);
    }

    public Task<IReadOnlyList<SilentMeterView>> SilentMeters(int fromPlace, int afterMeter, long fromMs, long beforeMs, int max)
    {
        EnsureHeld();
        var found = Domain.Partitions.SilentMeters.Of(_runner.State, fromPlace, afterMeter, fromMs, beforeMs, max);
        return Task.FromResult<IReadOnlyList<SilentMeterView>>([.. found.Select(m => new SilentMeterView(m.Place, m.Meter, m.Account, m.LastMs, m.LastWh))]);
    }

    public async Task<MeterView?> Meter(int meter)
    {
        EnsureHeld();
        if (!_runner.State.HasMeter(meter))
        {
            await GuardAsync(() => _runner.CatchUpAsync(long.MaxValue));
        }

        return _runner.State.PeekMeter(meter) is { } state ? PartitionViews.Of(_runner.State, state) : null;
    }

    public async Task<MeterView?> WatchMeter(int meter, string meterId)
    {
        var view = await Meter(meter);
        if (view is { UntilMs: null })
        {
            _meterWatchers[meter] = new MeterWatcher(GrainFactory.GetGrain<IMeterLogGrain>(meterId), time.GetUtcNow() + Leases.Watch, view);
            _runner.State.Watch(view.Account);
        }

        return view;
    }

    public Task<RecentDays> RecentDays(int meter, int fromDay, int toDay)
    {
        EnsureHeld();
        return Task.FromResult(OpenDayViews.OfMeter(_runner.State, _runner.StatePosition, meter, fromDay, toDay));
    }

    public async Task<AccountDays?> Explain(int account)
    {
        EnsureHeld();
        await GuardAsync(() => _runner.CatchUpAsync(long.MaxValue));
        return _runner.State.PeekAccount(account) is { } state
            ? new AccountDays(ViewOf(state), OpenDayViews.OfAccount(_runner.State, _runner.StatePosition, state))
            : null;
    }

    public async Task<WorkflowView?> Workflow(int account)
    {
        EnsureHeld();
        await GuardAsync(() => _runner.CatchUpAsync(long.MaxValue));
        return _runner.State.PeekAccount(account) is { } state
            ? PartitionViews.WorkflowOf(state, _runner.PolicyOf(state), time.GetUtcNow().ToUnixTimeMilliseconds())
            : null;
    }

    public async Task<IReadOnlyList<DecisionView>?> PreviewDecisions(int account, byte[][] commands)
    {
        EnsureHeld();
        await GuardAsync(() => _runner.CatchUpAsync(long.MaxValue));
        var all = await GuardAsync(() => _runner.PreviewAsync(account, commands.Select(c => Domain.Commands.GridCommand.FromBytes(c))));
        return all?.ConvertAll(PartitionViews.OfDecision);
    }

    public async Task<IReadOnlyList<RatingView>> Ratings(int[] accounts, int version)
    {
        EnsureHeld();
        await GuardAsync(() => _runner.CatchUpAsync(long.MaxValue));
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        store.Catalogs.Products?.Invoke(nowMs);
        var asked = version == 0 ? null : store.Catalogs.Tariff(version);
        return [.. accounts.Select(_runner.State.PeekAccount).OfType<Domain.State.AccountState>()
            .Select(a => PartitionViews.RatingOf(a, asked, _runner.PolicyOf(a), nowMs))];
    }

    public async Task<OutcomeView?> TryCorrection(byte[] command)
    {
        EnsureHeld();
        await GuardAsync(() => _runner.CatchUpAsync(long.MaxValue));
        var asked = (Domain.Commands.CorrectTariff)Domain.Commands.GridCommand.FromBytes(command) with { DecidedBy = "1", ApprovedBy = "2" };
        var all = await GuardAsync(() => _runner.PreviewAsync(asked.Account, [asked]));
        return all is null ? null : PartitionViews.Of(_runner.State.Partition, all[0].Outcomes.Single());
    }

    public async Task<long> Checkpoint()
    {
        EnsureHeld();
        await GuardAsync(() => _runner.CatchUpAsync(long.MaxValue));
        await GuardAsync(_runner.FlushStatesAsync);
        return _runner.State.Position;
    }

    public async Task Sweep()
    {
        EnsureHeld();
        await GuardAsync(() => _runner.SweepAsync());
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    private async Task OnBatch(LogBatch batch)
    {
        EnsureHeld();
        await GuardAsync(() => _runner.FoldAsync(batch));
        GridMetrics.Folded(time.GetUtcNow() - Domain.Instants.ToInstant(_runner.State.NowMs));
        await TellWatchers();
    }

    /// <summary>A partition that lost its epoch, or threw, answers nobody: the caller's retry finds the next activation.</summary>
    private void EnsureHeld()
    {
        if (_runner.IsLost)
        {
            DeactivateOnIdle();
            throw new PartitionMovingException($"Partition {Partition} is moving; ask again.");
        }
    }

    private Task GuardAsync(Func<Task> work) => GuardAsync(async () =>
    {
        await work();
        return 0;
    });

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (UnfoldableRecordException found)
        {
            DeactivateOnIdle();
            throw new PartitionMovingException((await _runner.QuarantineAsync(found)).Message);
        }
        catch (Exception e) when (e is not OrleansException and not OperationCanceledException)
        {
            if (e is Domain.LaterFormatException)
            {
                PartitionMessages.WrittenLater(logger, Partition, e.Message);
                DeactivateOnIdle();
            }

            // Callers in other processes need not know the database's exceptions to know that they may ask again.
            throw new PartitionMovingException($"Partition {Partition} cannot answer right now: {PassingFaults.Text(e)}");
        }
    }

    /// <summary>Tells those who watch an account, or a meter on it, what it has become. A message that gets lost is found by the watch's renewal.</summary>
    private async Task TellWatchers()
    {
        var state = _runner.State;
        if (state.TakeChanged() is { } changed)
        {
            foreach (var number in changed)
            {
                if (state.PeekAccount(number) is { } account)
                {
                    await Task.WhenAll(TellOfAccount(account), Task.WhenAll(account.Meters.Select(m => TellOfMeter(m.Number))));
                }
            }
        }

        if (_meterWatchers.Count > 0)
        {
            await TellOfLooseMeters();
        }
    }

    /// <summary>A meter on no account has no account's changes to go by, and there are few.</summary>
    private async Task TellOfLooseMeters()
    {
        var position = _runner.State.Position;
        foreach (var (number, _) in _meterWatchers.Where(w => w.Value.Seen.Account == 0 && w.Value.Seen.Position < position).ToArray())
        {
            await TellOfMeter(number);
        }
    }

    private Task TellOfAccount(Domain.State.AccountState account)
    {
        if (!_watchers.TryGetValue(account.Number, out var watcher) || Forget(_watchers, account.Number, watcher.Until))
        {
            return Task.CompletedTask;
        }

        _runner.State.Watch(account.Number);
        return watcher.Grain.Changed(ViewOf(account));
    }

    private AccountView ViewOf(Domain.State.AccountState account) =>
        PartitionViews.Of(_runner.State, account, _runner.PolicyOf(account)?.Business, time.GetUtcNow().ToUnixTimeMilliseconds());

    private Task TellOfMeter(int number)
    {
        if (!_meterWatchers.TryGetValue(number, out var watcher) || Forget(_meterWatchers, number, watcher.Until)
            || _runner.State.PeekMeter(number) is not { } meter)
        {
            return Task.CompletedTask;
        }

        var view = PartitionViews.Of(_runner.State, meter);
        _meterWatchers[number] = watcher with { Seen = view };
        _runner.State.Watch(view.Account);
        return view with { Position = watcher.Seen.Position } == watcher.Seen ? Task.CompletedTask : watcher.Grain.Changed(view);
    }

    private bool Forget<T>(Dictionary<int, T> watchers, int number, DateTimeOffset until) => until < time.GetUtcNow() && watchers.Remove(number);

    /// <summary>Those whose lease is over and whose account has not changed since.</summary>
    private void ForgetWatchers()
    {
        _watchers.Where(w => w.Value.Until < time.GetUtcNow()).ToList().ForEach(w => _watchers.Remove(w.Key));
        _meterWatchers.Where(w => w.Value.Until < time.GetUtcNow()).ToList().ForEach(w => _meterWatchers.Remove(w.Key));
    }

    /// <summary>Its states are in the database before its process leaves the cluster, while it still answers.</summary>
    private async Task WriteBeforeStop()
    {
        try
        {
            await departure.WriteWhenItBeginsAsync(Partition, _runner.FlushStatesAsync, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It went elsewhere before.
        }
        catch (Exception e)
        {
            // Whoever has it next replays what is not written.
            PartitionMessages.BackgroundFailed(logger, Partition, e);
        }
    }

    private async Task EffectsLoop()
    {
        await Loop(TimeSpan.FromMilliseconds(options.EffectsPeriodMs), async () =>
        {
            do
            {
                await GuardAsync(_runner.CatchUpWithKnownHeadAsync);
                await _runner.FlushEffectsAsync();
                await TellWatchers();
            }
            while (_runner.HasMoreEffects && !_stop.IsCancellationRequested);
        });
    }

    private async Task StatesLoop()
    {
        // Partitions begin at different moments of the period, so that their bulk writes do not fall together.
        var period = TimeSpan.FromSeconds(options.StatePeriodSeconds);
        var offset = period * ((Partition * 0.618033988749895) % 1);
        await Task.Delay(offset, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Loop(period, async () =>
        {
            await _runner.FlushStatesAsync();
            await _runner.TrimAsync();
        });
    }

    private async Task SweepLoop()
    {
        try
        {
            await this.RegisterOrUpdateReminder(SweepReminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        }
        catch (Exception e) when (e is OrleansException or NpgsqlException or TimeoutException or InvalidOperationException)
        {
            PartitionMessages.BackgroundFailed(logger, Partition, e);
        }

        await Loop(TimeSpan.FromSeconds(options.SweepPeriodSeconds), async () =>
        {
            ForgetWatchers();
            await _runner.SweepAsync();
            LeaveIfAnotherIsPreferred();
        });
    }

    /// <summary>Follows its queue: when the cluster's members changed, the grain flushes and goes, and wakes where its queue is pulled.</summary>
    private void LeaveIfAnotherIsPreferred()
    {
        var active = membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress);
        if (Rendezvous.OwnerOf(Partition, active) is { } owner && !owner.Equals(silo.SiloAddress))
        {
            DeactivateOnIdle();
        }
    }

    private async Task Loop(TimeSpan period, Func<Task> work)
    {
        while (!_stop.IsCancellationRequested && !_runner.IsLost)
        {
            await Task.Delay(period, time, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await work();
            }
            catch (Exception e)
            {
                // Each piece of work guards its own memory; whatever it was, the loop goes on or, if the partition is lost, ends below.
                PartitionMessages.BackgroundFailed(logger, Partition, e);
            }
        }

        if (_runner.IsLost)
        {
            DeactivateOnIdle();
        }
    }

    private sealed record MeterWatcher(IMeterLogGrain Grain, DateTimeOffset Until, MeterView Seen);

    private sealed record Watcher(IAccountLogGrain Grain, DateTimeOffset Until);
}
