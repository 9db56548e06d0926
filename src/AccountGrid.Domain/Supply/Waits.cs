using AccountGrid.Domain.Events;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Supply;

/// <summary>The wait for a cut, which begins anew when something had stopped it.</summary>
internal static class Waits
{
    /// <summary>
    /// Something stopped a cut while its cause lasts: a person's order that ends now, or a word that called it off. Nothing of what was waited for before
    /// counts: for want of balance emergency credit's days and the wait, for arrears the stop notice and its days.
    /// </summary>
    internal static void BeginAnew(FoldContext context, in Moment at, string reason)
    {
        if (at.Customer.Overdue.Stage is Stage.StopNotice or Stage.ReNotice)
        {
            StageTransitions.FallToDemand(context, at);
        }

        context.Emit(at, new WaitBegunAnew(reason));
    }

    /// <summary>What protected a customer is taken away, or another pack decides: nothing that was waited for meanwhile counts.</summary>
    internal static void Unprotect(FoldContext context, AccountState account, (CustomerClass Class, CustomerTraits Traits, int Family)? before, CustomerSet now)
    {
        const CustomerTraits Protective = CustomerTraits.NeverCut | CustomerTraits.Protected | CustomerTraits.Vulnerable;
        if (before is not { } was)
        {
            return;
        }

        var isLess = (was.Traits & ~now.Traits & Protective) != 0 || (was.Class == CustomerClass.Important && now.Class != CustomerClass.Important)
            || (now.Traits & ~was.Traits & CustomerTraits.PrepaidConsent) != 0 || was.Family != now.PolicyFamily;
        if (isLess)
        {
            EndProtection(context, account, "The customer's traits were changed.");
        }
    }

    /// <summary>
    /// Whether a version of the pack that decides now waits otherwise than the one under which a stop notice was given, or a prepaid wait began: the customer
    /// was told of the days and the credit of that one.
    /// </summary>
    internal static bool HasOtherTerms(FoldContext context, in Moment at)
    {
        var (account, customer, now) = (at.Account, at.Customer, at.Policy.Definition);
        if (account.Mode == PaymentMode.Prepaid)
        {
            return customer.NegativeSinceMs != 0
                && context.PolicyOf(account, Math.Max(customer.NegativeSinceMs, customer.WaitFromMs)) is { Definition: var then }
                && (then.Prepaid.EmergencyCredit, then.Prepaid.EmergencyDays, then.Prepaid.WaitHours)
                    != (now.Prepaid.EmergencyCredit, now.Prepaid.EmergencyDays, now.Prepaid.WaitHours);
        }

        return customer.Overdue.Stage is Stage.StopNotice or Stage.ReNotice
            && context.PolicyOf(account, account.Calendar.StartOf(customer.Overdue.StageDay)) is { Definition: var given }
            && (given.Cut.StopNoticeDaysMin, given.Cut.StopNoticeDaysMax, given.Cut.OverdueDaysMoreThan)
                != (now.Cut.StopNoticeDaysMin, now.Cut.StopNoticeDaysMax, now.Cut.OverdueDaysMoreThan);
    }

    internal static void EndProtection(FoldContext context, AccountState account, string reason)
    {
        if (context.MomentOf(account) is { } at)
        {
            EndProtection(context, at, reason);
        }
    }

    /// <summary>
    /// What prevented a cut has ended while its cause lasts: a hold, a plan, a promise, an announced payment, a protection. Nothing that was waited for
    /// meanwhile counts, whether a cut was under way or not: nobody loses supply in the hour in which a dispute is decided.
    /// </summary>
    internal static void EndProtection(FoldContext context, in Moment at, string reason)
    {
        var (customer, relay) = (at.Customer, at.Customer.Supply.Relay);
        var waits = (customer.Overdue.Stage is Stage.StopNotice or Stage.ReNotice && customer.Overdue.OverdueDays(at.Today, at.Policy) is not null)
            || (at.Account.Mode == PaymentMode.Prepaid && customer.NegativeSinceMs != 0);
        if (!waits)
        {
            return;
        }

        if (relay is Relay.LastNotice or Relay.CutPlanned)
        {
            Cuts.CallOff(context, at, reason, anew: true);
        }
        else if (relay == Relay.On)
        {
            BeginAnew(context, at, reason);
        }
    }

    /// <summary>An ordered restore holds no more: the customer hears of the balance again, and the wait begins.</summary>
    internal static void EndOrderedRestore(FoldContext context, in Moment at)
    {
        BeginAnew(context, at, "The ordered restore holds no more.");
        if (InterlockCheck.CauseOf(at.Account) == CutCause.Exhausted)
        {
            NoticeWriter.Give(context, at, NoticeKind.BalanceExhausted, NoticeWriter.FactsOf(context, at));
        }
    }
}
