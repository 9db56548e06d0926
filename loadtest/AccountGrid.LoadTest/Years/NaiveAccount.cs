using System.Globalization;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>An account's facts worked out again from its history, slowly and plainly.</summary>
internal sealed class NaiveAccount(AccountRecord record)
{
    private readonly HashSet<DateOnly> _holidays = [.. record.Pack.Calendar.Holidays];
    private IReadOnlyList<(long Position, long AtMs, long Nano)>? _changes;
    private List<(long Position, long AtMs, AccountEvent Event)>? _owing;
    private readonly HashSet<DateOnly> _moved = [.. record.Pack.Calendar.MovedWorkdays];

    public static (int From, int To) Minutes(HoursPolicy hours) => (Minute(hours.From), Minute(hours.To));

    public static bool Within((int From, int To) hours, int minute) =>
        hours.From <= hours.To ? minute >= hours.From && minute < hours.To : minute >= hours.From || minute < hours.To;

    public bool IsBusinessDay(int day)
    {
        var date = DateOnly.FromDayNumber(day);
        return _moved.Contains(date) || (date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !_holidays.Contains(date));
    }

    public bool IsHoliday(int day) => _holidays.Contains(DateOnly.FromDayNumber(day));

    public bool IsWeekendOff(int day) => DateOnly.FromDayNumber(day) is { DayOfWeek: DayOfWeek.Saturday or DayOfWeek.Sunday } date && !_moved.Contains(date);

    /// <summary>What the ledger has beside what people and meters did; each is judged by a rule of its own.</summary>
    public static bool IsBeside(StoredEntry entry) => entry.Kind is "late-fee" or "waiver" or "compensation" or "debt-moved" or "debt-recovery" or "standing";

    /// <summary>All changes of the balance, in the order of the log: one for each record.</summary>
    public IReadOnlyList<(long Position, long AtMs, long Nano)> Changes() =>
        _changes ??= [.. Parts().GroupBy(c => c.Position).Select(g => (g.Key, g.First().AtMs, g.Sum(c => c.Nano)))];

    private IEnumerable<(long Position, long AtMs, long ArrivedMs, long Nano)> Parts() =>
        record.Person.Happenings.Select(h => (h.Position, h.AtMs, h.ArrivedMs, h.Nano))
            .Concat(record.Entries.Where(IsBeside).Select(e => (e.Position, e.AtMs, e.AtMs, e.Nano))).OrderBy(c => c.Position);

    /// <summary>The balance before a position, and since when it is below zero (by the reading's own time); null is not.</summary>
    public (long Nano, long? NegativeSinceMs) BalanceBefore(long position)
    {
        long balance = 0;
        long? since = null;
        foreach (var change in Changes().TakeWhile(c => c.Position < position))
        {
            balance += change.Nano;
            since = balance >= 0 ? null : since ?? change.AtMs;
        }

        return (balance, since);
    }

    /// <summary>What was owed when the account went to prepaid, with the fees of days that were over and were entered at the change itself.</summary>
    public long OwedAtSwitch()
    {
        var at = record.Person.SwitchPosition;
        return Math.Max(0, -BalanceBefore(at).Nano - record.Entries.Where(e => e.Position == at && e.Kind is "late-fee" or "standing").Sum(e => e.Nano));
    }

    /// <summary>Whether a balance was the account's at some moment of a span, by when each change came.</summary>
    public bool WasBalance(long nano, long fromMs, long untilMs)
    {
        long balance = 0;
        foreach (var change in Parts().TakeWhile(c => c.ArrivedMs <= untilMs))
        {
            if (change.ArrivedMs >= fromMs && balance == nano)
            {
                return true;
            }

            balance += change.Nano;
        }

        return balance == nano;
    }

