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
    /// <summary>A customer is set for the first time: what is owed until now is due like a bill, and billing begins with the running period.</summary>
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
        BillingCycles.Begin(context, at);
        overdue.FeeThroughDay = today - 1;
        var exact = account.LedgerBalance;
        overdue.Book.Advance = exact.RoundedTo(at.Policy.Digits);
        overdue.Carried = overdue.Book.Advance - exact;
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
                Credit(context, account, new Money(e.AmountNano), share, today);
                context.Paid = book.PaidBy(context.Position, share);
                break;
            case PaymentReversed e:
                Credited(overdue, -new Money(e.AmountNano), e.PaymentPosition);
                overdue.FeeThroughDay -= Faults.Sabotage.FeeForReturn ? 5 : 0;
                TakeBack(context, account, e.PaymentPosition, new Money(e.AmountNano));
                break;
            case BalanceAdjusted { AmountNano: > 0, CorrectsPosition: var corrected } e when corrected is not null && account.OwesByBill:
                Credited(overdue, new Money(e.AmountNano));
                book.Correct(corrected.Value, new Money(e.AmountNano), order);
                break;
            case BalanceAdjusted { AmountNano: > 0 } e:
                Credit(context, account, new Money(e.AmountNano), default, today);
                break;
            case BalanceAdjusted { CorrectsPosition: { } corrected } e:
                Credited(overdue, new Money(e.AmountNano), corrected);
                TakeBack(context, account, corrected, -new Money(e.AmountNano));
                break;
            case BalanceAdjusted e:
                Debit(context, account, ItemKind.Debit, -new Money(e.AmountNano));
                break;
            case RefundPaid e:
                Credited(overdue, -new Money(e.AmountNano));
                Debit(context, account, ItemKind.Refund, new Money(e.AmountNano));
                break;
            case FeesWaived e:
                Forgiven(overdue, new Money(e.AmountNano));
                book.CreditTo(i => i.Kind == ItemKind.Fee, new Money(e.AmountNano), order);
                break;
            case DebtMoved e:
                Forgiven(overdue, new Money(e.AmountNano));
                book.Credit(new Money(e.AmountNano), order);
                break;
            case WrittenOff e:
                Forgiven(overdue, new Money(e.AmountNano));
                book.Credit(new Money(e.AmountNano), order);
                break;
        }
    }

    private static AllocationOrder OrderOf(FoldContext context, AccountState account) =>
        context.PolicyOf(account, context.NowMs)?.Allocation ?? AllocationOrder.PrincipalFirst;

    private static void Credit(FoldContext context, AccountState account, Money amount, Money share, int today)
    {
        var overdue = account.Customer!.Overdue;
        Credited(overdue, amount);
        if (account.OwesByBill || share != Money.Zero)
        {
            overdue.Book.Credit(context.Position, today, amount - share, share, OrderOf(context, account));
        }
        else
        {
            overdue.Book.Advance += amount;
        }

        if (!account.OwesByBill)
        {
            // A prepaid balance is one amount: nothing of it belongs to a payment.
            overdue.Book.Merge();
        }
    }

    private static void Debit(FoldContext context, AccountState account, ItemKind kind, Money amount)
    {
        var book = account.Customer!.Overdue.Book;
        if (account.OwesByBill && !Faults.Sabotage.NoDebitItems)
        {
            book.Charge(kind, amount, 0, OrderOf(context, account), context.Position);
        }
        else
        {
            book.Advance -= amount;
        }
    }

    /// <summary>
    /// A payment or credit that is taken back: what it paid is open again, what it recovered is debt again. On a prepaid account what it had paid of bills
    /// before is no reason to cut: it becomes debt, and somebody agrees on how it is recovered.
    /// </summary>
    private static void TakeBack(FoldContext context, AccountState account, long position, Money amount)
    {
        var customer = account.Customer!;
        var (book, order) = (customer.Overdue.Book, OrderOf(context, account));
        var back = book.TakeBack(Faults.Sabotage.BounceAsNew ? -1 : position, amount, order);
        back = Faults.Sabotage.BounceByTerms ? back with { Debt = amount.Percentage(customer.Debt.ShareBasisPoints) } : back;
        if (back.Debt > Money.Zero)
        {
            context.Emit(account, new DebtRecovered(-back.Debt.Nano));
            context.Enter(account, EntryKind.DebtRecovery, back.Debt, 0, null);
        }

        if (account.OwesByBill)
        {
            return;
        }

        book.Merge();
        if (back.Items > Money.Zero)
        {
            var moved =
                new DebtMoved(back.Items.Nano, customer.Debt.ShareBasisPoints, customer.Debt.PerDay.Nano, "A payment that had paid bills was taken back.");
            context.Emit(account, moved);
            LedgerEntries.Write(context, account, moved);
            book.Advance += back.Items;
            if (context.MomentOf(account) is { } at)
            {
                CaseBook.Open(context, at, CaseKind.DebtTerms);
            }
        }
    }

    /// <summary>What was credited since the last bill, and since a plan was agreed.</summary>
    /// <param name="takenBack">Position of the credit that is taken back: one from before the plan had paid nothing of it, so the plan is kept as it
    /// was.</param>
    private static void Credited(OverdueState overdue, Money amount, long takenBack = long.MaxValue)
    {
        overdue.Credited += amount;
        overdue.PlanPaid += overdue.Plan.Count > 0 && takenBack > overdue.PlanPosition ? amount : Money.Zero;
    }

    /// <summary>What is waived, written off or moved to a debt is asked for no more: nobody breaks a plan by not paying it.</summary>
    private static void Forgiven(OverdueState overdue, Money amount) => overdue.PlanPaid += overdue.Plan.Count > 0 ? amount : Money.Zero;

    /// <summary>
    /// The account goes from a prepaid balance to bills, because it was switched or closed: what is missing is an item due like a bill; of a closed account the
    /// debt agreement ends, and what is left of it is asked for by the final bill.
    /// </summary>
    private static void BeginBills(FoldContext context, in Moment at)
    {
        var book = at.Customer.Overdue.Book;
        if (book.Advance < Money.Zero)
        {
            var owed = -book.Advance;
            book.Advance = Money.Zero;
            book.Charge(ItemKind.Opening, owed, at.Account.Status == AccountStatus.Closed ? 0 : Bills.DueDayFrom(at), at.Policy.Allocation);
        }

        if (at.Account.Status == AccountStatus.Closed)
        {
            Debts.FallDue(context, at, at.Customer.Debt.Left, at.Today);
        }
    }

    /// <summary>The account goes to bills or from them, by a switch or by its closing.</summary>
    internal static void ChangeBilling(FoldContext context, in Moment at, AccountEvent happened)
    {
        var overdue = at.Customer.Overdue;
        if (happened is ModeSwitched { MovedNano: > 0 } moved)
        {
            overdue.Book.Credit(new Money(moved.MovedNano), at.Policy.Allocation);
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
