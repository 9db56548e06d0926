using AccountGrid.Domain.Events;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Closes billing periods and writes bills.</summary>
internal static class Bills
{
    internal static void Close(FoldContext context, in Moment at)
    {
        var overdue = at.Customer.Overdue;
        while (DueFrom(context, at) is { } due && at.Today >= due)
        {
            var from = overdue.BilledThroughDay + 1;
            var isAfter = from > at.Account.LastDay;
            var to = isAfter ? at.Today - 1 : Math.Min(BillPeriods.EndOf(context, at.Account, from), at.Account.LastDay);
            CloseOne(context, at, from, to);
            overdue.ForgetCycles();
            if (isAfter)
            {
                return;
            }
        }
    }

    /// <summary>
    /// First local day on which the next bill can be closed; null where nothing is to be billed any more. A period waits the pack's days for late readings. A
    /// closed account's does not where its last registers are known and its days are closed; what comes after its final bill is billed the pack's days after
    /// that one at the earliest, and late fees that the last payment of arrears leaves with it.
    /// </summary>
    internal static int? DueFrom(FoldContext context, in Moment at)
    {
        var (account, overdue, wait) = (at.Account, at.Customer.Overdue, at.Policy.Definition.Billing.CloseAfterDays);
        var from = overdue.BilledThroughDay + 1;
        if (overdue.BilledThroughDay == 0)
        {
            return null;
        }

        wait = IsRead(account) && !overdue.IsFinalBilled ? 0 : wait;
        if (from <= account.LastDay)
        {
            return Math.Min(BillPeriods.EndOf(context, account, from), account.LastDay) + 1 + wait;
        }

        // The days after the last one end where the bill is closed: at least one must be over. What late readings change of several days is on one bill.
        return LeavesFees(at) ? from + 1
            : !overdue.IsFinalBilled
                || (account.Meters.TrueForAll(m => m.FirstPosition == 0) && (overdue.Unbilled.Count > 0 || overdue.Book.Unasked > Money.Zero))
            ? from + Math.Max(1, wait)
            : null;
    }

    /// <summary>A closed account's arrears are paid, and late fees are left: no later bill would ask for them.</summary>
    private static bool LeavesFees(in Moment at) => at.Account.Status == AccountStatus.Closed
        && at.Customer.Overdue is { IsFinalBilled: true, ProofDueDay: not 0 } o && o.OldestDueDay(at.Policy) is null
        && o.Fees >= Money.SmallestUnit(at.Policy.Digits);

    /// <summary>Whether nothing is expected any more: each meter has left with a register that was read, and all its days are closed.</summary>
    private static bool IsRead(AccountState account) => account.Status == AccountStatus.Closed && account.Meters.TrueForAll(m =>
        m is { FirstPosition: 0, Held.Wh: 0 } && (m.Last.Quality & ReadingQuality.Estimated) == 0);

    private static void CloseOne(FoldContext context, in Moment at, int from, int to)
    {
        var (account, overdue, isFinal) = (at.Account, at.Customer.Overdue, to >= at.Account.LastDay);
        var sum = new MonthSum(from, 0, default, default);
        while (overdue.Unbilled.Count > 0 && (isFinal || overdue.Unbilled[0].StartDay <= to))
        {
            var period = overdue.Unbilled[0];
            sum = sum with { EnergyWh = sum.EnergyWh + period.EnergyWh, Parts = sum.Parts + period.Parts, Corrections = sum.Corrections + period.Corrections };
            overdue.Unbilled.RemoveAt(0);
        }

        var isEmpty = sum == new MonthSum(from, 0, default, default) && overdue.Book.Unasked == Money.Zero;
        if (isEmpty && overdue.IsFinalBilled && !LeavesFees(at))
        {
            return;
        }

        overdue.BilledThroughDay = to;
        if (isEmpty && !isFinal)
        {
            // Without a bill nothing is rounded: what is carried, half a smallest unit at most, is no amount of its own.
            return;
        }

        var carried = overdue.Carried;
        var exact = carried + sum.Total.ToMoney();
        var amount = exact.RoundedTo(at.Policy.Digits);
        overdue.Carried = exact - amount;
        if (account.OwesByBill && amount > Money.Zero)
        {
            // The agreed share is of each bill here: a payment of what a bill asks then pays the bill.
            var share = Money.Min(amount.Percentage(at.Customer.Debt.ShareBasisPoints), at.Customer.Debt.Left);
            Debts.FallDue(context, at, share == at.Customer.Debt.Left ? share : share.RoundedDownTo(at.Policy.Digits), to);
        }

        Write(context, at, from, to, sum, carried, amount);
    }

    /// <summary>Writes a bill: its charges become an item, and it asks for every debit that no bill has asked for yet.</summary>
    private static void Write(FoldContext context, in Moment at, int from, int to, MonthSum sum, Money carried, Money amount)
    {
        var (account, overdue, book) = (at.Account, at.Customer.Overdue, at.Customer.Overdue.Book);
        var (arrears, debits) = (book.Unpaid, book.Unasked);
        var items = book.Items.Where(i => i.Kind != ItemKind.Fee && i.Open > Money.Zero).OrderBy(i => i.DueDay).ThenBy(i => i.Number)
            .Select(i => new BillItem(i.Kind, i.DueDay, i.Open, i.Position, i.Reference)).ToList();
        var number = overdue.BillCount + 1;
        var isFinal = to >= account.LastDay;
        var asksFees = isFinal && overdue.Fees >= Money.SmallestUnit(at.Policy.Digits);
        var due = account.OwesByBill && (amount > Money.Zero || debits > Money.Zero || asksFees) ? DueDayFrom(at) : 0;
        var own = 0;
        if (!account.OwesByBill || amount <= Money.Zero)
        {
            // A statement takes its charges from the prepaid balance; a bill that is a credit pays what is open.
            book.Credit(-amount, at.Policy.Allocation);
        }
        else
        {
            book.Charge(ItemKind.Bill, amount, due, at.Policy.Allocation, reference: number);
            own = book.LastNumber;
        }

        if (due != 0)
        {
            book.Ask(due);
        }

        var id = BillingPeriods.NameOf(account.Number, from, to, overdue.CycleOn(from).Family != 0);
        var toPay = account.OwesByBill ? Asking.Bill(book, at.Policy.Digits) : Money.Zero;
        context.Effects.Bills.Add(new BillEffect(id, account.Number, context.Position, context.NowMs, new BillFacts(
            number, from, to, due, account.CurrentTariff.Definition.Currency, sum.EnergyWh, sum.Parts, sum.Corrections, carried, amount, debits,
            overdue.Credited, arrears, book.Fees,
            account.LedgerBalance, toPay, at.Policy.Stamp, items, book.Items.Find(i => own != 0 && i.Number == own).Open, isFinal,
            TwoPartFacts.Between(account, from, to))));
        context.Emit(at, new BillClosed(id, from, to, due, amount, book.Unpaid, at.Policy.Stamp, debits, isFinal));
        if (due != 0 && toPay > Money.Zero)
        {
            NoticeWriter.Give(context, at, NoticeKind.Bill,
                NoticeWriter.FactsOf(context, at) with { Amount = toPay.ToString(), DueDay = Instants.DayToText(due) });
        }
        else if (isFinal && BillNotices.IsSettled(at))
        {
            NoticeWriter.Give(context, at, NoticeKind.FinalBill, BillNotices.FinalFactsOf(context, at));
        }
    }

    internal static int DueDayFrom(in Moment at) => at.Policy.DueDayFrom(at.Today);
}
