using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Grades;

/// <summary>
/// A customer's history of payments from what its accounts' logs wrote. A pure function of rows: the same rows give the same history whenever it is asked for.
/// </summary>
public static class PaymentHistories
{
    /// <summary>Whole months that a trend of use compares, and the same of a year before.</summary>
    public const int TrendMonths = 3;

    private const int YearMonths = 12;

    /// <summary>Types of events that are looked at, as they are stored. The schema has an index of exactly these.</summary>
    public static IReadOnlyList<string> EventTypes { get; } =
    [
        "account-opened", "account-closed", "mode-switched", "hold-placed", "hold-lifted", "complaint-filed", "complaint-resolved", "plan-agreed",
        "plan-broken", "plan-fulfilled", "plan-cancelled", "payment-promised", "debit-collected", "debit-returned", "relay-changed",
    ];

    /// <summary>The history by the begin of a day.</summary>
    /// <param name="today">What happened on this day or later does not count.</param>
    /// <param name="vacant">Periods in which premises were vacant, first and last day.</param>
    /// <param name="dayOf">The local day of an instant, UTC ms.</param>
    public static PaymentHistory Of(
        int today, IReadOnlyList<AccountPayments> accounts, IReadOnlyList<RecordedBreach> breaches, IReadOnlyList<(int From, int Until)> vacant,
        Func<long, int> dayOf)
    {
        var bills = new List<(string Currency, OwedAmount Bill)>();
        var (promises, instalments, returns) = (new List<OwedAmount>(), new List<OwedAmount>(), new List<int>());
        var (prepaid, use, since) = (new List<PrepaidMonth>(), new List<MonthUse>(), new List<int>());
        foreach (var account in accounts)
        {
            var excused = new ExcusedDays(account.Events, today, dayOf);
            bills.AddRange(AccountBills.Of(account.Moves, today, excused, AgreedPayments.PlanOn(account, today))
                .Where(b => b.DueDay >= account.FromDay).Select(b => (account.Currency, b)));
            promises.AddRange(Excuse(AgreedPayments.Promises(account, today), account.FromDay, excused, today));
            instalments.AddRange(Excuse(AgreedPayments.Instalments(account, today), account.FromDay, excused, today));
            returns.AddRange(ReturnsOf(account, today));
            prepaid.AddRange(PrepaidOf(account, today));
            use.AddRange(UseOf(account, today, vacant));
            since.AddRange(SinceOf(account, today));
        }

        return new(
            today, since.Count > 0 ? since.Min() : today, OfOneCurrency(bills), promises, instalments, returns, prepaid, use,
            [.. breaches.Where(b => b.Day < today)]);
    }

    /// <summary>
    /// Use of an account in the months that a trend compares; nothing where one is not known: an account without them has no trend. A month with a day on
    /// which the supply was cut counts as one in which the premises were vacant: the cut is not a second reason to trust a customer less.
    /// </summary>
    /// <param name="today">The running month is that of this day.</param>
    public static IEnumerable<MonthUse> UseOf(AccountPayments account, int today, IReadOnlyList<(int From, int Until)> vacant)
    {
        var running = MonthNumber.Of(today);
        var months = Enumerable.Range(1, TrendMonths).SelectMany(i => new[] { running.Plus(-i), running.Plus(-i - YearMonths) }).ToHashSet();
        var found = account.Use.Where(u => months.Contains(u.Month)).ToList();
        if (found.Select(u => u.Month).Distinct().Count() < months.Count)
        {
            return [];
        }

        List<(int From, int Until)> without = [.. vacant, .. WithoutSupply(account, today)];
        return found.Select(u => u with
        {
            IsVacant = without.Exists(v => MonthNumber.Of(v.From).CompareTo(u.Month) <= 0 && MonthNumber.Of(v.Until).CompareTo(u.Month) >= 0),
        });
    }

