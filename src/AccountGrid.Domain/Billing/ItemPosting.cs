using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>
/// What an event of money does to the items of an account: every debit beside energy becomes one, every credit pays them in the order of the pack.
/// </summary>
internal static class ItemPosting
{
    /// <summary>A customer is set for the first time: what is owed until now is due like a bill, and billing begins with the running month.</summary>
    internal static void BeginCustomer(FoldContext context, AccountState account)
    {
        var customer = account.Customer!;
        var overdue = customer.Overdue;
        if (overdue.BilledThroughDay != 0 || context.MomentOf(account) is not { } at)
        {
            return;
        }

        var today = at.Today;
        customer.HasOwnLevels = account.Levels.LevelsNano.Count > 0;
        overdue.BilledThroughDay = BillPeriods.StartOf(today, account.Mode) - 1;
        overdue.FeeThroughDay = today - 1;
        var exact = account.LedgerBalance;
        overdue.Book.AdvanceNano = exact.RoundedTo(at.Policy.Digits).Nano;
        overdue.CarriedNano = overdue.Book.AdvanceNano - exact.Nano;
        if (account.OwesByBill)
        {
            BeginBills(context, at);
        }
    }

    internal static void Post(FoldContext context, AccountState account, AccountEvent happened)
    {
        if (account.Customer is not { } customer)
        {
            return;
        }

        var (overdue, book, order, today) = (customer.Overdue, customer.Overdue.Book, OrderOf(context, account), account.Calendar.DayOf(context.NowMs));
        switch (happened)
        {
            case PaymentTaken e:
                var share = Debts.TakeShare(context, account, new Money(e.AmountNano));
                Credit(context, account, e.AmountNano, share, today);
                context.Paid = book.PaidBy(context.Position, share);
                break;
            case PaymentReversed e:
                Credited(overdue, -e.AmountNano, e.PaymentPosition);
                overdue.FeeThroughDay -= Faults.Sabotage.FeeForReturn ? 5 : 0;
                TakeBack(context, account, e.PaymentPosition, e.AmountNano);
                break;
            case BalanceAdjusted { AmountNano: > 0, CorrectsPosition: var corrected } e when corrected is not null && account.OwesByBill:
                Credited(overdue, e.AmountNano);
                book.Correct(corrected.Value, e.AmountNano, order);
                break;
            case BalanceAdjusted { AmountNano: > 0 } e:
                Credit(context, account, e.AmountNano, default, today);
                break;
            case BalanceAdjusted { CorrectsPosition: { } corrected } e:
                Credited(overdue, e.AmountNano, corrected);
                TakeBack(context, account, corrected, -e.AmountNano);
                break;
            case BalanceAdjusted e:
                Debit(context, account, ItemKind.Debit, -e.AmountNano);
                break;
            case RefundPaid e:
                Credited(overdue, -e.AmountNano);
                Debit(context, account, ItemKind.Refund, e.AmountNano);
                break;
            case FeesWaived e:
                Forgiven(overdue, e.AmountNano);
                book.CreditTo(i => i.Kind == ItemKind.Fee, e.AmountNano, order);
                break;
            case DebtMoved e:
                Forgiven(overdue, e.AmountNano);
                book.Credit(e.AmountNano, order);
                break;
            case WrittenOff e:
                Forgiven(overdue, e.AmountNano);
                book.Credit(e.AmountNano, order);
                break;
        }
    }

    private static AllocationOrder OrderOf(FoldContext context, AccountState account) =>
        context.PolicyOf(account, context.NowMs)?.Allocation ?? AllocationOrder.PrincipalFirst;

    private static void Credit(FoldContext context, AccountState account, long nano, Money share, int today)
    {
        var overdue = account.Customer!.Overdue;
        Credited(overdue, nano);
        if (account.OwesByBill || share != Money.Zero)
        {
            overdue.Book.Credit(context.Position, today, nano - share.Nano, share.Nano, OrderOf(context, account));
        }
        else
        {
            overdue.Book.AdvanceNano = checked(overdue.Book.AdvanceNano + nano);
        }

        if (!account.OwesByBill)
        {
            // A prepaid balance is one amount: nothing of it belongs to a payment.
            overdue.Book.Merge();
        }
    }