    /// <summary>
    /// Positions at which a level by amount is crossed: each level armed when the balance stands at its re-arming amount, once per descent. The balance's end
    /// and emergency credit's are told at each descent below them: there a wait for a cut begins. (DOMAIN, low balance.)
    /// </summary>
    public HashSet<long> Crossings()
    {
        var crossings = new HashSet<long>();
        var levels = record.Pack.LowBalance.Amounts.Select(a => (Fire: Nano(a.Below), Rearm: Nano(a.Rearm))).Append((Fire: 0, Rearm: 0)).ToList();
        if (Nano(record.Pack.Prepaid.EmergencyCredit) is > 0 and var credit)
        {
            levels.Add((-credit, -credit));
        }

        // Levels begin with prepaid control: nobody was told of the balance's end yet, and of an amount only who stands above it can fall below it.
        var begins = record.Person.OpenedMode == PaymentMode.Prepaid ? -1 : record.Person.SwitchPosition;
        var armed = levels.Select(l => l.Fire <= 0).ToArray();
        long balance = 0;
        foreach (var change in Changes())
        {
            if (begins >= 0 && change.Position > begins)
            {
                // What rounding left out of bills can stand below zero at the change itself: the balance's end is told there.
                armed = [.. levels.Select(l => l.Fire <= 0 || balance > l.Fire)];
                Compare(begins);
                begins = -1;
            }

            balance += change.Nano;
            if (begins < 0)
            {
                Compare(change.Position);
            }
        }

        return crossings;

        void Compare(long position)
        {
            for (var i = 0; i < levels.Count; i++)
            {
                armed[i] |= balance >= levels[i].Rearm;
                if (armed[i] && balance < levels[i].Fire)
                {
                    armed[i] = false;
                    crossings.Add(position);
                }
            }
        }
    }

    /// <summary>
    /// Days of the arrears after the due day on which they reached the pack's minimum, by what was billed and credited before a position. (Pack:
    /// billing.arrearsMinimum; DOMAIN, overdue: arrears below the minimum have no consequences.)
    /// </summary>
    public int? OverdueDays(long position, int day)
    {
        return OldestDueDay(Follow(position, int.MinValue)) is { } due ? day - due : null;
    }

    /// <summary>Due day on which the arrears reached the pack's minimum.</summary>
    private int? OldestDueDay(Followed f)
    {
        var sum = 0L;
        foreach (var bill in f.Items.Where(b => b.DueDay != 0 && b.Open > 0).OrderBy(b => b.DueDay))
        {
            sum += bill.Open;
            if (sum >= Nano(record.Pack.Billing.ArrearsMinimum))
            {
                return bill.DueDay;
            }
        }

        return null;
    }

    /// <summary>Late fees of all days up to one, day by day and bill by bill; and what was wrong with the ends of plans.</summary>
    public (long Nano, IReadOnlyList<string> Wrong) LateFees(int throughDay) => Follow(long.MaxValue, throughDay) is var f ? (f.Fees, f.Wrong) : default;

    /// <summary>
    /// What a message may ask for at some moment of a span, smallest units rounded up. (DOMAIN, low balance: what it asks for is enough for what it promises.)
    /// </summary>
    public bool WasAsked(string kind, long nano, long fromMs, long untilMs)
    {
        if (record.Person.ModeAtMs(untilMs) == PaymentMode.Prepaid)
        {
            var balances = 0L;
            return Parts().TakeWhile(c => c.ArrivedMs <= untilMs).Select(c => (c.ArrivedMs, Nano: balances += c.Nano)).ToList() is var all
                && all.Where(c => c.ArrivedMs >= fromMs).Append(all.LastOrDefault(c => c.ArrivedMs < fromMs)).Any(c => Up(-c.Nano) == nano);
        }

        var day = record.Person.Calendar.DayOf(untilMs);
        var borders = record.Events.Where(e => e.AtMs >= fromMs && e.AtMs <= untilMs).Select(e => e.Position)
            .Concat(
                record.Person.Happenings.Where(h => h.ArrivedMs >= fromMs && h.ArrivedMs <= untilMs && h.Kind != HappeningKind.Reading)
                    .Select(h => h.Position));
        return borders.SelectMany(p => new[] { p, p + 1 }).Append(long.MaxValue)
            .Any(p => Is(Follow(p, int.MinValue, untilMs)) || Is(Follow(p, day - 1, untilMs)));

        // A letter may call due only what is; what ends a cut, and a bill, ask for all. (DOMAIN, low balance: a message is true when it leaves.)
        bool Is(Followed f)
        {
            var asked = kind is "bill" or "last-notice" or "supply-cut" ? f.Asked : f.DueBy(Math.Max(day, OldestDueDay(f) ?? day));
            return Up(asked + (kind == "bill" || (asked > 0 && record.Pack.Billing.Allocation == "fees-first") ? f.OpenFees : 0)) == nano;
        }
    }

