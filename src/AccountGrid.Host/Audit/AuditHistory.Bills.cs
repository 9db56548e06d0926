using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>Charges on bills, what a bill asks for, and what a message asks for.</summary>
internal sealed partial class AuditHistory
{
    /// <summary>Most by which a standing charge of several days may differ from its days, nano: tax is rounded on the period's sum.</summary>
    private const long StandingTolerance = 1_000;

    private static readonly string[] Letters = ["payment-reminder", "payment-due", "courtesy-reminder", "plan-offer", "demand", "stop-notice"];

    private readonly List<(int Day, long Nano)> _unbilled = [];
    private int _standingDay;
    private long _carried;
    private long _credited;
    private int _billedDay;
    private int _billCount;
    private (long Position, long Nano) _atClosing;

    private void Charge(AuditRow row)
    {
        var parts = row.Kind == "standing" ? StandingDays(row) : [(row.Day, -row.Nano)];
        if (_isBilled)
        {
            _unbilled.AddRange(parts.Select(p => (Math.Max(p.Item1, _billedDay + 1), p.Item2)));
        }
    }

    /// <summary>An entry of standing charges is for all days since the last one; each is on its own day's bill.</summary>
    private List<(int, long)> StandingDays(AuditRow row)
    {
        var sign = row.Day >= _standingDay ? 1 : -1;
        var (first, last) = sign > 0 ? (_standingDay + 1, row.Day) : (row.Day + 1, _standingDay);
        _standingDay = row.Day;
        var days = Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(d => (Day: d, Nano: sign * StandingOf(d))).ToList();
        var rest = -row.Nano - days.Sum(d => d.Nano);
        if (Math.Abs(rest) > StandingTolerance)
        {
            Differences.Add(
                $"account {account}: standing charges of {Text(first)} to {Text(last)} must be {Text(days.Sum(d => d.Nano))} but are {Text(-row.Nano)}");
        }

        return [.. days, (row.Day, rest)];
    }

    private long StandingOf(int day)
    {
        var tariff = Tariffs.FindLast(t => t.From.DayNumber <= day).Tariff ?? Tariffs[0].Tariff;
        return (long)(tariff.StandingWithTaxes(DateOnly.FromDayNumber(day)) * Money.NanoPerUnit);
    }

    private void CloseBill(BillClosed e, AuditRow row, int today)
    {
        if (PackOf(today) is not { } pack || !tables.Bills.TryGetValue(e.Id, out var bill))
        {
            Differences.Add($"account {account}: bill {e.Id} was closed and is not among the bills");
            return;
        }

        var name = $"bill {e.Id}";
        var exact = _carried + _unbilled.Where(c => c.Day <= e.ToDay).Sum(c => c.Nano);
        _unbilled.RemoveAll(c => c.Day <= e.ToDay);
        var amount = pack.Nearest(exact);
        Same($"{name}: rounding carried to it", _carried, bill.CarriedNano);
        Same($"{name}: its charges", exact, bill.CarriedNano + (bill.Parts.Total + bill.Corrections).ToMoney().Nano);
        Same($"{name}: its amount", amount, e.AmountNano);
        Same($"{name}: its amount as it is shown", amount, bill.Amount.Nano);
        if (e.FromDay <= _billedDay || e.FromDay != AuditBills.PeriodOf(e.FromDay, _mode).First || e.ToDay != AuditBills.PeriodOf(e.FromDay, _mode).Last)
        {
            Differences.Add($"account {account}: {name} is for {Text(e.FromDay)} to {Text(e.ToDay)}, after one that ended on {Text(_billedDay)}");
        }

        (_carried, _billedDay) = (exact - amount, e.ToDay);
        MeetBillShare(name, pack, amount, row.Position);
        Ask(name, e, bill, pack, amount, today);
        Same($"{name}: number", ++_billCount, bill.Number);
    }