    /// <summary>Periods in which the supply was cut, first and last day: from the relay's confirmation to that of the restore.</summary>
    private static IEnumerable<(int From, int Until)> WithoutSupply(AccountPayments account, int today)
    {
        int? since = null;
        foreach (var (_, day, happened) in account.Events.Where(e => e.Day < today && e.Event is RelayChanged))
        {
            var to = ((RelayChanged)happened).To;
            if (to == Relay.Cut)
            {
                since ??= day;
            }
            else if (to == Relay.On && since is { } from)
            {
                yield return (from, day);
                since = null;
            }
        }

        if (since is { } open)
        {
            yield return (open, today);
        }
    }

    /// <summary>An agreed payment whose claim is not certain is left out, and days excused move its day.</summary>
    private static IEnumerable<OwedAmount> Excuse(IEnumerable<OwedAmount> agreed, int fromDay, ExcusedDays excused, int today) =>
        from owed in agreed
        where owed.DueDay >= fromDay
        let paid = owed.PaidDay(today)
        where paid is not null || !excused.IsDisputed(today - 1)
        select owed with { DueDay = owed.DueDay + excused.Between(owed.DueDay, paid ?? (today - 1)) };

    /// <summary>
    /// Amounts as they are where all are of one currency. Else each as a share of its currency's mean bill: what counts of an amount is how many bills it is.
    /// </summary>
    private static IReadOnlyList<OwedAmount> OfOneCurrency(List<(string Currency, OwedAmount Bill)> bills)
    {
        var groups = bills.GroupBy(b => b.Currency, b => b.Bill, StringComparer.Ordinal).ToList();
        return groups.Count < 2 ? [.. bills.Select(b => b.Bill)] : [.. groups.SelectMany(g => Scale([.. g]))];
    }

    private static IEnumerable<OwedAmount> Scale(IReadOnlyList<OwedAmount> bills)
    {
        var mean = bills.Average(b => (decimal)b.Amount.Nano);
        decimal Share(Money amount) => mean <= 0 ? 0m : amount.Nano * (Money.NanoPerUnit / mean);

        // Down for what is owed and up for what is paid: what was paid whole is whole.
        return bills.Select(b => b with
        {
            Amount = new((long)decimal.Floor(Share(b.Amount))),
            Paid = [.. b.Paid.Select(p => p with { Amount = new((long)decimal.Ceiling(Share(p.Amount))) })],
        });
    }

    /// <summary>Funds were missing, or the customer had its bank take the money back.</summary>
    private static IEnumerable<int> ReturnsOf(AccountPayments account, int today) => account.Events
        .Where(e => e.Event is DebitReturned { Code: "AM04" or "MD06" } && e.Day < today && e.Day >= account.FromDay).Select(e => e.Day);

    private static IEnumerable<int> SinceOf(AccountPayments account, int today)
    {
        var known = account.Events.Where(e => e.Day < today).Select(e => e.Event).ToList();
        return known.Exists(e => e is AccountClosed) ? []
            : known.OfType<AccountOpened>().Where(o => o.OpenedDay < today).Select(o => Math.Max(o.OpenedDay, account.FromDay));
    }

    private static IEnumerable<PrepaidMonth> PrepaidOf(AccountPayments account, int today)
    {
        var months = new SortedSet<int>();
        var (mode, since) = (default(PaymentMode?), 0);
        void Until(int day)
        {
            if (mode == PaymentMode.Prepaid && day > since)
            {
                months.UnionWith(Enumerable.Range(
                    MonthNumber.Of(since).Value, MonthNumber.Of(day - 1).Value - MonthNumber.Of(since).Value + 1));
            }
        }

        foreach (var (_, day, happened) in account.Events.Where(e => e.Day < today))
        {
            var next = happened switch { AccountOpened o => o.Mode, ModeSwitched s => s.To, AccountClosed => default(PaymentMode?), _ => mode };
            if (next != mode)
            {
                Until(day);
                (mode, since) = (next, Math.Max(day, account.FromDay));
            }
        }

        Until(today);
        var negative = account.Negative.ToDictionary(n => MonthNumber.Of(n.FirstDay).Value, n => n.Days);
        return months.Select(m => new PrepaidMonth(new(m), negative.GetValueOrDefault(m)));
    }
}
