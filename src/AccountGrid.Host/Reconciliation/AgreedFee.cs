using AccountGrid.Domain;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Reconciliation;

/// <summary>Whether a channel keeps what its configuration says. A difference of less than the smallest unit is rounding.</summary>
internal sealed class AgreedFee(PaymentChannelFee? fee, int digits)
{
    /// <summary>What the channel keeps of a payment: nothing where no fee is agreed, or where the customer pays it beside the amount.</summary>
    public Money Of(Money amount)
    {
        if (fee is not { BornBy: "company" })
        {
            return Money.Zero;
        }

        Money.TryParse(fee.Fixed, out var part);
        return part + amount.Percentage(fee.BasisPoints);
    }

    /// <param name="kept">Zero where the file does not say, which is no difference.</param>
    public bool IsRight(Money amount, Money kept) => kept == Money.Zero || IsNear(kept, Of(amount));

    /// <summary>Of a refund the channel may give the fee back, in part or not at all; it may not take another one.</summary>
    public bool IsRightOfRefund(Money amount, Money kept) => kept <= Money.Zero && -kept < Of(amount) + Money.SmallestUnit(digits);

    public bool IsNear(Money kept, Money agreed)
    {
        var difference = kept - agreed;
        return (difference.IsNegative ? -difference : difference) < Money.SmallestUnit(digits);
    }
}
