using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Tests.Simulation;

internal sealed class SimPartition
{
    private readonly Func<int, Tariff> _tariffs;
    private readonly Func<int, int, Policy?> _policies;
    private readonly Action<TransferEffect> _forward;
    private readonly List<(byte[] Append, int Index)> _log = [];
    private readonly Dictionary<string, (long Position, byte[] Hash)> _keys = [];
    private readonly Dictionary<DayKey, DayRow> _days = [];
    private readonly Dictionary<int, byte[]> _pages = [];
    private readonly Dictionary<int, byte[]> _loose = [];
    private readonly bool _packs;
    private readonly Dictionary<(int Account, int Item), long> _open = [];
    private long _flushedPosition;
    private long _flushedNowMs;
    private int _flushedPrices;
    private long _effectsPosition;

    public SimPartition(int number, Func<int, Tariff> tariffs, Func<int, int, Policy?> policies, Action<TransferEffect> forward, bool packs)
    {
        Number = number;
        _tariffs = tariffs;
        _policies = policies;
        _forward = forward;
        _packs = packs;
        State = new PartitionState(number, tariffs, packs);
        _fold = new PartitionFold(State, tariffs, policies);
    }

    private PartitionFold _fold;
    private long _plainBefore;

    public int Number { get; }

    public PartitionState State { get; private set; }

    public List<LedgerEntry> Entries { get; } = [];

    public List<EventEffect> Events { get; } = [];

    public List<NoticeEffect> Notices { get; } = [];

    /// <summary>What became of messages that waited, in order.</summary>
    public List<NoticeVerdictEffect> Verdicts { get; } = [];

    public List<BillEffect> Bills { get; } = [];

    public List<ItemMoveEffect> ItemMoves { get; } = [];

    public List<CaseEffect> Cases { get; } = [];

    public List<ClosedCaseEffect> ClosedCases { get; } = [];

    public Dictionary<(int Account, int Sequence), RelayEffect> Relays { get; } = [];

    /// <summary>The due table.</summary>
    public Dictionary<int, DueEffect> Dues { get; } = [];

    public Dictionary<long, CommandOutcome> Outcomes { get; } = [];

    public Dictionary<ExceptionKey, ExceptionEffect> Exceptions { get; } = [];

    /// <summary>When an account is to be checked next, UTC ms.</summary>
    public long DueOf(int account) => State.PeekAccount(account)!.DueAtMs;

    /// <summary>Names of all effects in the order in which they were first made, and again by every replay.</summary>
    public List<string> EffectNames { get; } = [];

    /// <summary>Readings that went the short way.</summary>
    public long PlainCount => _plainBefore + _fold.PlainCount;

    public int Reopenings { get; private set; }

    public long Append(GridCommand command, long nowMs) => AppendRaw(LogRecords.Encode(nowMs, command));

    public long Append(long nowMs, params Reading[] readings)
    {
        var first = _log.Count;
        foreach (var reading in readings)
        {
            AppendRaw(LogRecords.Encode(nowMs, reading));
        }

        return first;
    }

    public long AppendRaw(byte[] record)
    {
        _log.Add((record, 0));
        return _log.Count - 1;
    }

    /// <summary>Appends under a key, as the log does: a key that is known appends nothing, and stands for one content for ever.</summary>
    public long AppendKeyed(byte[] record, string key, byte[] hash)
    {
        if (_keys.TryGetValue(key, out var known))
        {
            Assert.Equal(known.Hash, hash);
            return known.Position;
        }

        var position = AppendRaw(record);
        _keys[key] = (position, hash);
        return position;
    }

    /// <summary>Many readings in one append, as a gateway's batch comes.</summary>
    public void AppendBatch(long nowMs, Reading[] readings)
    {
        var bytes = LogRecords.Encode(nowMs, readings);
        for (var i = 0; i < readings.Length; i++)
        {
            _log.Add((bytes, i));
        }
    }

    /// <summary>Folds what is new; true if anything was.</summary>
    public bool Fold()
    {
        var from = State.Position;
        while (State.Position < _log.Count)
        {
            var effects = new Effects();
            Step(effects);
            Keep(effects, State.Position - 1);
            State.Pack();
        }

        return State.Position > from;
    }

    /// <summary>The state flush: what a crash right after would leave.</summary>
    public void Flush()
    {
        // Only what the fold marked as changed, as the host does: a forgotten mark must show.
        foreach (var page in State.TakeDirtyPages())
        {
            _pages[page.Page] = page.States;
            Assert.Equal(page.BalancesNano, page.Accounts.Select(a => State.PeekAccount(a)!.Balance.Nano));
        }

        foreach (var meter in State.DirtyLooseMeters)
        {
            _loose[meter.Number] = StateCodec.EncodeLoose([meter]);
        }

        State.DirtyLooseMeters.Clear();
        foreach (var key in State.OpenedDays)
        {
            _days.Remove(key);
        }

        foreach (var (key, row) in State.ClosedDays)
        {
            _days[key] = row;
        }

        State.OpenedDays.Clear();
        State.ClosedDays.Clear();
        _flushedPosition = State.Position;
        _flushedNowMs = State.NowMs;
        _flushedPrices = State.Prices.Through;
    }

