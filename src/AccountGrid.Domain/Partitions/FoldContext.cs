using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>What a record is folded in: the state of its partition, its position, the time in the log, its effects, tariffs and policy packs.</summary>
/// <param name="policies">The version of a pack by family and local day; null, or a null answer, is no workflow.</param>
/// <param name="products">Makes sure that all versions of products are there that are known at a time in the log, UTC ms; null where they never change.</param>
internal sealed class FoldContext(PartitionState state, Func<int, Tariff> tariffs, Func<int, int, Policy?>? policies, Action<long>? products)
{
    private readonly List<AccountState> _moved = [];
    private int _sequence;

    public PartitionState State { get; } = state;

    /// <summary>Position of the record that is being folded.</summary>
    public long Position { get; private set; }

    /// <summary>Latest time written in the log, UTC ms.</summary>
    public long NowMs => State.NowMs;

    public Effects Effects { get; set; } = new();

    /// <summary>What the entries of the command itself have moved so far.</summary>
    public Money Moved { get; set; }

    /// <summary>What the payment of the command went to, beside energy.</summary>
    public (Money Debt, Money Fees) Paid { get; set; }

    /// <summary>The command is a payment that was announced: it stops nothing any more.</summary>
    public bool HasAnnouncedCome { get; set; }

    /// <summary>Points of a meter are being taken over: levels are looked at when all are there.</summary>
    public bool IsReceiving { get; set; }

    /// <summary>Closed days that were looked at last. They only say whether something is in closed days, so they are no state.</summary>
    public LookedDays Looked { get; set; } = new();

    /// <param name="position">The record's position; it must be the state's next.</param>
    /// <param name="nowMs">Time written in the log with it, UTC ms.</param>
    public void Begin(long position, long nowMs, Effects effects)
    {
        Invariant.Holds(position == State.Position, $"Partition {State.Partition} was given position {position} but stands at {State.Position}.");
        Position = position;
        _sequence = 0;
        Moved = default;
        Paid = default;
        HasAnnouncedCome = false;
        _moved.Clear();
        Effects = effects;
        State.NowMs = Math.Max(State.NowMs, nowMs);
    }

    /// <summary>What a change would lead to: the same moment, over a copy of the state, with effects that nobody hears of.</summary>
    public FoldContext Trial(PartitionState copy)
    {
        var trial = new FoldContext(copy, Tariffs, policies, products: null);
        trial.Begin(Position, NowMs, new Effects());
        return trial;
    }

    /// <summary>Has the products complete as of the time in the log, before anything is decided by them.</summary>
    public void CompleteProducts() => products?.Invoke(NowMs);

    /// <summary>The record is folded: the state stands behind it.</summary>
    public void Done()
    {
        foreach (var account in _moved)
        {
            DrainMoves(account);
        }

        State.Position = Position + 1;
    }

    /// <summary>Number of the next event or entry of the record.</summary>
    public int NextSequence() => _sequence++;

    /// <summary>Tariff versions by number.</summary>
    public Func<int, Tariff> Tariffs { get; } = tariffs;

    public Tariff? TariffOrNull(int number) => number > 0 ? Tariffs(number) : null;

    /// <summary>The version of a pack that decides on a local day; null is none.</summary>
    public Policy? PolicyOn(int family, int day) => policies?.Invoke(family, day);

    /// <summary>The version of its pack that decides for an account at an instant; null is none.</summary>
    public Policy? PolicyOf(AccountState account, long atMs) =>
        account.Customer is { } customer ? PolicyOn(customer.PolicyFamily, account.Calendar.DayOf(atMs)) : null;

    /// <summary>The account now; null where no pack decides for it.</summary>
    public Moment? MomentOf(AccountState account) => account.Customer is { } customer && PolicyOf(account, NowMs) is { } policy
        ? new Moment(account, customer, policy, NowMs, account.Calendar.DayOf(NowMs))
        : default(Moment?);

    /// <summary>Carries an event into its account, at the time of the log, and notes it.</summary>
    public void Emit(AccountState account, AccountEvent happened) => Emit(account, happened, NowMs, PolicyOf(account, NowMs));

    /// <summary>Carries an event into its account, at the instant of a moment, and notes it.</summary>
    public void Emit(in Moment at, AccountEvent happened) => Emit(at.Account, happened, at.Ms, at.Policy);

    private void Emit(AccountState account, AccountEvent happened, long atMs, Policy? policy)
    {
        AccountEvents.Apply(account, happened, Position, atMs, policy);
        Watch(account);
        Effects.Events.Add(new EventEffect(Position, _sequence++, account.Number, NowMs, happened));
    }

    /// <summary>Enters an amount into an account's ledger, credit positive.</summary>
    /// <param name="day">Local day that it is for; 0 is none.</param>
    public void Enter(AccountState account, EntryKind kind, Money amount, int day, string? reference, long corrects = 0)
    {
        Watch(account);
        Effects.Entries.Add(
            new LedgerEntry(Position, _sequence++, account.Number, kind, amount, account.LedgerBalance, NowMs, day, corrects, default, reference));
    }

    /// <summary>Enters what a day was charged; nothing where that is nothing.</summary>
    /// <param name="pending">Charges that are booked already and entered behind it.</param>
    public void EnterCharge(AccountState account, EntryKind kind, int day, long corrects, ChargeParts parts, WideMoney pending = default,
        string? reference = null)
    {
        if (parts == default)
        {
            return;
        }

        Effects.Entries.Add(
            new LedgerEntry(Position, _sequence++, account.Number, kind, (-parts.Total).ToMoney(), (account.LedgerBalance + pending).ToMoney(), NowMs, day,
                corrects, parts, reference));
    }

    /// <summary>Whatever changes an account's items has an event or an entry: what they noted is taken when the record is folded.</summary>
    private void Watch(AccountState account)
    {
        if (account.Customer is not null && (_moved.Count == 0 || _moved[^1] != account))
        {
            _moved.Add(account);
        }
    }

    private void DrainMoves(AccountState account)
    {
        if (account.Customer?.Overdue.Book.TakeMoves() is not { Count: > 0 } moves)
        {
            return;
        }

        var today = account.Calendar.DayOf(NowMs);
        foreach (var same in moves.GroupBy(m => (m.Item, m.Credit)))
        {
            var last = same.Last();
            var amount = last.Credit == ItemMove.Asked ? last.Amount : same.Select(m => m.Amount).Sum();
            if (amount != Money.Zero)
            {
                Effects.ItemMoves.Add(new ItemMoveEffect(
                    account.Number, last.Item, Position, last.Credit, last.Day == 0 ? today : last.Day, last.DueDay, amount));
            }
        }
    }

    public void Accept(AccountState? account) =>
        Effects.Outcomes.Add(new CommandOutcome(Position, null, account?.Balance ?? default, Moved, Paid.Debt, Paid.Fees));

    public void Refuse(Refusal refusal, AccountState? account) =>
        Effects.Outcomes.Add(new CommandOutcome(Position, refusal, account?.Balance ?? default, default));

    public void Refuse(RefusalCode code, string detail, AccountState? account = null) => Refuse(new Refusal(code, detail), account);
}