    /// <summary>On bills a debt's share is of each bill's amount.</summary>
    private void MeetBillShare(string name, AuditPack pack, long amount, long position)
    {
        var taken = _atClosing.Position == position ? _atClosing.Nano : 0;
        _atClosing = default;
        if (OwesByBill && (taken > 0 || (amount > 0 && _debtShare > 0 && _debt > 0)))
        {
            var left = _debt + taken;
            var share = Math.Min(AuditPack.Share(amount, _debtShare), left);
            Same($"{name}: its share of the debt", share == left ? share : pack.Down(share), taken);
        }
    }

    private void Ask(string name, BillClosed e, Domain.Partitions.BillFacts bill, AuditPack pack, long amount, int today)
    {
        Same($"{name}: arrears", _items.Asked, bill.Arrears.Nano);
        Same($"{name}: debits", _items.Unasked, bill.Debits.Nano);
        Same($"{name}: payments", _credited, bill.Payments.Nano);
        Same($"{name}: balance", _ledger, bill.Balance.Nano);
        Differences.AddRange(AuditBills.Compare(name, _items, bill).Select(d => $"account {account}: {d}"));
        var due = OwesByBill && (amount > 0 || _items.Unasked > 0) ? pack.DueDay(today) : 0;
        if (due != e.DueDay || due != bill.DueDay)
        {
            Differences.Add($"account {account}: {name} must be due on {Text(due)} but is on {Text(e.DueDay)}");
        }

        var open = 0L;
        if (OwesByBill && amount > 0)
        {
            _items.Owe("bill", amount, 0, due, pack.FeesFirst);
            open = _items.Items is [.., var own] ? own.Open : 0;
        }
        else
        {
            _items.CreditLoose(-amount, pack.FeesFirst);
        }

        if (due != 0)
        {
            _items.Ask(due);
        }

        _credited = 0;
        Same($"{name}: unpaid of its own amount", open, bill.Open.Nano);
        Same($"{name}: late fees", _items.Fees, bill.Fees.Nano);
        Same($"{name}: to pay", OwesByBill ? Whole(pack, _items.Asked + _items.Fees) : 0, bill.ToPay.Nano);
        Same($"{name}: unpaid", _items.Asked, e.UnpaidNano);
    }

    /// <summary>A message says what is so at the moment at which it was decided, or was last compared.</summary>
    private void Word(string id, string kind, long atMs, int today)
    {
        if (PackOf(today) is not { } pack || !tables.Messages.TryGetValue(id, out var message) || message.Kind != kind || message.Body.AtMs != atMs)
        {
            return;
        }

        var arrears = _items.Asked < pack.Unit ? 0 : pack.Up(_items.Asked + (pack.FeesFirst ? _items.Fees : 0));
        var body = message.Body;
        switch (kind)
        {
            case "bill":
                Says(id, "asks for", Whole(pack, _items.Asked + _items.Fees), body.Amount);
                break;
            case "last-notice" or "supply-cut":
                var missing = pack.Up(Math.Max(0, -Nano(body.Balance)));
                Says(id, "asks for", _mode == PaymentMode.Prepaid && Nano(body.Amount) != arrears ? missing : arrears, body.Amount);
                break;
            case var letter when Letters.Contains(letter):
                var due = DueBy(Math.Max(today, today - (OverdueDays(pack, today) ?? 0)));
                Says(id, "asks for", due < pack.Unit ? 0 : pack.Up(due + (pack.FeesFirst ? _items.Fees : 0)), body.Amount);
                Says(id, "names late fees of", pack.Up(_items.Fees), body.LateFees);
                break;
        }
    }

    /// <summary>
    /// Unpaid of what was asked for and is due by a day: what a letter may call due. (DOMAIN, low balance: a message is true when it leaves.)
    /// </summary>
    private long DueBy(int day) => _items.Items.Where(i => i.IsAsked && i.DueDay <= day).Sum(i => i.Open);

    private void Says(string id, string what, long expected, string? found)
    {
        if (Nano(found) != expected)
        {
            Differences.Add($"account {account}: message {id} {what} {Text(Nano(found))} where {Text(expected)} is so");
        }
    }

    private static long Nano(string? text) =>
        text is null ? 0 : (long)(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture) * Money.NanoPerUnit);

    private static long Whole(AuditPack pack, long nano) => nano < pack.Unit ? 0 : pack.Up(nano);
}
