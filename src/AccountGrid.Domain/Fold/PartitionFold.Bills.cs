using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>What a customer is billed: months' sums, bills, late fees.</summary>
public sealed partial class PartitionFold
{
    /// <summary>Books what a day was charged for its month's bill; what comes for a day that is billed goes to the first month that is not.</summary>
    private static void AddToBill(AccountState account, int day, Energy energy, ChargeParts parts, bool isCorrection)
    {
        if (account.Customer?.Overdue is not { } overdue || (parts == default && energy == Energy.Zero))
        {
            return;
        }

        var month = BillStart(Math.Max(day, overdue.BilledThroughDay + 1), account.Mode);
        var index = overdue.Unbilled.FindIndex(m => m.StartDay >= month);
        if (index < 0 || overdue.Unbilled[index].StartDay != month)
        {
            index = index < 0 ? overdue.Unbilled.Count : index;
            overdue.Unbilled.Insert(index, new MonthSum(month, 0, default, default));
        }

        var sum = overdue.Unbilled[index];
        overdue.Unbilled[index] = isCorrection || day <= overdue.BilledThroughDay
            ? sum with { EnergyWh = sum.EnergyWh + energy.Wh, Corrections = sum.Corrections + parts.Total }
            : sum with { EnergyWh = sum.EnergyWh + energy.Wh, Parts = sum.Parts + parts };
    }

    /// <summary>First day of the bill that a day is on: the month's, or for instalments within the month (分次划拨, three are usual) the 1st, 11th or 21st.</summary>
    private static int BillStart(int day, PaymentMode mode)
    {
        var inMonth = DateOnly.FromDayNumber(day).Day;
        return day - inMonth + (mode == PaymentMode.Instalments ? Math.Min(20, (inMonth - 1) / 10 * 10) : 0) + 1;
    }

    private static int BillEnd(int day, PaymentMode mode)
    {
        var start = BillStart(day, mode);
        var date = DateOnly.FromDayNumber(start);
        return mode == PaymentMode.Instalments && date.Day < 21 ? start + 9 : start - date.Day + DateTime.DaysInMonth(date.Year, date.Month);
    }

    private void CloseBills(in Moment at)
    {
        var overdue = at.Customer.Overdue;
        while (overdue.BilledThroughDay != 0)
        {
            var from = overdue.BilledThroughDay + 1;
            var to = BillEnd(from, at.Account.Mode);
            if (at.Today < to + 1 + at.Policy.Definition.Billing.CloseAfterDays)
            {
                return;
            }

            CloseBill(at, from, to);
        }
    }

    private void CloseBill(in Moment at, int from, int to)
    {
        var (account, overdue) = (at.Account, at.Customer.Overdue);
        var sum = new MonthSum(from, 0, default, default);
        while (overdue.Unbilled.Count > 0 && overdue.Unbilled[0].StartDay <= to)
        {
            var month = overdue.Unbilled[0];
            sum = sum with { EnergyWh = sum.EnergyWh + month.EnergyWh, Parts = sum.Parts + month.Parts, Corrections = sum.Corrections + month.Corrections };
            overdue.Unbilled.RemoveAt(0);
        }

        overdue.BilledThroughDay = to;
        if (sum == new MonthSum(from, 0, default, default) && overdue.Book.UnaskedNano == 0)
        {
            // Without a bill nothing is rounded: what is carried, half a smallest unit at most, is no amount of its own.
            return;
        }

        var carried = overdue.CarriedNano;
        var exact = checked(carried + sum.Total.ToMoney().Nano);
        var amount = new Money(exact).RoundedTo(at.Policy.Digits);
        overdue.CarriedNano = exact - amount.Nano;
        if (account.OwesByBill && amount > Money.Zero)
        {
            // The agreed share is of each bill here: a payment of what a bill asks then pays the bill.
            var share = Math.Min(amount.Percentage(at.Customer.Debt.ShareBasisPoints).Nano, at.Customer.Debt.Left.Nano);
            FallDue(at, share == at.Customer.Debt.Left.Nano ? share : new Money(share).RoundedDownTo(at.Policy.Digits).Nano, to);
        }

        Bill(at, from, to, sum, carried, amount);
    }

    /// <summary>Writes a bill: its charges become an item, and it asks for every debit that no bill has asked for yet.</summary>
    private void Bill(in Moment at, int from, int to, MonthSum sum, long carriedNano, Money amount)
    {
        var (account, overdue, book) = (at.Account, at.Customer.Overdue, at.Customer.Overdue.Book);
        var arrears = new Money(book.AskedNano);
        var debits = new Money(book.UnaskedNano);
        overdue.BillCount++;
        var due = account.OwesByBill && (amount > Money.Zero || debits > Money.Zero) ? DueDayFrom(at) : 0;
        if (!account.OwesByBill || amount <= Money.Zero)
        {
            // A statement takes its charges from the prepaid balance; a bill that is a credit pays what is open.
            book.Credit(-amount.Nano, at.Policy.Allocation);
        }
        else
        {
            book.Charge(ItemKind.Bill, amount.Nano, due, at.Policy.Allocation, reference: overdue.BillCount);
        }

        if (due != 0)
        {
            book.Ask(due);
        }

        var id = account.Mode == PaymentMode.Instalments ? $"{account.Number}-{DateOnly.FromDayNumber(from):yyyyMMdd}" : $"{account.Number}-{DateOnly.FromDayNumber(from):yyyyMM}";
        var toPay = account.OwesByBill ? Asking.Bill(book, at.Policy.Digits) : Money.Zero;
        _effects.Bills.Add(new BillEffect(id, account.Number, _position, State.NowMs, new BillFacts(
            overdue.BillCount, from, to, due, account.CurrentTariff.Definition.Currency, sum.EnergyWh, sum.Parts, sum.Corrections, carriedNano, amount, debits, new Money(overdue.CreditedNano), arrears, new Money(book.FeesNano),
            account.LedgerBalance, toPay, at.Policy.Stamp)));
        overdue.CreditedNano = 0;
        Happened(account, new BillClosed(id, from, to, due, amount.Nano, book.AskedNano, at.Policy.Stamp));
        if (due != 0 && toPay > Money.Zero)
        {
            Notify(at, "bill", FactsOf(at) with { Amount = toPay.ToString(), DueDay = Instants.DayToText(due) });
        }
    }

    /// <summary>Counts late fees for every day up to one that was not counted yet. Comes before a payment of today, which changes no day that is over.</summary>
    private void TakeFees(in Moment at, int throughDay)
    {
        var (overdue, account) = (at.Customer.Overdue, at.Account);
        if (overdue.FeeThroughDay == 0 || overdue.Book.Items.Count == 0 || !account.OwesByBill)
        {
            overdue.FeeThroughDay = Math.Max(overdue.FeeThroughDay, throughDay);
            return;
        }

        while (overdue.FeeThroughDay < throughDay)
        {
            var day = ++overdue.FeeThroughDay;
            var policy = policies!(at.Customer.PolicyFamily, day) ?? at.Policy;
            var isFree = AccountBounds.IsReached(account) || LateFee.IsFree(at.Customer, policy, day, account.Calendar.StartOf(day + 1));
            var fee = isFree ? Money.Zero : LateFee.Take(overdue.Book, policy, day);
            if (fee > Money.Zero)
            {
                account.Credit -= fee;
                overdue.Book.Grow(ItemKind.Fee, fee.Nano, policy.Allocation);
                Enter(account, EntryKind.LateFee, -fee, day, at.Policy.Stamp);
            }
        }
    }
}
