using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Overdue;

namespace AccountGrid.Domain.Partitions;

/// <summary>What a customer is billed and owes beyond charges: months' sums, bills, late fees, debt that is recovered.</summary>
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
        var carried = overdue.BookedNano - overdue.BilledNano;
        overdue.BookedNano = checked(overdue.BookedNano + sum.Total.Nano);
        var amount = new Money(overdue.BookedNano - overdue.BilledNano).RoundedToHundredths();
        if (sum == new MonthSum(from, 0, default, default))
        {
            return;
        }

        var arrears = new Money(overdue.UnpaidNano(account.Credit.Nano));
        var isPrepaid = account.Mode == PaymentMode.Prepaid;
        var due = isPrepaid || amount <= Money.Zero ? 0 : at.Policy.Business.AddBusinessDays(at.Today, at.Policy.Definition.Billing.DueBusinessDays);
        overdue.BilledNano = checked(overdue.BilledNano + amount.Nano);
        overdue.BillCount++;
        if (amount < Money.Zero)
        {
            overdue.Lower(-amount.Nano);
        }

        if (!isPrepaid && amount > Money.Zero)
        {
            overdue.Bills.Add(new OpenBill(overdue.BillCount, overdue.BilledNano, amount.Nano, due, 0, 0));
        }

        var id = account.Mode == PaymentMode.Instalments ? $"{account.Number}-{DateOnly.FromDayNumber(from):yyyyMMdd}" : $"{account.Number}-{DateOnly.FromDayNumber(from):yyyyMM}";
        var paid = new Money(overdue.PaidNano(account.Credit.Nano) - overdue.CreditAtBillNano);
        overdue.CreditAtBillNano = overdue.PaidNano(account.Credit.Nano);
        var toPay = new Money(isPrepaid ? 0 : overdue.UnpaidNano(account.Credit.Nano) + overdue.FeesNano).RoundedUpToHundredths();
        var currency = account.CurrentTariff.Definition.Currency;
        _effects.Bills.Add(new BillEffect(id, account.Number, _position, State.NowMs, new BillFacts(
            overdue.BillCount, from, to, due, currency, sum.EnergyWh, sum.Parts, sum.Corrections, carried, amount, paid, arrears, new Money(overdue.FeesNano), account.LedgerBalance, toPay, at.Policy.Stamp)));
        Happened(account, new BillClosed(id, from, to, due, amount.Nano, overdue.UnpaidNano(account.Credit.Nano), at.Policy.Stamp));
        if (due != 0 && toPay > Money.Zero)
        {
            Notify(at, "bill", FactsOf(at) with { Amount = toPay.ToString(), DueDay = Instants.DayToText(due) });
        }
    }

    /// <summary>Counts late fees for every day up to one that was not counted yet. Comes before a payment of today, which changes no day that is over.</summary>
    private void TakeFees(in Moment at, int throughDay)
    {
        var overdue = at.Customer.Overdue;
        if (overdue.FeeThroughDay == 0 || overdue.Bills.Count == 0 || at.Account.Mode == PaymentMode.Prepaid)
        {
            overdue.FeeThroughDay = Math.Max(overdue.FeeThroughDay, throughDay);
            return;
        }

        while (overdue.FeeThroughDay < throughDay)
        {
            var day = ++overdue.FeeThroughDay;
            var fee = LateFee.Take(overdue, at.Account.Credit.Nano, policies!(at.Customer.PolicyFamily, day) ?? at.Policy, day);
            if (fee > Money.Zero)
            {
                at.Account.Credit -= fee;
                Enter(at.Account, EntryKind.LateFee, -fee, day, at.Policy.Stamp);
            }
        }
    }

    private void RecoverDebtByDay(in Moment at)
    {
        var debt = at.Customer.Debt;
        if (debt.Left <= Money.Zero)
        {
            return;
        }

        while (debt.ThroughDay < at.Today)
        {
            debt = debt with { ThroughDay = debt.ThroughDay + 1 };
            var part = debt.PerDay < debt.Left ? debt.PerDay : debt.Left;
            if (part > Money.Zero)
            {
                debt = debt with { Left = debt.Left - part };
                at.Account.Credit -= part;
                at.Customer.Overdue.BesideNano += part.Nano;
                Happened(at.Account, new DebtRecovered(part.Nano));
                Enter(at.Account, EntryKind.DebtRecovery, -part, debt.ThroughDay, null);
            }
        }

        at.Customer.Debt = debt;
    }

    private void RecoverDebtByShare(AccountState account, long paymentNano)
    {
        if (account.Customer is not { Debt: { ShareBasisPoints: > 0 } debt } || debt.Left <= Money.Zero)
        {
            return;
        }

        var share = new Money(paymentNano).Percentage(debt.ShareBasisPoints);
        var part = share < debt.Left ? share : debt.Left;
        account.Customer.Debt = debt with { Left = debt.Left - part, ByShare = debt.ByShare + part };
        account.Customer.Overdue.BesideNano += part.Nano;
        account.Credit -= part;
        Happened(account, new DebtRecovered(part.Nano));
        Enter(account, EntryKind.DebtRecovery, -part, 0, null);
    }

    /// <summary>A payment that bounced recovered nothing: the share of it is debt again.</summary>
    private void ReturnShare(AccountState account, long paymentNano)
    {
        if (account.Customer is not { Debt: { ShareBasisPoints: > 0 } debt } || debt.ByShare <= Money.Zero)
        {
            return;
        }

        var share = new Money(paymentNano).Percentage(debt.ShareBasisPoints);
        var part = share < debt.ByShare ? share : debt.ByShare;
        account.Customer.Debt = debt with { Left = debt.Left + part, ByShare = debt.ByShare - part };
        account.Customer.Overdue.BesideNano -= part.Nano;
        account.Credit += part;
        Happened(account, new DebtRecovered(-part.Nano));
        Enter(account, EntryKind.DebtRecovery, part, 0, null);
    }
}
