using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Fold;

/// <summary>Restoring supply: at once when the cause is gone, by a person's word, or because a meter leaves; nobody stays dark for another's arrears.</summary>
public sealed partial class PartitionFold
{
    private void RestoreByHand(AccountState account, RestoreOrdered ordered)
    {
        if (account.Customer is not { } customer || PolicyOf(account, State.NowMs) is not { } policy)
        {
            return;
        }

        var at = new Moment(account, customer, policy, State.NowMs, account.Calendar.DayOf(State.NowMs));
        if (customer.Supply.Relay is Relay.Cut or Relay.CutReleased)
        {
            Restore(at, $"Ordered by {ordered.By}.");
        }
        else if (customer.Supply.Relay is Relay.LastNotice or Relay.CutPlanned)
        {
            CallOff(at, $"Ordered by {ordered.By}.", anew: true);
        }
    }

    /// <summary>
    /// Something stopped a cut while its cause lasts: a person's order that ends now, or a word that called it off. Nothing of what was waited for before counts:
    /// for want of balance emergency credit's days and the wait, for arrears the stop notice and its days.
    /// </summary>
    private void BeginWaitAnew(in Moment at, string reason)
    {
        var (account, customer, overdue) = (at.Account, at.Customer, at.Customer.Overdue);
        if (overdue.Stage is Stage.StopNotice or Stage.ReNotice)
        {
            EnterStage(at, Stage.Demand, LadderFactsOf(at));
            (overdue.StopNoticeId, overdue.StopNoticeDeliveredMs, overdue.LastNoticeId, overdue.LastNoticeDeliveredMs) = (null, 0, null, 0);
        }

        if (account.Mode == PaymentMode.Prepaid && customer.NegativeSinceMs != 0)
        {
            customer.WaitFromMs = at.Ms;
        }

        Happened(account, new WaitBegunAnew(reason));
    }

