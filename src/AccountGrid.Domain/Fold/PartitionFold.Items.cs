using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>What an event of money does to an account's items: every debit beside energy becomes one, every credit pays them in the pack's order.</summary>
public sealed partial class PartitionFold
{
    /// <summary>Days for which a payment or adjustment can be taken back: 13 months of the longest months, and slack.</summary>
    private const int RememberedDays = Limits.ReversibleDays;

    private void Post(AccountState account, AccountEvent happened)
    {
        if (account.Customer is not { } customer)
        {
            return;
        }

        var (overdue, book, order, today) = (customer.Overdue, customer.Overdue.Book, OrderOf(account), account.Calendar.DayOf(State.NowMs));
        switch (happened)
        {
            case PaymentTaken e:
                _hasAnnouncedCome = customer.PendingPayments.RemoveAll(p => p.Reference == e.Reference) > 0;
                var share = TakeShare(account, new Money(e.AmountNano));
                Credit(account, e.AmountNano, share, today);
                break;
            case PaymentReversed e:
                Credited(overdue, -e.AmountNano, e.PaymentPosition);
                TakeBack(account, e.PaymentPosition, e.AmountNano);
                break;
            case BalanceAdjusted { AmountNano: > 0, CorrectsPosition: var corrected } e when corrected is not null && account.OwesByBill:
                Credited(overdue, e.AmountNano);
                book.Correct(corrected.Value, e.AmountNano, order);
                break;
            case BalanceAdjusted { AmountNano: > 0 } e:
                Credit(account, e.AmountNano, default, today);
                break;
            case BalanceAdjusted { CorrectsPosition: { } corrected } e:
                Credited(overdue, e.AmountNano, corrected);
                TakeBack(account, corrected, -e.AmountNano);
                break;
            case BalanceAdjusted e:
                Debit(account, ItemKind.Debit, -e.AmountNano);
                break;
            case RefundPaid e:
                Credited(overdue, -e.AmountNano);
                Debit(account, ItemKind.Refund, e.AmountNano);
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

    private AllocationOrder OrderOf(AccountState account) => PolicyOf(account, State.NowMs)?.Allocation ?? AllocationOrder.PrincipalFirst;

    private void Credit(AccountState account, long nano, Money share, int today)
    {
        var overdue = account.Customer!.Overdue;
        Credited(overdue, nano);
        if (account.OwesByBill || share != Money.Zero)
        {
            overdue.Book.Credit(_position, today, nano - share.Nano, share.Nano, OrderOf(account));
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

    private void Debit(AccountState account, ItemKind kind, long nano)
    {
        var book = account.Customer!.Overdue.Book;
        if (account.OwesByBill && !Faults.Sabotage.NoDebitItems)
        {
            book.Charge(kind, nano, 0, OrderOf(account), _position);
        }
        else
        {
            book.AdvanceNano = checked(book.AdvanceNano - nano);
        }
    }

    /// <summary>
    /// A payment or credit that is taken back: what it paid is open again, what it recovered is debt again. On a prepaid account what it had paid of bills before is
    /// no reason to cut: it becomes debt, and somebody agrees on how it is recovered.
    /// </summary>
    private void TakeBack(AccountState account, long position, long nano)
    {
        var customer = account.Customer!;
        var (book, order) = (customer.Overdue.Book, OrderOf(account));
        var back = book.TakeBack(Faults.Sabotage.BounceAsNew ? -1 : position, nano, order);
        back = Faults.Sabotage.BounceByTerms ? back with { DebtNano = new Money(nano).Percentage(customer.Debt.ShareBasisPoints).Nano } : back;
        if (back.DebtNano > 0)
        {
            customer.Debt = customer.Debt with { Left = customer.Debt.Left + new Money(back.DebtNano) };
            account.Credit += new Money(back.DebtNano);
            Happened(account, new DebtRecovered(-back.DebtNano));
            Enter(account, EntryKind.DebtRecovery, new Money(back.DebtNano), 0, null);
        }

        if (account.OwesByBill)
        {
            return;
        }

        book.Merge();
        if (back.ItemsNano > 0)
        {
            var moved = new DebtMoved(back.ItemsNano, customer.Debt.ShareBasisPoints, customer.Debt.PerDay.Nano, "A payment that had paid bills was taken back.");
            CustomerDecisions.Apply(account, moved, State.NowMs);
            Happened(account, moved);
            WriteEntry(account, moved);
            book.AdvanceNano = checked(book.AdvanceNano + back.ItemsNano);
            if (PolicyOf(account, State.NowMs) is { } policy)
            {
                OpenCase(new Moment(account, customer, policy, State.NowMs, account.Calendar.DayOf(State.NowMs)), "debt-terms");
            }
        }
    }

    /// <summary>What was credited since the last bill, and since a plan was agreed.</summary>
    /// <param name="takenBack">Position of the credit that is taken back: one from before the plan had paid nothing of it, so the plan is kept as it was.</param>
    private static void Credited(OverdueState overdue, long nano, long takenBack = long.MaxValue)
    {
        overdue.CreditedNano = checked(overdue.CreditedNano + nano);
        overdue.PlanPaidNano += overdue.Plan.Count > 0 && takenBack > overdue.PlanPosition ? nano : 0;
    }

    /// <summary>What is waived, written off or moved to a debt is asked for no more: nobody breaks a plan by not paying it.</summary>
    private static void Forgiven(OverdueState overdue, long nano) => overdue.PlanPaidNano += overdue.Plan.Count > 0 ? nano : 0;

    /// <summary>The share of a payment that a debt agreement takes: on a prepaid account, of what the payment leaves above zero.</summary>
    private Money TakeShare(AccountState account, Money payment)
    {
        var customer = account.Customer!;
        if (account.OwesByBill || customer.Debt is not { ShareBasisPoints: > 0, Left.Nano: > 0 } debt)
        {
            return Money.Zero;
        }

        var share = Asking.ShareOf(payment, account.Balance, debt);
        if (share > Money.Zero)
        {
            customer.Debt = debt with { Left = debt.Left - share };
            account.Credit -= share;
            Happened(account, new DebtRecovered(share.Nano));
            Enter(account, EntryKind.DebtRecovery, -share, 0, null);
        }

        return share;
    }

    /// <summary>
    /// The daily part of a debt agreement. On a prepaid account it is taken from what is above zero and never makes a debt of it again; on bills it is an item of the
    /// next bill.
    /// </summary>
    private void RecoverDebtByDay(in Moment at)
    {
        var debt = at.Customer.Debt;
        if (debt.Left <= Money.Zero)
        {
            return;
        }

        if (at.Account.Status == AccountStatus.Closed)
        {
            // No payment and no bill recovers it any more: what a payment that was taken back had recovered is asked for by the next final bill.
            FallDue(at, debt.Left.Nano, at.Today);
            return;
        }

        while (debt.ThroughDay < at.Today)
        {
            debt = debt with { ThroughDay = debt.ThroughDay + 1 };
            at.Customer.Debt = debt;
            var most = at.Account.OwesByBill ? debt.Left.Nano : Math.Min(debt.Left.Nano, Math.Max(0, at.Account.Balance.Nano));
            FallDue(at, Math.Min(debt.PerDay.Nano, most), debt.ThroughDay);
            debt = at.Customer.Debt;
        }
    }

    /// <summary>A part of a debt falls due: it is taken from the prepaid balance, or asked for by the next bill.</summary>
    private void FallDue(in Moment at, long nano, int day)
    {
        if (nano <= 0 || (Faults.Sabotage.NoDebtOnBills && at.Account.OwesByBill))
        {
            return;
        }

        var book = at.Customer.Overdue.Book;
        at.Customer.Debt = at.Customer.Debt with { Left = at.Customer.Debt.Left - new Money(nano) };
        at.Account.Credit -= new Money(nano);
        Happened(at.Account, new DebtRecovered(nano));
        Enter(at.Account, EntryKind.DebtRecovery, new Money(-nano), day, null);
        if (at.Account.OwesByBill)
        {
            book.Grow(ItemKind.Recovery, nano, at.Policy.Allocation);
        }
        else
        {
            book.AdvanceNano = checked(book.AdvanceNano - nano);
        }
    }

    /// <summary>
    /// The account goes from a prepaid balance to bills, because it was switched or closed: what is missing is an item due like a bill; of a closed account the debt
    /// agreement ends, and what is left of it is asked for by the final bill.
    /// </summary>
    private void BeginBills(in Moment at)
    {
        var book = at.Customer.Overdue.Book;
        if (book.AdvanceNano < 0)
        {
            var owed = -book.AdvanceNano;
            book.AdvanceNano = 0;
            book.Charge(ItemKind.Opening, owed, at.Account.Status == AccountStatus.Closed ? 0 : DueDayFrom(at), at.Policy.Allocation);
        }

        if (at.Account.Status == AccountStatus.Closed)
        {
            FallDue(at, at.Customer.Debt.Left.Nano, at.Today);
        }
    }

    /// <summary>The account goes to bills or from them, by a switch or by its closing.</summary>
    private void ChangeBilling(in Moment at, AccountEvent happened)
    {
        var overdue = at.Customer.Overdue;
        if (happened is ModeSwitched { MovedNano: > 0 } moved)
        {
            overdue.Book.Credit(moved.MovedNano, at.Policy.Allocation);
        }

        if (at.Account.OwesByBill)
        {
            BeginBills(at);
            return;
        }

        overdue.Book.Merge();
        if (overdue.Plan.Count > 0)
        {
            var cancelled = new PlanCancelled(((ModeSwitched)happened).DecidedBy, "The account went to prepaid.");
            CustomerDecisions.Apply(at.Account, cancelled, at.Ms);
            Happened(at.Account, cancelled);
        }
    }

    private static int DueDayFrom(in Moment at) => at.Policy.Business.AddBusinessDays(at.Today, at.Policy.Definition.Billing.DueBusinessDays);
}
