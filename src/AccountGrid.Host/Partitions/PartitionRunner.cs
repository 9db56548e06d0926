using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Faults;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.Logging;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// One partition in memory: folds batches, collects effects, and writes both flushes under its epoch. Not thread-safe: everything runs
/// on its grain's scheduler; <see cref="_gate"/> keeps folds apart where they wait for the database.
/// </summary>
internal sealed class PartitionRunner(IPartitionStore store, IEffectsWriter effectsWriter, IPartitionLog log, FoldCatalogs catalogs, GridOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Bytes of log folded before others get a turn.</summary>
    private const int CatchUpBytes = 4 << 20;

    /// <summary>Accounts in one check record: a few kilobytes, folded in well under a millisecond each.</summary>
    private const int CheckAccountsMax = 500;

    /// <summary>Check records of one sweep: the rest waits for the next, so that closing days leaves room for readings.</summary>
    private const int CheckRecordsMax = 10;

    private const string QuarantineReason = "A record of this account could not be folded and was quarantined.";

    /// <summary>How long a flush is tried; beyond it another activation may as well begin from what is stored.</summary>
    private static readonly TimeSpan FlushPatience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan FlushPause = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _flushGate = new(1, 1);

    /// <summary>One state flush at a time: an empty later snapshot must never overtake the full one before it.</summary>
    private readonly SemaphoreSlim _stateGate = new(1, 1);
    private readonly SortedDictionary<long, TaskCompletionSource> _waiting = [];
    private readonly Dictionary<long, CommandOutcome> _outcomes = [];
    private PartitionLease _lease;
    private Dictionary<long, int> _quarantined = [];
    private PartitionFold _fold = null!;
    private Effects _pending = new();

    /// <summary>Effects before <see cref="_pending"/>, each part up to its position: what one flush would be too many.</summary>
    private readonly Queue<(long To, Effects Effects)> _parts = new();
    private Effects _replayed = new();

    /// <summary>Outcomes of <see cref="_pending"/> that can be asked for.</summary>
    private int _answered;
    private long _effectsPosition;
    private long _statePosition;
    private long _checkedThrough;
    private long _lastReportedMs;
    private CancellationToken _opening;

    public PartitionState State => _fold.State;

    /// <summary>Where the last state flush stood: closed days that are not in memory are the database's rows of it.</summary>
    public long StatePosition => _statePosition;

    /// <summary>The pack that decides for an account today; null is none.</summary>
    public Domain.Policies.Policy? PolicyOf(Domain.State.AccountState account) =>
        account.Customer is { } customer ? catalogs.Policy(customer.PolicyFamily, account.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds())) : null;

    /// <summary>Set when the process is stopping: what cannot be flushed soon is replayed by the next.</summary>
    public bool IsClosing { get; set; }

    private TimeSpan Patience => IsClosing ? TimeSpan.FromSeconds(5) : FlushPatience;

    /// <summary>Set when another activation has taken the partition, or when memory can no longer be trusted.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Takes the partition, loads its states and replays its log. Stops where it stands when it is cancelled.</summary>
    public async Task OpenAsync(int partition, string owner, CancellationToken cancel = default)
    {
        await store.Opening.WaitAsync(cancel);
        try
        {
            await OpenAloneAsync(partition, owner, cancel);
        }
        finally
        {
            store.Opening.Release();
        }
    }

    private async Task OpenAloneAsync(int partition, string owner, CancellationToken cancel)
    {
        _opening = cancel;
        _lease = await store.TakeAsync(partition, owner);
        _effectsPosition = _lease.EffectsPosition;
        _statePosition = _lease.StatePosition;
        _quarantined = await store.QuarantinedAsync(partition);
        _fold = new PartitionFold(await store.LoadAsync(_lease, cancel), catalogs.Tariff, catalogs.Policy);
        var before = State.Position;
        await CatchUpAsync(long.MaxValue);
        if (State.Position < _effectsPosition)
        {
            throw new Domain.InvariantBrokenException($"Partition {partition}'s effects stand at {_effectsPosition}, but its log ends at {State.Position}.");
        }

        _opening = default;
        PartitionMessages.Opened(logger, partition, _lease.Epoch, before, State.Position);
    }

    /// <summary>Folds a delivered batch; what it does not continue is read from the log first.</summary>
    public async Task FoldAsync(LogBatch batch)
    {
        await _gate.WaitAsync();
        try
        {
            EnsureHeld();
            Failpoint.Reach(Failpoint.FoldBeforeApply);
            if (Sabotage.SkipGaps && batch.FirstPosition > State.Position)
            {
                State.Position = batch.FirstPosition;
            }

            if (batch.FirstPosition > State.Position)
            {
                await ReadAndFoldAsync(batch.FirstPosition);
            }

            if (batch.FirstPosition > State.Position)
            {
                throw new InvalidOperationException($"Partition {State.Partition} stands at {State.Position} and cannot read the log up to {batch.FirstPosition} yet.");
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
            EnsureHeld();
            await ReadAndFoldAsync(to);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Gives the stream a moment to bring a position, as it soon will; a bulk's many partitions then need not each read the log.</summary>
    public async Task AwaitStreamAsync(long position, CancellationToken cancel)
    {
        var patience = TimeSpan.FromMilliseconds(250);
        if (State.Position <= position)
        {
            await FoldedAsync(position, cancel).WaitAsync(patience, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Waits until a position is folded, reading the log itself instead of waiting for its stream.</summary>
    public async Task<CommandOutcome?> OutcomeAsync(long position, CancellationToken cancel)
    {
        await CatchUpAsync(position + 1);
        while (State.Position <= position)
        {
            await FoldedAsync(position, cancel);
        }

        return _outcomes.TryGetValue(position, out var outcome) ? outcome : await store.OutcomeAsync(State.Partition, position);
    }

    private Task FoldedAsync(long position, CancellationToken cancel)
    {
        if (!_waiting.TryGetValue(position, out var source))
        {
            _waiting[position] = source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return source.Task.WaitAsync(cancel);
    }

    /// <summary>Another part waits to be written, and may be.</summary>
    public bool HasMoreEffects => _parts.Count > 0 && !IsLost;

    /// <summary>Writes what the fold has produced since the last time, or its first part. Marks the partition lost if that cannot be known to have happened once.</summary>
    /// <param name="always">All of it, and the position even where nothing came of it.</param>
    public async Task FlushEffectsAsync(bool always = false)
    {
        await _flushGate.WaitAsync();
        try
        {
            // To where the fold stands now, no further: what is folded meanwhile is the next flush's.
            var end = State.Position;
            var began = time.GetTimestamp();
            while (!IsLost && _effectsPosition < end && (_parts.Count > 0 || _pending.Any || always || time.GetUtcNow().ToUnixTimeMilliseconds() - _lastReportedMs >= 2_000))
            {
                if (_parts.Count == 0)
                {
                    CutPart();
                }

                var (to, effects) = _parts.Peek();
                _lastReportedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
                await GuardAsync(() => effectsWriter.WriteAsync(_lease, _effectsPosition, to, effects), stands => stands.Effects, _effectsPosition, to);
                _parts.Dequeue();
                _effectsPosition = to;
                foreach (var outcome in effects.Outcomes)
                {
                    _outcomes.Remove(outcome.Position);
                }

                if (!always)
                {
                    return;
                }

                if (IsClosing && _effectsPosition < end && time.GetElapsedTime(began) > Patience)
                {
                    IsLost = true;
                    throw new TimeoutException($"Partition {State.Partition} stops with effects written up to {_effectsPosition} of {end}; whoever has it next replays the rest.");
                }
            }
        }
        finally
        {
            _flushGate.Release();
        }
    }

    /// <summary>Ends a part where the fold stands: between records, all of whose effects are known.</summary>
    private void CutPart()
    {
        // A batch may stand still in its middle, waiting for closed days: what it has decided so far can be asked for, too.
        EnterOutcomes();
        _parts.Enqueue((State.Position, _pending));
        (_pending, _answered) = (new Effects(), 0);
    }

    /// <summary>Writes changed states at the position where they stand, after the effects up to there.</summary>
    public async Task FlushStatesAsync()
    {
        await _stateGate.WaitAsync();
        try
        {
            await FlushStatesAloneAsync();
        }
        finally
        {
            _stateGate.Release();
        }
    }

    private async Task FlushStatesAloneAsync()
    {
        await _gate.WaitAsync();
        StateSnapshot snapshot;
        try
        {
            if (IsLost || State.Position == _statePosition)
            {
                return;
            }

            snapshot = StateSnapshot.Take(State);
        }
        finally
        {
            _gate.Release();
        }

        // A snapshot marks everything clean; if it cannot be written whole, this memory is of no more use.
        await FlushEffectsAsync(always: true);
        if (IsLost)
        {
            return;
        }

        await GuardAsync(() => store.FlushStatesAsync(_lease, _statePosition, snapshot.Position, snapshot), stands => stands.States, _statePosition, snapshot.Position);
        _statePosition = snapshot.Position;
        foreach (var day in snapshot.Days)
        {
            if (State.ClosedDays.TryGetValue(day.Key, out var held) && ReferenceEquals(held, day))
            {
                State.ClosedDays.Remove(day.Key);
            }
        }
    }

    /// <summary>How old a reading of a day can be that is not overdue to be closed, with an hour for clocks that differ.</summary>
    private TimeSpan OpenDaysMax => TimeSpan.FromMilliseconds(Domain.Limits.DayOpenMaxMs + (long)options.ClockDriftMs) + TimeSpan.FromHours(1);

    /// <summary>Cuts off what neither recovery nor an open day needs any more; nothing while something that was quarantined waits for a person.</summary>
    public async Task TrimAsync()
    {
        if (await store.HasOpenQuarantineAsync(State.Partition))
        {
            // What was quarantined is kept nowhere else, and neither is what days need that could not be closed for it.
            return;
        }

        var now = time.GetUtcNow();
        var before = Math.Min(_statePosition, State.OldestNeeded(now.ToUnixTimeMilliseconds()));
        var kept = TimeSpan.FromHours(options.LogRetainHours);
        await log.TrimAsync(State.Partition, before, now - (kept > OpenDaysMax ? kept : OpenDaysMax));
    }

    /// <summary>Appends checks for accounts that are due. Those of the last time are folded first, so that none is checked twice for one cause.</summary>
    public async Task SweepAsync()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (IsLost || State.NextDueMs > now || State.Position < _checkedThrough || Sabotage.SkipDue)
        {
            return;
        }

        // Where a record was ever quarantined, each account has a check of its own: one that cannot be checked then spoils no other's.
        var perRecord = _quarantined.Count == 0 ? CheckAccountsMax : 1;
        var accounts = State.Due(now, _quarantined.Count == 0 ? CheckAccountsMax * CheckRecordsMax : CheckAccountsMax);
        if (accounts.Count == 0)
        {
            State.FindNextDue();
            return;
        }

        var appends = accounts.Chunk(perRecord).Select(some => new LogAppend(State.Partition, 1, LogRecords.Encode(now, new Check(now, some)))).ToArray();
        var results = await log.AppendAsync(appends);
        _checkedThrough = results[^1].FirstPosition + 1;
    }

    /// <summary>Folds what the log is known to hold beyond what was delivered; a delivery that got lost costs this long, no more.</summary>
    public Task CatchUpWithKnownHeadAsync() => log.LastKnownHead(State.Partition) is var head && head > State.Position ? CatchUpAsync(head) : Task.CompletedTask;

    private void EnsureHeld()
    {
        if (IsLost)
        {
            throw new InvalidOperationException($"Partition {State.Partition} is no longer held.");
        }
    }

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

            if (batch.FirstPosition > State.Position)
            {
                IsLost = true;
                throw new Domain.InvariantBrokenException($"Partition {State.Partition} stands at {State.Position} but its log begins at {batch.FirstPosition}.");
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
                var cursor = new EntryCursor(entry);
                while (cursor.Position < entry.FirstPosition + entry.Count)
                {
                    if (FoldSome(entry, ref cursor) is { } needed)
                    {
                        await ReopenAsync(needed);
                    }
                }

                if (_pending.Count >= options.EffectsRowsMax)
                {
                    CutPart();
                }
            }
        }
        finally
        {
            State.Pack();
            Answer();
        }
    }

    private async Task ReopenAsync(DaysNeeded needed)
    {
        // Taken before the database is asked: a state flush that ends meanwhile moves rows from here to there.
        var key = new DayKey(needed.Meter.Number, needed.Meter.Assignment, 0);
        var recent = State.ClosedDays.Values.Where(d => d.Key with { Day = 0 } == key).ToList();
        var rows = (await store.LoadDaysAsync(State.Partition, needed)).ToDictionary(d => d.Key.Day);
        var from = needed.FromDay;

        // Rows of days that are open again already are out of date until the next state flush takes them away.
        if (needed.AndPrevious)
        {
            var earlier = rows.Values.Concat(recent).Where(d => d.Key.Day < needed.FromDay && d.Points.Count > 0).Select(d => d.Key.Day);
            from = earlier.DefaultIfEmpty(needed.FromDay).Max();
        }

        foreach (var day in recent)
        {
            rows[day.Key.Day] = day;
        }

        var days = rows.Values.Where(d => d.Key.Day >= from && d.Key.Day <= needed.Meter.ClosedThroughDay).OrderBy(d => d.Key.Day).ToList();
        var position = State.Position;
        try
        {
            _fold.Reopen(needed, days, position < _effectsPosition ? _replayed : _pending);
        }
        catch (Domain.InvariantBrokenException e)
        {
            IsLost = true;
            throw new UnfoldableRecordException(position, 1, e, needed.Meter.Account?.Number ?? 0);
        }
    }

    /// <summary>Folds records until the entry ends or closed days are needed; the cursor then stands before the record that needs them.</summary>
    private DaysNeeded? FoldSome(LogEntry entry, ref EntryCursor cursor)
    {
        var position = cursor.Position;
        if (position >= State.Position && _quarantined.TryGetValue(position, out var rest) && position + rest == entry.FirstPosition + entry.Count)
        {
            // Quarantined to its end, perhaps because not even its header can be read.
            var whole = rest == 1 ? CheckIn(entry.Payload.Span, cursor.Offset) : null;
            for (; rest > 0; rest--)
            {
                _fold.Skip(position++, State.NowMs, whole);
            }

            cursor = cursor with { Position = position };
            return null;
        }

        var reader = default(LogRecords.Reader);
        var isRead = false;
        try
        {
            reader = new LogRecords.Reader(entry.Payload.Span);
            if (cursor.Offset > 0)
            {
                reader.Offset = cursor.Offset;
            }

            for (; position < entry.FirstPosition + entry.Count; position++)
            {
                cursor = cursor with { Position = position, Offset = reader.Offset };
                if (position >= State.Position && _quarantined.TryGetValue(position, out var count))
                {
                    var check = CheckIn(entry.Payload.Span, reader.Offset);
                    for (var i = 0; i < count; i++)
                    {
                        _fold.Skip(position + i, reader.ReceivedMs, i == 0 ? check : null);
                    }

                    position += count - 1;
                    SkipDecoding(ref reader, count);
                    continue;
                }

                isRead = false;
                if (!reader.Next())
                {
                    throw new FormatException($"The append at {entry.FirstPosition} ends at {position} but should hold {entry.Count} records.");
                }

                if (position < State.Position)
                {
                    continue;
                }

                isRead = true;
                var effects = position < _effectsPosition ? _replayed : _pending;
                var needed = reader.Command is { } command
                    ? _fold.Apply(command, position, reader.ReceivedMs, effects)
                    : _fold.Apply(reader.Reading, position, reader.ReceivedMs, effects);
                if (needed is not null)
                {
                    return needed;
                }
            }

            cursor = cursor with { Position = position };
            if (_replayed.Any)
            {
                _replayed = new Effects();
            }

            return null;
        }
        catch (FormatException e) when (position >= State.Position)
        {
            IsLost = true;

            // Bytes that cannot be read hide where the next record begins: the rest of this append goes with them.
            throw new UnfoldableRecordException(position, (int)(entry.FirstPosition + entry.Count - position), e);
        }
        catch (CatalogUnavailableException)
        {
            // The record may be half folded: this memory ends, and the next begins from what is stored.
            IsLost = true;
            throw;
        }
        catch (Exception e) when (e is not UnfoldableRecordException && position >= State.Position)
        {
            // From here on, not from when it is quarantined: no flush in between may store what is half folded.
            IsLost = true;
            throw new UnfoldableRecordException(position, 1, e, isRead ? AccountOf(reader) : 0, isRead && reader.Command is Check { Accounts.Count: > 1 } check ? check : null);
        }
    }

    /// <summary>The check that a record is which was quarantined; null for any other, and for bytes that cannot be read.</summary>
    /// <param name="offset">Where it begins; 0 is the payload's first record.</param>
    private static Check? CheckIn(ReadOnlySpan<byte> payload, int offset)
    {
        try
        {
            var reader = new LogRecords.Reader(payload);
            reader.Offset = offset > 0 ? offset : reader.Offset;
            return reader.Next() ? reader.Command as Check : null;
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>The account that the reader's record is about; 0 where there is none, or where it is the hold that another quarantined record placed.</summary>
    private int AccountOf(in LogRecords.Reader reader) => reader.Command switch
    {
        PlaceHold { Reason: QuarantineReason } => 0,
        AccountCommand c => c.Account,
        Check { Accounts: [var only] } => only,
        null => State.AccountOf(reader.Reading.Meter),
        _ => 0,
    };

    private static void SkipDecoding(ref LogRecords.Reader reader, int count)
    {
        try
        {
            for (var i = 0; i < count && reader.Next(); i++)
            {
            }
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
        {
            // It is quarantined for just this; a command's length was read before its content, so the reader stands behind it.
        }
    }

    /// <summary>Records a record that cannot be folded, so that the next activation passes it over. Memory may be half changed: this one ends.</summary>
    public async Task<RecordQuarantinedException> QuarantineAsync(UnfoldableRecordException found)
    {
        IsLost = true;
        PartitionMessages.Quarantined(logger, State.Partition, found.Position, found.Count, found.InnerException!);
        if (found.Account != 0)
        {
            // The account's money is in doubt: nothing is escalated or cut on it until a person has looked. First, so that it is not forgotten between the two.
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var hold = new PlaceHold(found.Account, Domain.State.HoldKind.DataQuality, null, QuarantineReason);
            await log.AppendAsync([new LogAppend(State.Partition, 1, LogRecords.Encode(now, hold), new LogKey($"quarantine:{found.Position}", BitConverter.GetBytes(found.Position)), IsOfReader: true)]);
        }

        if (found.Check is { } check)
        {
            await DivideAsync(found.Position, check);
        }

        await store.QuarantineAsync(_lease, found.Position, found.Count, Sabotage.HideQuarantine ? "" : found.InnerException!.ToString(), isDivided: found.Check is not null);
        return new RecordQuarantinedException(State.Partition, found.Position, found.InnerException!);
    }

    /// <summary>One of a check's accounts cannot be checked, and its neighbours are not to wait for it: each gets a check of its own, and only that one's is quarantined.</summary>
    private Task DivideAsync(long position, Check check)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        LogAppend Alone(int account) => new(
            State.Partition, 1, LogRecords.Encode(now, new Check(check.AtMs, [account])), new LogKey($"quarantine:{position}:{account}", BitConverter.GetBytes(position)), IsOfReader: true);
        return log.AppendAsync([.. check.Accounts.Select(Alone)]);
    }

    /// <summary>Makes outcomes askable, once each: while a flush is under way, many gather.</summary>
    private void EnterOutcomes()
    {
        for (; _answered < _pending.Outcomes.Count; _answered++)
        {
            var outcome = _pending.Outcomes[_answered];
            _outcomes[outcome.Position] = outcome;
        }
    }

    private void Answer()
    {
        EnterOutcomes();
        while (_waiting.Count > 0 && _waiting.First() is var first && first.Key < State.Position)
        {
            _waiting.Remove(first.Key);
            first.Value.TrySetResult();
        }
    }

    /// <summary>
    /// A flush that fails on its way leaves open whether it happened; only the database knows, so it is asked: under the row's lock, which waits for
    /// whatever is still under way. What did not happen is written again; what cannot be known in time, or is refused, ends this activation.
    /// </summary>
    private async Task GuardAsync(Func<Task> flush, Func<(long Effects, long States), long> part, long from, long to)
    {
        var began = time.GetTimestamp();
        try
        {
            while (true)
            {
                try
                {
                    await flush();
                    return;
                }
                catch (Exception e) when (IsWorthWaiting(e, began))
                {
                    PartitionMessages.FlushAgain(logger, State.Partition, _lease.Epoch, e);
                    if (Sabotage.TrustFailedFlush)
                    {
                        return;
                    }

                    var stands = part(await StandsAtAsync(began));
                    if (stands == to)
                    {
                        return;
                    }

                    if (stands != from)
                    {
                        throw new FencedException(State.Partition, _lease.Epoch);
                    }
                }
            }
        }
        catch (Exception e)
        {
            IsLost = true;
            PartitionMessages.Lost(logger, State.Partition, _lease.Epoch, e);
            throw;
        }
    }

    private async Task<(long Effects, long States)> StandsAtAsync(long began)
    {
        while (true)
        {
            await Task.Delay(FlushPause, time);
            try
            {
                return await store.PositionsAsync(_lease);
            }
            catch (Exception e) when (IsWorthWaiting(e, began))
            {
                // The database is not back yet.
            }
        }
    }

    /// <summary>
    /// A server that is away or takes no changes is waited for as long as it lasts: nobody else can write meanwhile, and memory that is dropped would have to be
    /// loaded by all partitions at once when it is back. Anything else that passes is tried for some minutes.
    /// </summary>
    private bool IsWorthWaiting(Exception e, long began) =>
        PassingFaults.Is(e) && (time.GetElapsedTime(began) < Patience || (!IsClosing && PassingFaults.IsServerAway(e)));

    private readonly record struct EntryCursor(long Position, int Offset)
    {
        public EntryCursor(LogEntry entry)
            : this(entry.FirstPosition, 0)
        {
        }
    }
}

internal sealed class UnfoldableRecordException(long position, int count, Exception cause, int account = 0, Check? check = null) : Exception(cause.Message, cause)
{
    /// <summary>The record, where it is a check of several accounts; null for any other.</summary>
    public Check? Check { get; } = check;

    /// <summary>The account that the record is about; 0 where it cannot be told.</summary>
    public int Account { get; } = account;

    public long Position { get; } = position;

    public int Count { get; } = count;
}
