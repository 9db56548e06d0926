using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Debt agreements: what payments, days and bills recover.</summary>
internal static class Debts
{
    /// <summary>The share of a payment that a debt agreement takes: on a prepaid account, of what the payment leaves above zero.</summary>
    internal static Money TakeShare(FoldContext context, AccountState account, Money payment)
    {
        var share = account.DebtShareOf(payment);
        if (share > Money.Zero)
        {
            context.Emit(account, new DebtRecovered(share));
            context.Enter(account, EntryKind.DebtRecovery, -share, 0, null);
        }

        return share;
    }

    /// <summary>
    /// The daily part of a debt agreement. On a prepaid account it is taken from what is above zero and never makes a debt of it again; on bills it is an item
    /// of the next bill.
    /// </summary>
    internal static void RecoverByDay(FoldContext context, in Moment at)
    {
        var debt = at.Customer.Debt;
        if (debt.Left <= Money.Zero)
        {
            return;
        }

        if (at.Account.Status == AccountStatus.Closed)
        {
            // No payment and no bill recovers it any more: what a payment that was taken back had recovered is asked for by the next final bill.
            FallDue(context, at, debt.Left, at.Today);
            return;
        }

        while (debt.ThroughDay < at.Today)
        {
            debt = debt with { ThroughDay = debt.ThroughDay + 1 };
            at.Customer.Debt = debt;
            var most = at.Account.OwesByBill ? debt.Left : Money.Min(debt.Left, Money.Max(Money.Zero, at.Account.Balance));
            FallDue(context, at, Money.Min(debt.PerDay, most), debt.ThroughDay);
            debt = at.Customer.Debt;
        }
    }

    /// <summary>A part of a debt falls due: it is taken from the prepaid balance, or asked for by the next bill.</summary>
    internal static void FallDue(FoldContext context, in Moment at, Money amount, int day)
    {
        if (amount <= Money.Zero || (Faults.Sabotage.NoDebtOnBills && at.Account.OwesByBill))
        {
            return;
        }

        var book = at.Customer.Overdue.Book;
        context.Emit(at, new DebtRecovered(amount));
        context.Enter(at.Account, EntryKind.DebtRecovery, -amount, day, null);
        if (at.Account.OwesByBill)
        {
            book.Grow(ItemKind.Recovery, amount, at.Policy.Allocation);
        }
        else
        {
            book.Advance -= amount;
        }
    }
}