    /// <summary>What protected a customer is taken away, or another pack decides: nothing that was waited for meanwhile counts.</summary>
    private void Unprotect(AccountState account, (CustomerClass Class, CustomerTraits Traits, int Family)? before, CustomerSet now)
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
            EndProtection(account, "The customer's traits were changed.");
        }
    }

    /// <summary>
    /// Whether a version of the pack that decides now waits otherwise than the one under which a stop notice was given, or a prepaid wait began: the customer was told
    /// of the days and the credit of that one.
    /// </summary>
    private bool HasOtherTerms(in Moment at)
    {
        var (account, customer, now) = (at.Account, at.Customer, at.Policy.Definition);
        if (account.Mode == PaymentMode.Prepaid)
        {
            return customer.NegativeSinceMs != 0 && PolicyOf(account, Math.Max(customer.NegativeSinceMs, customer.WaitFromMs)) is { Definition: var then }
                && (then.Prepaid.EmergencyCredit, then.Prepaid.EmergencyDays, then.Prepaid.WaitHours) != (now.Prepaid.EmergencyCredit, now.Prepaid.EmergencyDays, now.Prepaid.WaitHours);
        }

        return customer.Overdue.Stage is Stage.StopNotice or Stage.ReNotice && PolicyOf(account, account.Calendar.StartOf(customer.Overdue.StageDay)) is { Definition: var given }
            && (given.Cut.StopNoticeDaysMin, given.Cut.StopNoticeDaysMax, given.Cut.OverdueDaysMoreThan) != (now.Cut.StopNoticeDaysMin, now.Cut.StopNoticeDaysMax, now.Cut.OverdueDaysMoreThan);
    }

    private void EndProtection(AccountState account, string reason)
    {
        if (account.Customer is { } customer && PolicyOf(account, State.NowMs) is { } policy)
        {
            EndProtection(new Moment(account, customer, policy, State.NowMs, account.Calendar.DayOf(State.NowMs)), reason);
        }
    }

    /// <summary>
    /// What spoke against a cut has ended while its cause lasts: a hold, a plan, a promise, an announced payment, a protection. Nothing that was waited for meanwhile
    /// counts, whether a cut was under way or not: nobody loses supply in the hour in which a dispute is decided.
    /// </summary>
    private void EndProtection(in Moment at, string reason)
    {
        var (customer, relay) = (at.Customer, at.Customer.Supply.Relay);
        var waits = (customer.Overdue.Stage is Stage.StopNotice or Stage.ReNotice && customer.Overdue.OverdueDays(at.Today, at.Policy) is not null) || (at.Account.Mode == PaymentMode.Prepaid && customer.NegativeSinceMs != 0);
        if (!waits)
        {
            return;
        }

        if (relay is Relay.LastNotice or Relay.CutPlanned)
        {
            CallOff(at, reason, anew: true);
        }
        else if (relay == Relay.On)
        {
            BeginWaitAnew(at, reason);
        }
    }

    /// <summary>An ordered restore holds no more: the customer hears of the balance again, and the wait begins.</summary>
    private void EndOrderedRestore(in Moment at)
    {
        BeginWaitAnew(at, "The ordered restore holds no more.");
        if (CauseOf(at.Account) == CutCause.Exhausted)
        {
            at.Customer.RemindedMs = at.Ms;
            Notify(at, "balance-exhausted", FactsOf(at));
        }
    }

    /// <summary>A meter leaves the account, or is exchanged: supply behind it must not stay off for somebody else, and nothing waits for its word any more.</summary>
    /// <param name="stays">The device stays in use elsewhere: it is switched on before the account forgets it.</param>
    private void LeaveSupply(AccountState account, int meter, bool stays)
    {
        if (account.Customer is not { Supply: { Relay: not Relay.On } supply } customer || PolicyOf(account, State.NowMs) is not { } policy)
        {
            return;
        }

        var at = new Moment(account, customer, policy, State.NowMs, account.Calendar.DayOf(State.NowMs));
        if (!supply.IsOff)
        {
            CallOff(at, "A meter left.", anew: true);
            return;
        }

        Restore(at, "A meter left.");
        if (stays && !supply.Waiting.Contains(meter))
        {
            supply.Waiting.Add(meter);
        }

        _effects.Relays[(account.Number, supply.Sequence)] = _effects.Relays[(account.Number, supply.Sequence)] with { Meters = [.. supply.Waiting] };
        if (supply.Waiting.Count == 0)
        {
            Command(at, turnsOn: true, "withdrawn", 0);
            Change(at, Relay.On, "No meter is left.");
            supply.Cause = CutCause.None;
        }
    }

    private void Restore(in Moment at, string reason)
    {
        var supply = at.Customer.Supply;
        if (supply.Relay == Relay.CutReleased)
        {
            Command(at, turnsOn: false, "withdrawn", supply.ExpiresMs);
        }

        supply.Sequence = NextSequence(supply);
        (supply.RestoreSinceMs, supply.Compensated, supply.AskedToRestore, supply.ExpiresMs) = (at.Ms, false, false, long.MaxValue);
        var overdue = at.Customer.Overdue;
        if (overdue.Stage >= Stage.ReNotice)
        {
            // Restored while something is unpaid (a plan was agreed): the way to another cut begins with a new stop notice.
            EnterStage(at, Stage.Demand, LadderFactsOf(at));
            (overdue.StopNoticeId, overdue.StopNoticeDeliveredMs, overdue.LastNoticeId, overdue.LastNoticeDeliveredMs) = (null, 0, null, 0);
        }

        if (CauseOf(at.Account) == CutCause.Exhausted)
        {
            BeginWaitAnew(at, reason);
        }

        Change(at, Relay.Restoring, reason);
        Command(at, turnsOn: true, "released", long.MaxValue);
    }

    private void Compensate(in Moment at)
    {
        var supply = at.Customer.Supply;
        if (supply.Compensated || at.Policy.Compensation == Money.Zero || at.Ms <= supply.RestoreSinceMs + (at.Policy.Definition.Restore.WithinMinutes * MinuteMs))
        {
            return;
        }

        supply.Compensated = true;
        at.Account.Credit += at.Policy.Compensation;
        at.Customer.Overdue.Book.Credit(at.Policy.Compensation.Nano, at.Policy.Allocation);
        Happened(at.Account, new CompensationGiven(at.Policy.Compensation.Nano, supply.RestoreSinceMs, at.Policy.Stamp));
        Enter(at.Account, EntryKind.Compensation, at.Policy.Compensation, 0, at.Policy.Stamp);
    }
}
