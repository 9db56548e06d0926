using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>Charges, the bills that they come on, and what each bill asks for.</summary>
internal sealed class AuditBilling(AuditedAccount account, AuditDebt debt)
{
    /// <summary>Most by which a standing charge of several days may differ from its days, nano: tax is rounded on the period's sum.</summary>
    private const long StandingTolerance = 1_000;

    private readonly AuditPeriods _periods = new(account.Tables);
    private readonly List<(int Day, long Nano)> _unbilled = [];
    private int _standingDay;
    private long _carried;
    private long _credited;
    private int _billCount;

    /// <summary>The account was opened: its first standing charge is its first day's.</summary>
    public void Open(int firstDay) => _standingDay = firstDay - 1;

    /// <summary>Billing begins.</summary>
    /// <param name="carried">What is left over by rounding the balance so far, nano.</param>
    public void Begin(int today, long carried)
    {
        _carried = carried;
        _periods.Begin(today, account.OpenedDay, account.Mode, account.Family);
    }

    public void Change(BillingCycleSet e, int today) => account.Differ(_periods.Change(e, today, account.Family));

    /// <summary>A bill names what was credited since the one before it.</summary>
    public void Credit(long nano) => _credited += nano;

    public void Charge(AuditRow row)
    {
        var parts = row.Kind == "standing" ? StandingDays(row) : [(row.Day, -row.Nano)];
        if (account.IsBilled)
        {
            _unbilled.AddRange(parts.Select(p => (Math.Max(p.Item1, _periods.BilledDay + 1), p.Item2)));
        }
    }

    public void Close(BillClosed e, AuditRow row, int today)
    {
        if (account.PackOf(today) is not { } pack || !account.Tables.Bills.TryGetValue(e.Id, out var bill))
        {
            account.Differ($"bill {e.Id} was closed and is not among the bills");
            return;
        }

        var name = $"bill {e.Id}";
        var through = e.ToDay >= account.LastDay ? int.MaxValue : e.ToDay;
        var exact = _carried + _unbilled.Where(c => c.Day <= through).Sum(c => c.Nano);
        _unbilled.RemoveAll(c => c.Day <= through);
        var amount = pack.Nearest(exact);
        account.Same($"{name}: rounding carried to it", _carried, bill.Carried.Nano);
        account.Same($"{name}: its charges", exact, bill.Carried.Nano + (bill.Parts.Total + bill.Corrections).ToMoney().Nano);
        account.Same($"{name}: its amount", amount, e.Amount.Nano);
        account.Same($"{name}: its amount as it is shown", amount, bill.Amount.Nano);
        account.Differ(_periods.Close(e, bill.IsFinal, account.LastDay, today).Select(d => $"{name} {d}"));
        _carried = exact - amount;
        debt.MeetBill(name, pack, amount, row.Position);
        Ask(name, e, bill, pack, amount, today);
        account.Same($"{name}: number", ++_billCount, bill.Number);
    }

    /// <summary>
    /// Each local day of the account through yesterday has its standing charge, a closed one's through its last day. An account whose check is due already has
    /// it on its way.
    /// </summary>
    public void EndStanding(AccountState state, long nowMs)
    {
        var last = account.IsClosed ? account.LastDay : state.DueAtMs <= nowMs ? state.StandingThroughDay : account.DayOf(nowMs) - 1;
        var missing = Enumerable.Range(Math.Max(account.OpenedDay, state.StandingThroughDay + 1),
            Math.Max(0, last - Math.Max(account.OpenedDay - 1, state.StandingThroughDay))).Where(d => StandingOf(d) != 0 || HasCapacity(d)).ToList();
        if (missing.Count > 0)
        {
            account.Differ(
                $"standing charges of {missing.Count} days from {AuditedAccount.Text(missing[0])} on, "
                    + $"{AuditedAccount.Text(missing.Sum(StandingOf))} in all, were never taken");
        }

        if (account.IsClosed && state.StandingThroughDay > account.LastDay
            && Enumerable.Range(account.LastDay + 1, state.StandingThroughDay - account.LastDay).Any(d => StandingOf(d) != 0))
        {
            account.Differ(
                $"standing charges were taken through {AuditedAccount.Text(state.StandingThroughDay)}, its last day is {AuditedAccount.Text(account.LastDay)}");
        }
    }

