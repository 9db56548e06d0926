using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>
/// An account's billing periods, gone through day by day from what its events say. What no bill was written for, because nothing was charged, leaves no event:
/// a bill can begin with any period behind the one before.
/// </summary>
internal sealed class AuditPeriods(AuditTables tables)
{
    private readonly List<(int From, int Day, int Months, int Family)> _cycles = [];

    private bool _hasFinal;

    /// <summary>Last local day of the last bill; before the first, the day before billing began.</summary>
    public int BilledDay { get; private set; }

    /// <summary>Billing begins with the running month, by instalments with the running one, and not before the account.</summary>
    public void Begin(int today, int openedDay, PaymentMode mode, int family)
    {
        var days = mode == PaymentMode.Instalments ? DaysOf(family, today) : [31];
        var first = today;
        while (!IsEnd(first - 1, days))
        {
            first--;
        }

        first = Math.Max(first, openedDay);
        while (mode == PaymentMode.Instalments && first < today && tables.Packs(family, first) is null)
        {
            first++;
        }

        BilledDay = first - 1;
    }

    /// <summary>Takes a change.</summary>
    /// <param name="family">Number of the account's pack.</param>
    /// <returns>
    /// What is wrong with it: it holds from the first day after the running period, or after the next day of instalments, so that no charged day changes its
    /// bill.
    /// </returns>
    public IEnumerable<string> Change(BillingCycleSet e, int today, int family)
    {
        var running = Math.Max(today, BilledDay + 1);
        var expected = Starts(int.MaxValue).First(s => s > running);
        if (e.Family != 0)
        {
            var days = DaysOf(e.Family, today);
            var next = Enumerable.Range(running, 62).First(day => IsEnd(day, days)) + 1;
            expected = _cycles.Count == 0 && e.FromDay == BilledDay + 1 ? e.FromDay : next;
        }

        _cycles.RemoveAll(c => c.From >= e.FromDay);
        _cycles.Add((e.FromDay, e.Day, e.Months, e.Family));
        return e.FromDay == expected && (e.Family == 0 || e.Family == family)
            ? []
            : [$"its billing changes on {Instants.DayToText(e.FromDay)} and must do so on {Instants.DayToText(expected)}"];
    }

    /// <summary>Takes a bill.</summary>
    /// <param name="lastDay">Last local day of a closed account.</param>
    /// <param name="shown">Whether it is shown as a final one.</param>
    /// <returns>What is wrong with its days.</returns>
    public IEnumerable<string> Close(BillClosed e, bool shown, int lastDay, int today)
    {
        var (before, isBehind, isFinal) = (BilledDay, e.FromDay > lastDay, e.ToDay >= lastDay);
        var begins = e.FromDay == before + 1 || (isBehind && e.FromDay == lastDay + 1) || Starts(e.FromDay).Contains(e.FromDay);
        var end = isBehind ? today - 1 : Math.Min(EndOf(e.FromDay), lastDay);
        BilledDay = e.ToDay;
        _hasFinal |= isFinal;
        return e.FromDay > before && begins && e.ToDay == end && e.IsFinal == isFinal && shown == isFinal
            ? []
            : [$"is for {Instants.DayToText(e.FromDay)} to {Instants.DayToText(e.ToDay)}{(e.IsFinal ? ", the last" : "")}, after one that ended on "
                + $"{Instants.DayToText(before)}"];
    }

    /// <summary>
    /// What is wrong at the end: a closed account has its final bill when the pack's days are over, and credit that it leaves is to be paid out.
    /// </summary>
    /// <param name="isDue">The account's check is on its way.</param>
    public IEnumerable<string> End(AccountState state, OverdueState overdue, int lastDay, int today, AuditPack? pack, bool isDue)
    {
        if (pack is null || lastDay == int.MaxValue || isDue)
        {
            yield break;
        }

        if (!_hasFinal && today > Math.Max(lastDay, Math.Max(BilledDay, overdue.BilledThroughDay)) + pack.CloseAfterDays + 3)
        {
            yield return $"its last day was {Instants.DayToText(lastDay)}, and no final bill was closed";
        }

        var credit = Math.Max(0, pack.Down(state.Balance.Nano + Math.Max(0, overdue.Carried.Nano)));
        var isAtRest = state.Meters.TrueForAll(m => m.FirstPosition == 0) && overdue.Unbilled.Count == 0 && overdue.Book.Unasked == Money.Zero;
        if (_hasFinal && isAtRest && credit != overdue.PayOut.Nano)
        {
            yield return $"credit of {new Money(credit)} is to be paid out, and a person was asked for {overdue.PayOut}";
        }
    }

    private IReadOnlyList<int> DaysOf(int family, int day) => tables.Packs(family, day)?.InstalmentDays ?? [31];

    /// <summary>First days of periods up to a day, rising.</summary>
    private IEnumerable<int> Starts(int through)
    {
        for (var start = BilledDay + 1; start <= through; start = EndOf(start) + 1)
        {
            yield return start;
        }
    }

    private int EndOf(int from)
    {
        var (_, day, months, family) = _cycles.Exists(c => c.From <= from) ? _cycles.FindLast(c => c.From <= from) : (0, 31, 1, 0);
        var days = family == 0 ? [day] : DaysOf(family, from);
        var left = family == 0 && IsEnd(from - 1, days) ? months : 1;
        for (var last = from; ; last++)
        {
            left -= IsEnd(last, days) ? 1 : 0;
            if (left == 0 || _cycles.Exists(c => c.From == last + 1))
            {
                return last;
            }
        }
    }

    /// <summary>Whether a local day has one of some numbers in its month, or is the last of a month that has fewer days.</summary>
    private static bool IsEnd(int day, IReadOnlyList<int> numbers)
    {
        var date = DateOnly.FromDayNumber(day);
        return numbers.Contains(date.Day) || (date.AddDays(1).Day == 1 && numbers.Any(n => n > date.Day));
    }
}
