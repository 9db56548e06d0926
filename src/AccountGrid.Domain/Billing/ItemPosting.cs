using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>What follows from what an event did to the items of an account: debt that is recovered or given back, and how billing begins.</summary>
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
        customer.HasOwnLevels = account.Levels.Amounts.Any();
        BillingCycles.Begin(context, at);
        overdue.FeeThroughDay = today - 1;
        var exact = account.LedgerBalance;
        overdue.Book.Advance = exact.RoundedTo(at.Policy.Digits);
        overdue.Carried = overdue.Book.Advance - exact;
        if (account.OwesByBill)
        {
            ItemEvents.BeginBills(account, today, at.Policy);
            EndDebt(context, at);
        }
    }

    /// <summary>What a payment, or one that is taken back, brings beside its items.</summary>
    /// <param name="back">What is taken back, as it was before.</param>
    internal static void Follow(FoldContext context, AccountState account, AccountEvent happened, TakenBack back)
    {
        if (account.Customer is not { } customer)
        {
            return;
        }

        if (happened is PaymentTaken e)
        {
            context.Paid = customer.Overdue.Book.PaidBy(context.Position, Debts.TakeShare(context, account, e.Amount));
        }
        else if (back != default)
        {
            GiveBack(context, account, back);
        }
    }

    /// <summary>What taking back what an event takes back will come to.</summary>
    internal static TakenBack Behind(AccountState account, AccountEvent happened)
    {
        var (position, amount) = happened switch
        {
            PaymentReversed e => (e.PaymentPosition, e.Amount),
            BalanceAdjusted { Amount.Nano: < 0, CorrectsPosition: { } corrected } e => (corrected, -e.Amount),
            _ => default,
        };
        if (account.Customer is not { } customer || amount == Money.Zero)
        {
            return default;
        }

        var back = customer.Overdue.Book.PaidWith(Faults.Sabotage.BounceAsNew ? -1 : position, amount);
        return Faults.Sabotage.BounceByTerms ? back with { Debt = amount.Percentage(customer.Debt.ShareBasisPoints) } : back;
    }

    /// <summary>
    /// What a payment had recovered is debt again. On a prepaid account what it had paid of bills before is no reason to cut: it becomes debt, and somebody
    /// agrees on how it is recovered.
    /// </summary>
    private static void GiveBack(FoldContext context, AccountState account, TakenBack back)
    {
        var debt = account.Customer!.Debt;
        if (back.Debt > Money.Zero)
        {
            context.Emit(account, new DebtRecovered(-back.Debt));
            context.Enter(account, EntryKind.DebtRecovery, back.Debt, 0, null);
        }

        if (account.OwesByBill || back.Items == Money.Zero)
        {
            return;
        }

        var moved = new DebtMoved(back.Items, debt.ShareBasisPoints, debt.PerDay, "A payment that had paid bills was taken back.");
        context.Emit(account, moved);
        LedgerEntries.Write(context, account, moved);
        if (context.MomentOf(account) is { } at)
        {
            CaseBook.Open(context, at, CaseKind.DebtTerms);
        }
    }

    /// <summary>
    /// The account went to bills or from them, by a switch or by its closing. Of a closed account the debt agreement ends, and what is left of it is asked for
    /// by the final bill.
    /// </summary>
    internal static void ChangeBilling(FoldContext context, in Moment at, AccountEvent happened)
    {
        if (at.Account.OwesByBill)
        {
            EndDebt(context, at);
        }
        else if (at.Customer.Overdue.Plan.Count > 0)
        {
            context.Emit(at, new PlanCancelled(((ModeSwitched)happened).DecidedBy, "The account went to prepaid."));
        }
    }

    private static void EndDebt(FoldContext context, in Moment at)
    {
        if (at.Account.Status == AccountStatus.Closed)
        {
            Debts.FallDue(context, at, at.Customer.Debt.Left, at.Today);
        }
    }
}