    private static void Debit(FoldContext context, AccountState account, ItemKind kind, long nano)
    {
        var book = account.Customer!.Overdue.Book;
        if (account.OwesByBill && !Faults.Sabotage.NoDebitItems)
        {
            book.Charge(kind, nano, 0, OrderOf(context, account), context.Position);
        }
        else
        {
            book.AdvanceNano = checked(book.AdvanceNano - nano);
        }
    }

    /// <summary>
    /// A payment or credit that is taken back: what it paid is open again, what it recovered is debt again. On a prepaid account what it had paid of bills
    /// before is no reason to cut: it becomes debt, and somebody agrees on how it is recovered.
    /// </summary>
    private static void TakeBack(FoldContext context, AccountState account, long position, long nano)
    {
        var customer = account.Customer!;
        var (book, order) = (customer.Overdue.Book, OrderOf(context, account));
        var back = book.TakeBack(Faults.Sabotage.BounceAsNew ? -1 : position, nano, order);
        back = Faults.Sabotage.BounceByTerms ? back with { DebtNano = new Money(nano).Percentage(customer.Debt.ShareBasisPoints).Nano } : back;
        if (back.DebtNano > 0)
        {
            context.Emit(account, new DebtRecovered(-back.DebtNano));
            context.Enter(account, EntryKind.DebtRecovery, new Money(back.DebtNano), 0, null);
        }

        if (account.OwesByBill)
        {
            return;
        }

        book.Merge();
        if (back.ItemsNano > 0)
        {
            var moved =
                new DebtMoved(back.ItemsNano, customer.Debt.ShareBasisPoints, customer.Debt.PerDay.Nano, "A payment that had paid bills was taken back.");
            context.Emit(account, moved);
            LedgerEntries.Write(context, account, moved);
            book.AdvanceNano = checked(book.AdvanceNano + back.ItemsNano);
            if (context.MomentOf(account) is { } at)
            {
                CaseBook.Open(context, at, CaseKind.DebtTerms);
            }
        }
    }

    /// <summary>What was credited since the last bill, and since a plan was agreed.</summary>
    /// <param name="takenBack">Position of the credit that is taken back: one from before the plan had paid nothing of it, so the plan is kept as it
    /// was.</param>
    private static void Credited(OverdueState overdue, long nano, long takenBack = long.MaxValue)
    {
        overdue.CreditedNano = checked(overdue.CreditedNano + nano);
        overdue.PlanPaidNano += overdue.Plan.Count > 0 && takenBack > overdue.PlanPosition ? nano : 0;
    }

    /// <summary>What is waived, written off or moved to a debt is asked for no more: nobody breaks a plan by not paying it.</summary>
    private static void Forgiven(OverdueState overdue, long nano) => overdue.PlanPaidNano += overdue.Plan.Count > 0 ? nano : 0;

    /// <summary>
    /// The account goes from a prepaid balance to bills, because it was switched or closed: what is missing is an item due like a bill; of a closed account the
    /// debt agreement ends, and what is left of it is asked for by the final bill.
    /// </summary>
    private static void BeginBills(FoldContext context, in Moment at)
    {
        var book = at.Customer.Overdue.Book;
        if (book.AdvanceNano < 0)
        {
            var owed = -book.AdvanceNano;
            book.AdvanceNano = 0;
            book.Charge(ItemKind.Opening, owed, at.Account.Status == AccountStatus.Closed ? 0 : Bills.DueDayFrom(at), at.Policy.Allocation);
        }

        if (at.Account.Status == AccountStatus.Closed)
        {
            Debts.FallDue(context, at, at.Customer.Debt.Left.Nano, at.Today);
        }
    }

    /// <summary>The account goes to bills or from them, by a switch or by its closing.</summary>
    internal static void ChangeBilling(FoldContext context, in Moment at, AccountEvent happened)
    {
        var overdue = at.Customer.Overdue;
        if (happened is ModeSwitched { MovedNano: > 0 } moved)
        {
            overdue.Book.Credit(moved.MovedNano, at.Policy.Allocation);
        }

        if (at.Account.OwesByBill)
        {
            BeginBills(context, at);
            return;
        }

        overdue.Book.Merge();
        if (overdue.Plan.Count > 0)
        {
            context.Emit(at, new PlanCancelled(((ModeSwitched)happened).DecidedBy, "The account went to prepaid."));
        }
    }
}
