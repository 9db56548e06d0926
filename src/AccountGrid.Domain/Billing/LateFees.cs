using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Late fees, day by day.</summary>
internal static class LateFees
{
    /// <summary>
    /// Counts late fees for every day up to one that was not counted yet. Comes before a payment of today, which changes no day that is over.
    /// </summary>
    internal static void Take(FoldContext context, in Moment at, int throughDay)
    {
        var (overdue, account) = (at.Customer.Overdue, at.Account);
        if (overdue.FeeThroughDay == 0 || overdue.Book.Items.Count == 0 || !account.OwesByBill)
        {
            overdue.FeeThroughDay = Math.Max(overdue.FeeThroughDay, throughDay);
            return;
        }

        while (overdue.FeeThroughDay < throughDay)
        {
            var day = ++overdue.FeeThroughDay;
            var policy = context.PolicyOn(at.Customer.PolicyFamily, day) ?? at.Policy;
            var isFree = AccountBounds.IsReached(account) || LateFee.IsFree(at.Customer, policy, day, account.Calendar.StartOf(day + 1));
            var fee = isFree ? Money.Zero : LateFee.Take(overdue.Book, policy, day);
            if (fee > Money.Zero)
            {
                account.Credit -= fee;
                overdue.Book.Grow(ItemKind.Fee, fee, policy.Allocation);
                context.Enter(account, EntryKind.LateFee, -fee, day, at.Policy.Stamp);
            }
        }
    }
}
