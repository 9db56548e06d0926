namespace AccountGrid.Domain.Overdue;

/// <summary>What a customer is asked to pay. It is enough for what the message promises: paying it in one payment ends what it speaks of.</summary>
public static class Asking
{
    /// <summary>Arrears on bills, in the currency's digits; less than its smallest unit is nothing. Late fees are in it where the pack has them paid first.</summary>
    public static Money Arrears(ItemBook book, AllocationOrder order, int digits) =>
        book.AskedNano < Money.SmallestUnit(digits).Nano ? Money.Zero
        : Faults.Sabotage.AskTooLittle ? new Money(book.AskedNano).RoundedDownTo(0)
        : new Money(checked(book.AskedNano + (order == AllocationOrder.FeesFirst ? book.FeesNano : 0))).RoundedUpTo(digits);

    /// <summary>All that a bill asks for: what is open of it and of earlier ones, and late fees, in the currency's digits.</summary>
    public static Money Bill(ItemBook book, int digits) => Enough(checked(book.AskedNano + book.FeesNano), digits);

    /// <summary>
    /// What lifts a prepaid balance to zero, in the currency's digits. No share of it goes to a debt agreement: see <see cref="ShareOf"/>.
    /// </summary>
    public static Money Prepaid(Money balance, int digits) => balance.IsNegative ? (-balance).RoundedUpTo(digits) : Money.Zero;

    /// <summary>
    /// What of a payment on a prepaid account goes to a debt agreement: the agreed share of the payment, at most what is left of the debt, and at most what
    /// the payment leaves above zero. So a payment of what a notice asks always ends what the notice speaks of.
    /// </summary>
    /// <param name="balance">Balance with the payment in it.</param>
    public static Money ShareOf(Money payment, Money balance, in Debt debt)
    {
        var most = Math.Max(0, Math.Min(debt.Left.Nano, balance.Nano));
        return new Money(Math.Min(payment.Percentage(debt.ShareBasisPoints).Nano, most));
    }

    private static Money Enough(long nano, int digits) => nano < Money.SmallestUnit(digits).Nano ? Money.Zero : new Money(nano).RoundedUpTo(digits);
}