    private long Up(long nano) => nano < record.Person.UnitNano ? 0 : (nano + record.Person.UnitNano - 1) / record.Person.UnitNano * record.Person.UnitNano;

    /// <summary>Whether something speaks against every stage, letter and cut at an instant: a kept plan, a promise, a dispute. (DOMAIN, overdue.)</summary>
    public bool IsSparedAt(long ms)
    {
        // What ends or begins in the very instant may have come before the message or behind it.
        var day = record.Person.Calendar.DayOf(ms);
        bool Spares(long untilMs) => Follow(long.MaxValue, int.MinValue, untilMs) is var f && (f.Promise >= day || f.Plan?.IsKept(day) == true);
        return (Spares(ms - 1) && Spares(ms)) || record.Person.Spans.Exists(s => s.Why == "dispute" && ms > s.FromMs && ms < s.UntilMs);
    }

    /// <summary>What a payment had paid of items when the account went to prepaid, nano.</summary>
    public long PaidAtSwitch(long payment) => Follow(record.Person.SwitchPosition + 1, int.MinValue).PaidBy(payment);

    /// <summary>
    /// Whether at a position a plan was kept or a promise open, by what was agreed and paid before it. (DOMAIN, overdue: then no stage is entered.)
    /// </summary>
    public bool IsSpared(long position, int day) => Follow(position, int.MinValue) is var f && (f.Promise >= day || f.Plan?.IsKept(day) == true);

    /// <summary>
    /// What happened to what is owed, in the order of the log; fees are counted for each day that is over before the next thing happens, on what was unpaid at
    /// its end.
    /// </summary>
    private Followed Follow(long beforePosition, int throughDay, long untilMs = long.MaxValue)
    {
        var state = new Followed(record);
        if (record.Person.OpenedMode == PaymentMode.Prepaid)
        {
            return state;
        }

        foreach (var (position, atMs, happened) in Owing().TakeWhile(h => h.Position < beforePosition && h.AtMs <= untilMs))
        {
            var day = record.Person.Calendar.DayOf(atMs);
            state.Pass(day - 1);
            state.Take(happened, position, day);
        }

        state.Pass(throughDay);
        return state;
    }

    /// <summary>What people did is from the people, what the grid decided from its events.</summary>
    private List<(long Position, long AtMs, AccountEvent Event)> Owing() => _owing ??=
    [
        .. record.Person.Happenings.Where(h => h.Kind != HappeningKind.Reading).Select(h => (h.Position, AtMs: h.ArrivedMs, Event: h.ToEvent()))
            .Concat(record.Events.Where(e => IsOwing(e.Event)).Select(e => (e.Position, e.AtMs, e.Event))).OrderBy(h => h.Position),
    ];

    private static bool IsOwing(AccountEvent happened) =>
        happened is BillClosed or PlanAgreed or PlanBroken or PlanFulfilled or PlanCancelled or PaymentPromised
        or DebtMoved or DebtRecovered or FeesWaived or CompensationGiven or ModeSwitched;

    public static long Nano(string amount) => (long)(decimal.Parse(amount, CultureInfo.InvariantCulture) * 1_000_000_000m);

    private static int Minute(string text) =>
        text == "24:00" ? 1_440 : (int)TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture).ToTimeSpan().TotalMinutes;
}
