using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Domain.Overdue;

/// <summary>Payment plans, fulfilled or broken.</summary>
internal static class Plans
{
    /// <summary>A plan ends by being fulfilled or broken here, or cancelled by a person; a bill that is paid ends none.</summary>
    /// <returns>How it ended; null is not.</returns>
    internal static string? Follow(FoldContext context, in Moment at)
    {
        var overdue = at.Customer.Overdue;
        if (overdue.Plan.Count == 0)
        {
            return null;
        }

        var isPaid = overdue.Missing(int.MaxValue) <= WideMoney.Zero || overdue.Unpaid + overdue.Fees == Money.Zero;
        var missing = isPaid ? WideMoney.Zero : overdue.Missing(at.Today);
        if (missing <= WideMoney.Zero && !isPaid)
        {
            return null;
        }

        var today = at.Today;
        var missed = overdue.Plan.FindLast(i => i.Day < today).Day;
        var total = overdue.Plan.Select(i => i.Amount).Sum();
        context.Emit(at, missing > WideMoney.Zero ? new PlanBroken(missed, missing.ToMoney()) : new PlanFulfilled(total));
        return missing > WideMoney.Zero ? "A plan was broken." : "A plan was fulfilled.";
    }
}
