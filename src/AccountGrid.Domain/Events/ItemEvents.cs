using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>
/// What an event of money does to the items of an account: every debit beside energy becomes one, every credit pays them in the order of the pack.
/// </summary>
internal static class ItemEvents
{
    /// <summary>Carries an event into the items of its account, after its amount is in the balance.</summary>
    /// <param name="position">Position of the record that the event follows from.</param>
    /// <param name="atMs">When it happened, UTC ms.</param>
    /// <param name="policy">The version of the pack that decides then; without one, items are paid principal first.</param>
    internal static void Apply(AccountState account, AccountEvent happened, long position, long atMs, Policy? policy)
    {
        if (account.Customer is not { } customer)
        {
            return;
        }

        var (overdue, book, today) = (customer.Overdue, customer.Overdue.Book, account.Calendar.DayOf(atMs));
        var order = policy?.Allocation ?? AllocationOrder.PrincipalFirst;
        switch (happened)
        {
            case PaymentTaken e:
                Credit(account, position, today, e.Amount, account.DebtShareOf(e.Amount), order);
                break;
            case PaymentReversed e:
                Credited(overdue, -e.Amount, e.PaymentPosition);
                overdue.FeeThroughDay -= Faults.Sabotage.FeeForReturn ? 5 : 0;
                TakeBack(account, e.PaymentPosition, e.Amount, order);
                break;
            case BalanceAdjusted e:
                Adjust(account, e, position, today, order);
                break;
            case RefundPaid e:
                Credited(overdue, -e.Amount);
                Debit(account, ItemKind.Refund, e.Amount, position, order);
                break;
            case FeesWaived e:
                Forgiven(overdue, e.Amount);
                book.CreditTo(i => i.Kind == ItemKind.Fee, e.Amount, order);
                break;
            case DebtMoved e:
                Forgiven(overdue, e.Amount);
                book.Credit(e.Amount, order);
                break;
            case WrittenOff e:
                Forgiven(overdue, e.Amount);
                book.Credit(e.Amount, order);
                break;
            case CompensationGiven e:
                book.Credit(e.Amount, order);
                break;
            case ModeSwitched or AccountClosed when policy is not null:
                ChangeBilling(account, happened, today, policy);
                break;
        }
    }

    private static void Adjust(AccountState account, BalanceAdjusted e, long position, int today, AllocationOrder order)
    {
        var overdue = account.Customer!.Overdue;
        switch (e)
        {
            case { Amount.Nano: > 0, CorrectsPosition: { } corrected } when account.OwesByBill:
                Credited(overdue, e.Amount);
                overdue.Book.Correct(corrected, e.Amount, order);
                break;
            case { Amount.Nano: > 0 }:
                Credit(account, position, today, e.Amount, Money.Zero, order);
                break;
            case { CorrectsPosition: { } corrected }:
                Credited(overdue, e.Amount, corrected);
                TakeBack(account, corrected, -e.Amount, order);
                break;
            default:
                Debit(account, ItemKind.Debit, -e.Amount, position, order);
                break;
        }
    }

    private static void Credit(AccountState account, long position, int today, Money amount, Money share, AllocationOrder order)
    {
        var overdue = account.Customer!.Overdue;
        Credited(overdue, amount);
        if (account.OwesByBill || share != Money.Zero)
        {
            overdue.Book.Credit(position, today, amount - share, share, order);
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

    private static void Debit(AccountState account, ItemKind kind, Money amount, long position, AllocationOrder order)
    {
        var book = account.Customer!.Overdue.Book;
        if (account.OwesByBill && !Faults.Sabotage.NoDebitItems)
        {
            book.Charge(kind, amount, 0, order, position);
        }
        else
        {
            book.Advance -= amount;
        }
    }

    /// <summary>A payment or credit that is taken back: what it paid is open again, what it recovered is debt again.</summary>
    private static void TakeBack(AccountState account, long position, Money amount, AllocationOrder order)
    {
        var book = account.Customer!.Overdue.Book;
        book.TakeBack(Faults.Sabotage.BounceAsNew ? -1 : position, amount, order);
        if (!account.OwesByBill)
        {
            book.Merge();
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

    /// <summary>The account goes to bills or from them, by a switch or by its closing.</summary>
    private static void ChangeBilling(AccountState account, AccountEvent happened, int today, Policy policy)
    {
        var book = account.Customer!.Overdue.Book;
        if (happened is ModeSwitched { Moved.Nano: > 0 } moved)
        {
            book.Credit(moved.Moved, policy.Allocation);
        }

        if (account.OwesByBill)
        {
            BeginBills(account, today, policy);
        }
        else
        {
            book.Merge();
        }
    }

    /// <summary>The account goes from a prepaid balance to bills: what is missing is an item due like a bill, or one that the final bill asks for.</summary>
    internal static void BeginBills(AccountState account, int today, Policy policy)
    {
        var book = account.Customer!.Overdue.Book;
        if (book.Advance < Money.Zero)
        {
            var owed = -book.Advance;
            book.Advance = Money.Zero;
            book.Charge(ItemKind.Opening, owed, account.Status == AccountStatus.Closed ? 0 : policy.DueDayFrom(today), policy.Allocation);
        }
    }
}
