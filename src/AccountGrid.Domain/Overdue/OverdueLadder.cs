using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Domain.Overdue;

/// <summary>
/// The ladder of collection: worst first, from facts and the business day, level-triggered. It goes up by one stage at a time, on business
/// days, with the pack's least time between; it goes down at once to what the oldest unpaid bill still asks for. A closed account has no
/// supply to cut: from the demand it goes to write-off, without the stages between.
/// </summary>
public static class OverdueLadder
{
    /// <summary>The stage to be in now. The same as before: nothing happens.</summary>
    public static Stage Next(in LadderFacts f, Policy policy)
    {
        if (f.OverdueDays is not { } days)
        {
            return Stage.None;
        }

        var target = Target(days, policy.Definition.Ladder);
        if (f.IsClosed && target is >= Stage.StopNotice and < Stage.WrittenOff)
        {
            target = Stage.Demand;
        }

        if (target < f.Stage)
        {
            if (f is { IsClosed: true, Stage: < Stage.WrittenOff })
            {
                return target;
            }

            // A cut, and what comes after it, ends when nothing is overdue any more; a bill that is not due yet keeps nobody dark. Nor does one that fell due
            // after the cut: nothing was demanded for it, and the ladder begins for it at the courtesy reminder.
            return f.Stage >= Stage.Cut && days > 0 && f.CutDay != 0 && f.Today - days >= f.CutDay ? (Stage)Math.Min((byte)target, (byte)Stage.Courtesy)
                : (f.Stage >= Stage.Cut && days > 0) || (f.Stage == Stage.ReNotice && target == Stage.StopNotice) ? f.Stage : target;
        }

        if (target == f.Stage || f.IsPaused || !policy.Business.IsBusinessDay(f.Today) || !IsRipe(f, policy.Definition))
        {
            return f.Stage;
        }

        if (f.Stage == Stage.StopNotice)
        {
            return Stage.Closed;
        }

        if (f is { IsClosed: true, Stage: Stage.Demand })
        {
            return Stage.WrittenOff;
        }

        // A reminder before the due day is of no use after it.
        return f.Stage == Stage.None && days >= 0 ? Stage.Due : f.Stage + 1;
    }

    /// <summary>The worst stage that so many days alone allow. The last notice and the cut come from <see cref="Interlock"/>, not from here.</summary>
    public static Stage Target(int overdueDays, LadderPolicy p) => overdueDays switch
    {
        _ when overdueDays >= p.WrittenOffAfterDays => Stage.WrittenOff,
        _ when overdueDays >= p.ClosedAfterDays => Stage.Closed,
        _ when overdueDays >= p.StopNoticeAfterDays => Stage.StopNotice,
        _ when overdueDays >= p.DemandAfterDays => Stage.Demand,
        _ when overdueDays >= p.PlanOfferAfterDays => Stage.PlanOffer,
        _ when overdueDays >= p.ContactAfterDays => Stage.Contact,
        _ when overdueDays >= p.CourtesyAfterDays => Stage.Courtesy,
        >= 0 => Stage.Due,
        _ when p.ReminderBeforeDueDays > 0 && overdueDays >= -p.ReminderBeforeDueDays => Stage.Reminder,
        _ => Stage.None,
    };

    /// <summary>Whether a stop notice is void, so that it must be given again before a cut.</summary>
    public static bool IsStopNoticeExpired(in LadderFacts f, Policy policy) =>
        f.StopNoticeDelivered > 0 && f.Today > f.StopNoticeDelivered + policy.Definition.Cut.StopNoticeDaysMax;

    private static bool IsRipe(in LadderFacts f, PolicyDefinition p) => f.Stage switch
    {
        // Being due is a date, not the effect of a letter, so it follows a reminder on the next day; nobody gets two letters on one day.
        Stage.None or Stage.Reminder => f.Today > f.StageDay,

        // What follows a stop notice is a cut, and that is the interlock's; where it never agrees, people decide when the account's time has come.
        Stage.StopNotice => f.Relay == Relay.On && f.OverdueDays >= p.Ladder.ClosedAfterDays && f.Today >= f.StageDay + p.Ladder.DwellDays,
        Stage.ReNotice => false,
        Stage.Cut => f.Relay == Relay.Cut,
        _ => f.Today >= f.StageDay + p.Ladder.DwellDays,
    };
}