    /// <summary>Loses memory and starts from the last flush.</summary>
    public void Crash()
    {
        State = new PartitionState(Number, _tariffs, _packs) { Position = _flushedPosition, NowMs = _flushedNowMs };
        State.Prices.Through = _flushedPrices;
        foreach (var (number, states) in _pages)
        {
            State.Load(number, states);
        }

        foreach (var meter in _loose.Values.SelectMany(b => StateCodec.DecodeLoose(b)))
        {
            State.Load(meter);
        }

        _plainBefore += _fold.PlainCount;
        _fold = new PartitionFold(State, _tariffs, _policies);
    }

    public string StateText() => string.Join('\n', State.AccountNumbers.Order().Select(n => Convert.ToHexString(StateCodec.Encode(State.PeekAccount(n)!))));

    public IEnumerable<DayRow> AllDays(int meter) =>
        _days.Values.Where(d => !State.ClosedDays.ContainsKey(d.Key) && !State.OpenedDays.Contains(d.Key)).Concat(State.ClosedDays.Values)
            .Where(d => d.Key.Meter == meter).OrderBy(d => d.Key.Day).ThenBy(d => d.Key.Register);

    private void Step(Effects effects)
    {
        var (append, index) = _log[(int)State.Position];
        var reader = new LogRecords.Reader(append);
        for (var i = 0; i <= index; i++)
        {
            Assert.True(reader.Next());
        }

        while (true)
        {
            var position = State.Position;
            var needed = reader.Command is { } command
                ? _fold.Apply(command, position, reader.ReceivedMs, effects)
                : _fold.Apply(reader.Reading, position, reader.ReceivedMs, effects);
            if (needed is null)
            {
                return;
            }

            Reopenings++;
            _fold.Reopen(needed, DaysFor(needed), effects);
        }
    }

    private List<DayRow> DaysFor(DaysNeeded needed) =>
        needed.Of(_days.Concat(State.ClosedDays).Where(d => needed.IsOf(d.Key)).GroupBy(d => d.Key).Select(g => g.Last().Value));

    private void Keep(Effects effects, long position)
    {
        EffectNames.AddRange(effects.Entries.Select(e => $"entry {e.Position}.{e.Sequence} {e.Amount.Nano}"));
        EffectNames.AddRange(effects.Notices.Select(n => $"notice {n.Id} {n.Facts.Balance}"));
        EffectNames.AddRange(effects.Verdicts.Values.Select(v => $"verdict {v.Id} {v.Kind} {v.Facts?.Balance}"));
        EffectNames.AddRange(effects.Events.Select(e => $"event {e.Position}.{e.Sequence} {e.Event}"));
        EffectNames.AddRange(effects.ItemMoves.Select(m => $"item {m}"));
        EffectNames.AddRange(effects.Transfers.Select(t => $"transfer {t.Position} {t.ToPartition} {Convert.ToHexString(t.Records)}"));
        if (position < _effectsPosition)
        {
            return;
        }

        _effectsPosition = position + 1;
        Entries.AddRange(effects.Entries);
        Events.AddRange(effects.Events);
        Notices.AddRange(effects.Notices);
        Verdicts.AddRange(effects.Verdicts.Values);
        Bills.AddRange(effects.Bills);
        KeepMoves(effects.ItemMoves);
        Cases.AddRange(effects.Cases);
        ClosedCases.AddRange(effects.ClosedCases);
        foreach (var (key, value) in effects.Relays)
        {
            Relays[key] = value;
        }

        foreach (var (key, value) in effects.Dues)
        {
            Dues[key] = value;
            if (value.DueMs is null)
            {
                Dues.Remove(key);
            }
        }

        effects.Outcomes.ForEach(o => Outcomes[o.Position] = o);
        foreach (var (key, value) in effects.Exceptions)
        {
            Exceptions[key] = value;
        }

        effects.Transfers.ForEach(_forward);
    }

    /// <summary>What was asked for less what paid it is what the account's items say is open, after every record.</summary>
    private void KeepMoves(List<ItemMoveEffect> moves)
    {
        ItemMoves.AddRange(moves);
        foreach (var move in moves)
        {
            var asked = move.Credit == ItemMove.Asked;
            _open[(move.Account, move.Item)] = _open.GetValueOrDefault((move.Account, move.Item)) + (asked ? move.Amount.Nano : -move.Amount.Nano);
        }

        foreach (var (account, number) in moves.Select(m => (m.Account, m.Item)).Distinct())
        {
            var items = State.PeekAccount(account)!.Customer!.Overdue.Book.Items;
            if (ItemMoves.Exists(m => m.Account == account && m.Item == number && m.Credit == ItemMove.Asked))
            {
                Assert.Equal(items.Find(i => i.Number == number).Open.Nano, _open[(account, number)]);
            }
        }
    }
}
