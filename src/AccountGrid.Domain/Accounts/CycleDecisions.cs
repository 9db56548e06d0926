using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>Whether an account's billing day and the months of a period can be changed, and from when.</summary>
internal static class CycleDecisions
{
    internal static Decision Decide(AccountState account, SetBillingCycle c, long nowMs)
    {
        if (c.Day is < 1 or > BillingCycle.DayMax)
        {
            return Decision.Refuse(BillingRefusals.CycleInvalid, $"day: {c.Day} is not 1 to {BillingCycle.DayMax}, a day of the month.");
        }

        if (c.Months is < 1 or > BillingCycle.MonthsMax)
        {
            return Decision.Refuse(BillingRefusals.CycleInvalid, $"months: {c.Months} is not 1 to {BillingCycle.MonthsMax}.");
        }

        var overdue = account.Customer!.Overdue;
        var today = Math.Max(account.Calendar.DayOf(nowMs), overdue.BilledThroughDay + 1);
        if (account.Mode == PaymentMode.Instalments || overdue.CycleOn(today).Family != 0)
        {
            return Decision.Refuse(BillingRefusals.CycleOfInstalments,
                "The account is billed by instalments, on the days that its policy pack names. Switch its mode first, and wait until the running instalment "
                    + "has ended.");
        }

        // No instalment lies between the fact of today and the next period.
        var start = BillingPeriods.StartOf(today, overdue.BilledThroughDay, overdue.Cycles, (_, _) => []);
        return new BillingCycleSet(BillingPeriods.EndOf(start, overdue.Cycles, (_, _) => []) + 1, c.Day, c.Months);
    }
}
