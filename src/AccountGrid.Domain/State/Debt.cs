namespace AccountGrid.Domain.State;

/// <summary>
/// Debt carried beside the balance by agreement. On a prepaid account a share of each payment recovers it, or an amount per day, out of what is above zero; on
/// bills the same share of each bill and the days' amounts are asked for by the next bill.
/// </summary>
/// <param name="ShareBasisPoints">Share of each payment or bill, hundredths of a percent.</param>
/// <param name="ThroughDay">Last local day for which the daily part was looked at.</param>
public readonly record struct Debt(Money Left, int ShareBasisPoints, Money PerDay, int ThroughDay)
{
    /// <summary>
    /// What of a payment on a prepaid account goes to the debt: the agreed share of the payment, at most what is left of the debt, and at most what the payment
    /// leaves above zero. So a payment of what a notice asks always ends what the notice speaks of.
    /// </summary>
    /// <param name="balance">Balance with the payment in it.</param>
    public Money ShareOf(Money payment, Money balance)
    {
        var most = Money.Max(Money.Zero, Money.Min(Left, balance));
        return Money.Min(payment.Percentage(ShareBasisPoints), most);
    }
}