    /// <summary>What is charged and on no bill yet, and what is left over by rounding bills.</summary>
    public void EndUnbilled(OverdueState overdue)
    {
        account.Same("charged and not billed", _unbilled.Sum(c => c.Nano), (long)overdue.Unbilled.Aggregate(Int128.Zero, (sum, m) => sum + m.Total.Nano));
        account.Same("left over by rounding bills", _carried, overdue.Carried.Nano);
    }

    public void EndPeriods(AccountState state, OverdueState overdue, int today, bool isDue) =>
        account.Differ(_periods.End(state, overdue, account.LastDay, today, account.PackOf(today), isDue));

    /// <summary>An entry of standing charges is for all days since the last one; each is on its own day's bill.</summary>
    private List<(int, long)> StandingDays(AuditRow row)
    {
        var sign = row.Day >= _standingDay ? 1 : -1;
        var (first, last) = sign > 0 ? (_standingDay + 1, row.Day) : (row.Day + 1, _standingDay);
        _standingDay = row.Day;
        var days = Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(d => (Day: d, Nano: sign * StandingOf(d))).ToList();
        var rest = -row.Nano - days.Sum(d => d.Nano);
        if (Math.Abs(rest) > StandingTolerance && !HasCapacity(row.Day))
        {
            account.Differ(
                $"standing charges of {AuditedAccount.Text(first)} to {AuditedAccount.Text(last)} must be {AuditedAccount.Text(days.Sum(d => d.Nano))} but are "
                    + AuditedAccount.Text(-row.Nano));
        }

        return [.. days, (row.Day, rest)];
    }

    private bool HasCapacity(int day) => TariffOf(day).Definition is { Capacity: not null } or { Demand: not null };

    private long StandingOf(int day) => (long)(TariffOf(day).StandingWithTaxes(DateOnly.FromDayNumber(day)) * Money.NanoPerUnit);

    private AuditTariff TariffOf(int day) => account.Tariffs.FindLast(t => t.From.DayNumber <= day).Tariff ?? account.Tariffs[0].Tariff;

    private void Ask(string name, BillClosed e, BillFacts bill, AuditPack pack, long amount, int today)
    {
        var items = account.Items;
        account.Same($"{name}: arrears", items.Asked, bill.Arrears.Nano);
        account.Same($"{name}: debits", items.Unasked, bill.Debits.Nano);
        account.Same($"{name}: payments", _credited, bill.Payments.Nano);
        account.Same($"{name}: balance", account.Ledger, bill.Balance.Nano);
        account.Differ(AuditBills.Compare(name, items, bill));
        var due = account.OwesByBill && (amount > 0 || items.Unasked > 0 || (e.IsFinal && items.Fees >= pack.Unit)) ? pack.DueDay(today) : 0;
        if (due != e.DueDay || due != bill.DueDay)
        {
            account.Differ($"{name} must be due on {AuditedAccount.Text(due)} but is on {AuditedAccount.Text(e.DueDay)}");
        }

        var open = 0L;
        if (account.OwesByBill && amount > 0)
        {
            items.Owe("bill", amount, 0, due, pack.FeesFirst);
            open = items.Items is [.., var own] ? own.Open : 0;
        }
        else
        {
            items.CreditLoose(-amount, pack.FeesFirst);
        }

        if (due != 0)
        {
            items.Ask(due);
        }

        _credited = 0;
        account.Same($"{name}: unpaid of its own amount", open, bill.Open.Nano);
        account.Same($"{name}: late fees", items.Fees, bill.Fees.Nano);
        account.Same($"{name}: to pay", account.OwesByBill ? pack.Asked(items.Asked + items.Fees) : 0, bill.ToPay.Nano);
        account.Same($"{name}: unpaid", items.Asked, e.Unpaid.Nano);
    }
}
