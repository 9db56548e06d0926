using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>
/// Late fee of items that were asked for, by the day: what is unpaid of one after its due day bears the pack's share, another where it was carried over a
/// year's end; at least the minimum per item that is late at all; never on fees. (Supply and use of electricity rules of 1996: 1, 2 and 3 in 1000, minimum 1
/// yuan.)
/// </summary>
public static class LateFee
{
    /// <summary>Hundredths of a percent for a local day of an item: carried over a year's end where its due day lies in an earlier year.</summary>
    public static int BasisPoints(Policy policy, int dueDay, int day) =>
        DateOnly.FromDayNumber(dueDay).Year < DateOnly.FromDayNumber(day).Year
            ? policy.Definition.LateFee.CarriedPerDayBasisPoints
            : policy.Definition.LateFee.PerDayBasisPoints;

    /// <summary>
    /// Counts one day on all items that were asked for and returns what is to be booked for it, in the currency's digits: what is less is carried to later
    /// days. The due day itself bears none, nor do arrears below the pack's minimum, nor an item whose fees
    /// have come to <see cref="AccountBounds.MaxNano"/>.
    /// </summary>
    public static Money Take(ItemBook book, Policy policy, int day)
    {
        var late = book.Items.Where(i => i.IsAsked && i.DueDay < day).Select(i => i.Open).Sum();
        if (late == Money.Zero || (late < policy.ArrearsMinimum && !Faults.Sabotage.FeeOnACent))
        {
            return Money.Zero;
        }

        var booked = Money.Zero;
        for (var i = 0; i < book.Items.Count; i++)
        {
            var item = book.Items[i];
            var basisPoints = BasisPoints(policy, item.DueDay, day);
            if (!item.IsAsked || day <= item.DueDay || item.Open == Money.Zero || basisPoints == 0 || item.FeeAccrued.Nano > AccountBounds.MaxNano)
            {
                continue;
            }

            var accrued = item.FeeAccrued + item.Open.Percentage(basisPoints);
            var total = Money.Max(accrued.RoundedDownTo(policy.Digits), policy.LateFeeMinimum);
            booked += Money.Max(Money.Zero, total - item.FeeBooked);
            book.Items[i] = item with { FeeAccrued = accrued, FeeBooked = Money.Max(total, item.FeeBooked) };
        }

        return booked;
    }

    /// <summary>
    /// Whether a local day bears no fee because at its end a plan was kept, a promise open or a dispute undecided, and the pack says so; or because the company
    /// was collecting by direct debit, and the customer could do nothing about when the bank answers.
    /// </summary>
    public static bool IsFree(Customer customer, Policy policy, int day, long endOfDayMs)
    {
        var (p, overdue) = (policy.Definition.LateFee, customer.Overdue);
        return !Faults.Sabotage.FeeDuringPlan && ((!p.DuringPlan && overdue.KeepsPlan(day))
            || (!p.DuringPromise && overdue.PromiseDay >= day)
            || (!p.DuringDispute
                && customer.Holds.Exists(h => h.Kind is HoldKind.Dispute or HoldKind.Grievance or HoldKind.PaymentDispute && h.UntilMs >= endOfDayMs))
            || (!Faults.Sabotage.FeeDuringDebit && customer.PendingPayments.Exists(p => p.IsDebit && p.UntilMs >= endOfDayMs)));
    }
}
