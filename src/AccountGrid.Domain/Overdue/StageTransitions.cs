using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Overdue;

/// <summary>Stages of collection: entering them, and what each brings.</summary>
internal static class StageTransitions
{
    /// <summary>
    /// Contacts and proofs belong to one episode of arrears, which is named by the due day of the oldest unpaid bill. Where that bill is paid and another is
    /// overdue, the ladder begins again at the courtesy reminder: nobody was asked about this one yet. A cut that was made lasts until nothing is overdue.
    /// </summary>
    internal static void BeginEpisode(FoldContext context, in Moment at)
    {
        var overdue = at.Customer.Overdue;
        var due = at.Account.OwesByBill ? overdue.OldestDueDay(at.Policy) ?? 0 : 0;
        if (due == overdue.ProofDueDay || (overdue.Stage >= Stage.Cut && due != 0))
        {
            return;
        }

        overdue.ProofDueDay = due;
        overdue.ForgetProofs();
        if (overdue.Stage > Stage.Courtesy && due != 0)
        {
            Enter(context, at, Stage.Courtesy, FactsOf(at));
        }
    }

    internal static void Climb(FoldContext context, in Moment at)
    {
        var (account, overdue) = (at.Account, at.Customer.Overdue);
        var facts = FactsOf(at);
        var next = OverdueLadder.Next(facts, at.Policy);
        if (next != overdue.Stage)
        {
            Enter(context, at, next, facts);
        }
        else if (facts is { IsClosed: true, Stage: Stage.Demand, IsPaused: false } && facts.OverdueDays >= at.Policy.Definition.Ladder.StopNoticeAfterDays
            && !overdue.AskedByHand && at.Policy.Business.IsBusinessDay(at.Today))
        {
            // Nothing is there to cut, and what is owed is not left alone until it is written off.
            overdue.AskedByHand = true;
            CaseBook.Open(context, at, CaseKind.CannotBeCut);
        }
        else if (overdue.Stage == Stage.StopNotice && at.Customer.Supply.Relay == Relay.On && !facts.IsPaused
            && at.Policy.Business.IsBusinessDay(at.Today))
        {
            if (OverdueLadder.IsStopNoticeExpired(facts, at.Policy) && at.Account.MayBeCut)
            {
                // Something that only people can do was missing: a visit, a call, the authority's copy, sound readings.
                CaseBook.Open(context, at, CaseKind.CutBlocked);
                Enter(context, at, Stage.StopNotice, facts);
            }
            else if (overdue.StopNoticeDeliveredMs == 0 && !overdue.AskedByHand && at.Today >= overdue.StageDay + at.Policy.Definition.Ladder.DwellDays)
            {
                // No channel has proven it: a person carries it.
                overdue.AskedByHand = true;
                CaseBook.Open(context, at, CaseKind.DeliverByHand, overdue.StopNoticeId);
            }
        }
    }

    internal static LadderFacts FactsOf(in Moment at)
    {
        var (account, customer, overdue) = (at.Account, at.Customer, at.Customer.Overdue);
        var isPaused = customer.Holds.Count > 0 || overdue.KeepsPlan(at.Today) || overdue.PromiseDay >= at.Today || customer.PendingPayments.Count > 0;
        var delivered = overdue.StopNoticeDeliveredMs == 0 ? 0 : account.Calendar.DayOf(overdue.StopNoticeDeliveredMs);
        var days = account.OwesByBill ? overdue.OverdueDays(at.Today, at.Policy) : null;
        var cutDay = customer.Supply.Relay == Relay.Cut ? account.Calendar.DayOf(customer.Supply.SinceMs) : 0;
        return new LadderFacts(overdue.Stage, overdue.StageDay, days, at.Today, isPaused && !Faults.Sabotage.StageDuringPlan, delivered,
            customer.Supply.Relay, cutDay, account.Status == AccountStatus.Closed);
    }

    /// <summary>The way to a cut begins anew with a new stop notice: what was proven of the last ones counts no more.</summary>
    internal static void FallToDemand(FoldContext context, in Moment at)
    {
        var overdue = at.Customer.Overdue;
        Enter(context, at, Stage.Demand, FactsOf(at));
        (overdue.StopNoticeId, overdue.StopNoticeDeliveredMs, overdue.LastNoticeId, overdue.LastNoticeDeliveredMs) = (null, 0, null, 0);
    }

    internal static void Enter(FoldContext context, in Moment at, Stage stage, in LadderFacts facts)
    {
        var overdue = at.Customer.Overdue;
        var from = overdue.Stage;
        context.Emit(at, new StageEntered(from, stage, facts.OverdueDays, overdue.Unpaid, at.Policy.Stamp));
        if (stage < from)
        {
            return;
        }

        switch (stage)
        {
            case Stage.Contact or Stage.Closed or Stage.WrittenOff:
                CaseBook.Open(context, at, stage switch { Stage.Contact => CaseKind.Contact, Stage.Closed => CaseKind.CloseAccount, _ => CaseKind.WriteOff });
                break;
            case Stage.Demand:
                Letters.Give(context, at, NoticeKind.Demand);
                break;
            case Stage.StopNotice when !at.Account.MayBeCut:
                CaseBook.Open(context, at, CaseKind.CannotBeCut);
                break;
            case Stage.StopNotice:
                Letters.Give(context, at, NoticeKind.StopNotice);
                if (IsAuthorityNeeded(at))
                {
                    CaseBook.Open(context, at, CaseKind.InformAuthority, overdue.StopNoticeId);
                }

                break;
            case Stage.Reminder or Stage.Due or Stage.Courtesy or Stage.PlanOffer:
                Letters.Give(context, at,
                    stage switch
                    {
                        Stage.Reminder => NoticeKind.PaymentReminder,
                        Stage.Due => NoticeKind.PaymentDue,
                        Stage.Courtesy => NoticeKind.CourtesyReminder,
                        _ => NoticeKind.PlanOffer
                    });
                break;
        }
    }

    internal static bool IsAuthorityNeeded(in Moment at) => at.Customer.Class == CustomerClass.Important && at.Policy.Definition.Cut.AuthorityCopyForImportant;
}
