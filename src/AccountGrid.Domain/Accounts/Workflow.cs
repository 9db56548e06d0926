using AccountGrid.Domain.Billing;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Accounts;

/// <summary>
/// The workflows of one account, brought up to an instant: late fees, debt, bills, plan, levels, ladder, supply, in this order. Called by every check and
/// after every command; calling it again at once changes nothing.
/// </summary>
internal static class Workflow
{
    /// <summary>The daily look at an account in a workflow comes this long after local midnight: letters are for the morning.</summary>
    private const long MorningMs = 8 * Instants.MsPerHour;

    internal static void Advance(FoldContext context, AccountState account, long atMs)
    {
        if (account.Customer is not { } customer)
        {
            return;
        }

        if (context.PolicyOf(account, atMs) is not { } policy)
        {
            // No version decides on this day: ask again, or the workflow would never go on.
            context.State.Schedule(account, atMs + Instants.MsPerDay);
            return;
        }

        var at = new Moment(account, customer, policy, atMs, account.Calendar.DayOf(atMs));
        var orderEnds = customer.Holds.Exists(h => h.Kind == HoldKind.OrderedRestore && h.UntilMs <= atMs);

        // Before anything that ends today: a day that is over is judged by what was so at its end.
        LateFees.Take(context, at, at.Today - 1);
        var ended = Pauses.EndOverdue(at);
        Debts.RecoverByDay(context, at);
        BillingCycles.Follow(context, at);
        Bills.Close(context, at);
        FinalCredit.Follow(context, at);
        customer.Overdue.Book.Forget(at.Today - Limits.ReversibleDays);
        ended = Plans.Follow(context, at) ?? ended;
        BalanceWatch.Follow(context, account, atMs);
        ended = ended is null && context.HasAnnouncedCome ? "An announced payment has come." : ended;
        ended = ended is null && Waits.HasOtherTerms(context, at) ? "Another version of the pack decides." : ended;
        if (orderEnds)
        {
            Waits.EndOrderedRestore(context, at);
        }
        else if (ended is not null)
        {
            Waits.EndProtection(context, at, ended);
        }

        StageTransitions.BeginEpisode(context, at);
        account.Levels = account.Levels.With(LevelPlan.Of(at), account.Balance);
        StageTransitions.Climb(context, at);
        Cuts.Advance(context, at);
        ScheduleNext(context, at);
    }

    /// <summary>When the account is to be looked at again, and what of it stands in the due table: a row while it is in a workflow, none else.</summary>
    internal static void ScheduleNext(FoldContext context, in Moment at)
    {
        var (account, customer) = (at.Account, at.Customer);
        var (supplyMs, overdue) = (Cuts.NextMs(at), customer.Overdue);
        var tomorrow = account.Calendar.StartOf(at.Today + 1) + MorningMs + CheckTimes.Spread(account.Number);
        var isClimbing = overdue.Stage != Stage.None || overdue.Plan.Count > 0;
        var daily = isClimbing || overdue.Book.Unpaid > Money.Zero || customer.Debt is { Left.Nano: > 0, PerDay.Nano: > 0 }
            || (account.Mode == PaymentMode.Prepaid && account.Status == AccountStatus.Open && account.Meters.Exists(m => m.UntilMs == long.MaxValue)
                && at.Policy.Definition.LowBalance.DaysLeft.Count > 0);
        var bill = Bills.DueFrom(context, at) is { } day ? account.Calendar.StartOf(day) + MorningMs + CheckTimes.Spread(account.Number) : long.MaxValue;
        var next = Math.Min(Math.Min(supplyMs, bill), daily ? tomorrow : long.MaxValue);
        foreach (var hold in customer.Holds)
        {
            next = Math.Min(next, hold.UntilMs);
        }

        context.State.Schedule(account, next);
        var inSupply = customer.Supply.Relay != Relay.On || customer.NegativeSinceMs != 0;
        var dueMs = (inSupply || isClimbing) && next != long.MaxValue ? next : 0;
        if (dueMs != customer.DueMs)
        {
            customer.DueMs = dueMs;
            context.Effects.Dues[account.Number] = new DueEffect(account.Number, inSupply ? "supply" : "ladder", dueMs == 0 ? null : dueMs);
        }
    }
}
