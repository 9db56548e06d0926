using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Where billing begins, and how it follows when an account goes to instalments, from them, or to another pack's.</summary>
internal static class BillingCycles
{
    /// <summary>
    /// Billing begins: by instalments with the running one, else with the running month; never before the account did, nor before a version of the pack.
    /// </summary>
    internal static void Begin(FoldContext context, in Moment at)
    {
        var (account, overdue, family) = (at.Account, at.Customer.Overdue, FamilyOf(at.Account));
        var start = Math.Max(BillingPeriods.RunningFrom(at.Today, family == 0 ? [BillingCycle.DayMax] : at.Policy.InstalmentDays), account.OpenedDay);
        while (family != 0 && start < at.Today && context.PolicyOn(family, start) is null)
        {
            start++;
        }

        overdue.BilledThroughDay = start - 1;
        if (family != 0)
        {
            context.Emit(at, new BillingCycleSet(start, BillingCycle.Monthly.Day, BillingCycle.Monthly.Months, family));
        }
    }

    /// <summary>
    /// Follows a change of the mode or of the pack. The first day of the new instalments from today on ends the running period, which the account's own would
    /// end up to three months later; without instalments the running one ends first. No day that is charged changes its bill.
    /// </summary>
    internal static void Follow(FoldContext context, in Moment at)
    {
        var (account, overdue, family) = (at.Account, at.Customer.Overdue, FamilyOf(at.Account));
        var last = overdue.LastCycle;
        if (overdue.BilledThroughDay == 0 || account.Status == AccountStatus.Closed || last.Family == family)
        {
            return;
        }

        var from = family == 0
            ? BillPeriods.NextStart(context, account, at.Today)
            : BillingPeriods.FirstFrom(Math.Max(at.Today, overdue.BilledThroughDay + 1), at.Policy.InstalmentDays) + 1;
        context.Emit(at, new BillingCycleSet(from, last.Day, last.Months, family));
    }

    private static int FamilyOf(AccountState account) => account.Mode == PaymentMode.Instalments ? account.Customer!.PolicyFamily : 0;
}
