using AccountGrid.Domain.Events;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Closes billing periods and writes bills.</summary>
internal static class Bills
{
    internal static void Close(FoldContext context, in Moment at)
    {
        var overdue = at.Customer.Overdue;
        while (overdue.BilledThroughDay != 0)
        {
            var from = overdue.BilledThroughDay + 1;
            var to = BillPeriods.EndOf(from, at.Account.Mode);
            if (at.Today < to + 1 + at.Policy.Definition.Billing.CloseAfterDays)
            {
                return;
            }

            CloseOne(context, at, from, to);
        }
    }

    private static void CloseOne(FoldContext context, in Moment at, int from, int to)
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
            Debts.FallDue(context, at, share == at.Customer.Debt.Left.Nano ? share : new Money(share).RoundedDownTo(at.Policy.Digits).Nano, to);
        }

        Write(context, at, from, to, sum, carried, amount);
    }

    /// <summary>Writes a bill: its charges become an item, and it asks for every debit that no bill has asked for yet.</summary>
    private static void Write(FoldContext context, in Moment at, int from, int to, MonthSum sum, long carriedNano, Money amount)
    {
        var (account, overdue, book) = (at.Account, at.Customer.Overdue, at.Customer.Overdue.Book);
        var arrears = new Money(book.AskedNano);
        var debits = new Money(book.UnaskedNano);
        var items = book.Items.Where(i => i.Kind != ItemKind.Fee && i.OpenNano > 0).OrderBy(i => i.DueDay).ThenBy(i => i.Number)
            .Select(i => new BillItem(i.Kind, i.DueDay, i.OpenNano, i.Position, i.Reference)).ToList();
        var number = overdue.BillCount + 1;
        var due = account.OwesByBill && (amount > Money.Zero || debits > Money.Zero) ? DueDayFrom(at) : 0;
        var own = 0;
        if (!account.OwesByBill || amount <= Money.Zero)
        {
            // A statement takes its charges from the prepaid balance; a bill that is a credit pays what is open.
            book.Credit(-amount.Nano, at.Policy.Allocation);
        }
        else
        {
            book.Charge(ItemKind.Bill, amount.Nano, due, at.Policy.Allocation, reference: number);
            own = book.LastNumber;
        }

        if (due != 0)
        {
            book.Ask(due);
        }

        var id = account.Mode == PaymentMode.Instalments
            ? $"{account.Number}-{DateOnly.FromDayNumber(from):yyyyMMdd}"
            : $"{account.Number}-{DateOnly.FromDayNumber(from):yyyyMM}";
        var toPay = account.OwesByBill ? Asking.Bill(book, at.Policy.Digits) : Money.Zero;
        context.Effects.Bills.Add(new BillEffect(id, account.Number, context.Position, context.NowMs, new BillFacts(
            number, from, to, due, account.CurrentTariff.Definition.Currency, sum.EnergyWh, sum.Parts, sum.Corrections, carriedNano, amount, debits,
            new Money(overdue.CreditedNano), arrears, new Money(book.FeesNano),
            account.LedgerBalance, toPay, at.Policy.Stamp, items, new Money(book.Items.Find(i => own != 0 && i.Number == own).OpenNano))));
        context.Emit(at, new BillClosed(id, from, to, due, amount.Nano, book.AskedNano, at.Policy.Stamp, debits.Nano));
        if (due != 0 && toPay > Money.Zero)
        {
            NoticeWriter.Give(context, at, NoticeKinds.Bill,
                NoticeWriter.FactsOf(context, at) with { Amount = toPay.ToString(), DueDay = Instants.DayToText(due) });
        }
    }

    internal static int DueDayFrom(in Moment at) => at.Policy.Business.AddBusinessDays(at.Today, at.Policy.Definition.Billing.DueBusinessDays);
}
