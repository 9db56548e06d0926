using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>What a customer is asked to pay. It is enough for what the message promises: paying it in one payment ends what it speaks of.</summary>
public static class Asking
{
    /// <summary>
    /// What ends a cut for arrears, in the currency's digits; less than its smallest unit is nothing: all that was asked for, so that a bill that falls due
    /// while supply is off does not keep it off. Late fees are in it where the pack has them paid first.
    /// </summary>
    public static Money Arrears(ItemBook book, AllocationOrder order, int digits) => Due(book, order, digits, int.MaxValue);

    /// <summary>
    /// What a letter says is due: of what was asked for only what is due by a local day. A newer bill that has still time is not overdue, and paying what a
    /// letter asks for ends what it speaks of, since the oldest due day is paid first.
    /// </summary>
    public static Money Due(ItemBook book, AllocationOrder order, int digits, int byDay)
    {
        var due = book.Due(byDay);
        return due < Money.SmallestUnit(digits) ? Money.Zero
            : Faults.Sabotage.AskTooLittle ? due.RoundedDownTo(0)
            : (due + (order == AllocationOrder.FeesFirst ? book.Fees : Money.Zero)).RoundedUpTo(digits);
    }

    /// <summary>All that a bill asks for: what is open of it and of earlier ones, and late fees, in the currency's digits.</summary>
    public static Money Bill(ItemBook book, int digits) => Enough(book.Unpaid + book.Fees, digits);

    /// <summary>
    /// What lifts a prepaid balance to zero, in the currency's digits. No share of it goes to a debt agreement: see <see cref="Debt.ShareOf"/>.
    /// </summary>
    public static Money Prepaid(Money balance, int digits) => balance.IsNegative ? (-balance).RoundedUpTo(digits) : Money.Zero;

    private static Money Enough(Money amount, int digits) => amount < Money.SmallestUnit(digits) ? Money.Zero : amount.RoundedUpTo(digits);
}
