using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>Events of bills, plans, stages, notices and supply.</summary>
internal static class OverdueEvents
{
    /// <summary>Carries an event into the state of its account.</summary>
    internal static void Apply(AccountState account, Customer customer, AccountEvent happened, long position, long atMs, Policy? policy)
    {
        var (overdue, supply) = (customer.Overdue, customer.Supply);
        switch (happened)
        {
            case PlanAgreed e:
                EndPlan(overdue);
                overdue.Plan.AddRange(e.Instalments);
                overdue.PlanPosition = position;
                break;
            case PlanCancelled or PlanBroken:
                EndPlan(overdue);
                break;
            case PlanFulfilled:
                // Whoever has just paid the last instalment is not written to at once for what the plan did not cover: the wait at the stage begins anew.
                EndPlan(overdue);
                overdue.StageDay = account.Calendar.DayOf(atMs);
                break;
            case BillingCycleSet e:
                overdue.Set(new BillingCycle(e.FromDay, e.Day, e.Months, e.Family));
                break;
            case BillClosed e:
                overdue.BillCount++;
                overdue.IsFinalBilled |= e.IsFinal;
                overdue.Credited = Money.Zero;
                break;
            case StageEntered e:
                Entered(account, overdue, e, account.Calendar.DayOf(atMs));
                break;
            case NoticeGiven e:
                Given(customer, e, atMs);
                break;
            case WaitBegunAnew:
                customer.WaitFromMs = account.Mode == PaymentMode.Prepaid && customer.NegativeSinceMs != 0 ? atMs : customer.WaitFromMs;
                break;
            case RelayChanged e:
                Changed(account, customer, e, atMs, policy);
                break;
            case CompensationGiven e:
                account.Credit += e.Amount;
                supply.Compensated = true;
                break;
            case TamperSuspected:
                supply.TamperSeen = true;
                break;
            default:
                throw new InvariantBrokenException($"No application of event {happened.GetType().Name}.");
        }
    }

    private static void EndPlan(OverdueState overdue)
    {
        overdue.Plan.Clear();
        overdue.PlanPaid = WideMoney.Zero;
    }

    private static void Entered(AccountState account, OverdueState overdue, StageEntered e, int day)
    {
        (overdue.Stage, overdue.StageDay) = (e.To, day);
        switch (e.To)
        {
            case Stage.None:
                // Proofs and counts belong to one descent. A plan and a promise do not: they end by being kept, broken or cancelled.
                overdue.ForgetProofs();
                break;
            case Stage.Demand when e.From <= e.To:
                overdue.DemandDay = day;
                break;
            case Stage.StopNotice when e.From <= e.To:
                overdue.StopNoticeId = null;
                if (account.MayBeCut)
                {
                    (overdue.StopNoticeDeliveredMs, overdue.AuthorityInformed, overdue.AskedByHand) = (0, false, false);
                }

                break;
        }
    }

    private static void Given(Customer customer, NoticeGiven e, long atMs)
    {
        var (overdue, number) = (customer.Overdue, ++customer.Overdue.Episode);
        if (NoticeKinds.Letters.ContainsKey(e.Kind))
        {
            overdue.LetterNumber = number;
        }

        switch (e.Kind)
        {
            case NoticeKind.Bill or NoticeKind.FinalBill:
                overdue.BillNoticeNumber = number;
                break;
            case NoticeKind.StopNotice:
                overdue.StopNoticeId = e.Id;
                break;
            case NoticeKind.LastNotice:
                customer.Supply.NoticeNumber = number;
                (overdue.LastNoticeId, overdue.LastNoticeDeliveredMs) = (e.Id, 0);
                break;
            case NoticeKind.SupplyCut or NoticeKind.SupplyRestored:
                customer.Supply.NoticeNumber = number;
                break;
            case NoticeKind.BalanceExhausted:
                customer.RemindedMs = atMs;
                break;
        }
    }

    private static void Changed(AccountState account, Customer customer, RelayChanged e, long atMs, Policy? policy)
    {
        var (overdue, supply) = (customer.Overdue, customer.Supply);
        (supply.Relay, supply.SinceMs, supply.Sequence) = (e.To, atMs, e.Sequence);
        supply.Cause = e.To == Relay.On ? CutCause.None : e.Cause;
        if (e.To is Relay.CutPlanned or Relay.CutReleased or Relay.Restoring)
        {
            // A command follows, for every meter that the account has.
            supply.Waiting.Clear();
            supply.Waiting.AddRange(account.Meters.Where(m => m.UntilMs == long.MaxValue).Select(m => m.Number));
        }

        switch (e.From, e.To)
        {
            case (_, Relay.CutReleased) when policy is not null:
                supply.ExpiresMs = policy.CutExpiryOf(account.Calendar, atMs, supply.Cause == CutCause.Exhausted);
                break;
            case (Relay.LastNotice or Relay.CutPlanned, Relay.On):
                (overdue.LastNoticeId, overdue.LastNoticeDeliveredMs) = (null, 0);
                if (overdue.Stage == Stage.ReNotice)
                {
                    (overdue.Stage, overdue.StageDay) = (Stage.StopNotice, account.Calendar.DayOf(atMs));
                }

                break;
            case (Relay.Restoring, Relay.On):
                // Every relay has confirmed it, or no meter is left that could: the next cut has a notice and a suspicion of its own.
                (overdue.LastNoticeId, overdue.LastNoticeDeliveredMs, supply.TamperSeen) = (null, 0, false);
                break;
            case (_, Relay.Restoring):
                (supply.RestoreSinceMs, supply.Compensated, supply.AskedToRestore, supply.ExpiresMs) = (atMs, false, false, long.MaxValue);
                break;
        }
    }
}
