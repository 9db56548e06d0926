using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Supply;

/// <summary>
/// Whether supply may be cut: a pure function of facts and policy. It names every reason not to, not the first. Evaluated when a cut is planned and
/// again when the command leaves; a doubt is a no. (Rules: DOMAIN, overdue; GB: protected months, contact attempts, welfare visit.)
/// </summary>
public static class Interlock
{
    public static InterlockResult Evaluate(InterlockFacts f, Policy policy, LocalCalendar calendar)
    {
        var reasons = new List<InterlockReason>();
        var cut = policy.Definition.Cut;
        var today = calendar.DayOf(f.AtMs);
        void No(bool when, RefusalCode code, string detail)
        {
            if (when)
            {
                reasons.Add(new InterlockReason(code, detail));
            }
        }

        No(f.Cause == CutCause.None, InterlockReasons.NoCause, "The account is neither in arrears nor out of balance.");
        No((f.Traits & CustomerTraits.NeverCut) != 0, InterlockReasons.NeverCut, "Somebody here may depend on electricity for their health or life.");
        No((f.Traits & CustomerTraits.Protected) != 0 && cut.ProtectedMonths.Contains(DateOnly.FromDayNumber(today).Month), InterlockReasons.ProtectedMonth,
            $"A protected household is not cut in month {DateOnly.FromDayNumber(today).Month}.");
        No((f.Traits & CustomerTraits.Vulnerable) != 0 && cut.WelfareVisit && !f.WelfareVisited, InterlockReasons.WelfareVisit,
            "A vulnerable customer needs a recorded welfare visit first.");
        foreach (var hold in f.Holds)
        {
            No(true, InterlockReasons.Hold, $"A hold stands: {hold}.");
        }

        No(f.Class == CustomerClass.Important && cut.AuthorityCopyForImportant && !f.AuthorityInformed, InterlockReasons.AuthorityNotInformed,
            "The authority must have its copy of the notice before an important user is cut.");
        No(f.HasPendingPayment, InterlockReasons.PaymentPending, "A payment is announced and has not arrived yet.");
        No(f.KeepsPlan, InterlockReasons.PlanKept, "A payment plan is being kept.");
        No(f.HasPromise, InterlockReasons.PromiseOpen, "The customer has promised to pay, and the promised day is not over.");
        Data(f, cut, No);
        Hours(f, policy, calendar, today, No);
        if (f.Cause == CutCause.Arrears)
        {
            Arrears(f, cut, calendar, today, No);
        }
        else if (f.Cause == CutCause.Exhausted)
        {
            Exhausted(f, policy, calendar, No);
        }

        return new InterlockResult(reasons.Count == 0, reasons, policy.Stamp, f);
    }

    private static void Data(InterlockFacts f, CutPolicy cut, Action<bool, RefusalCode, string> no)
    {
        var age = f.AtMs - f.LastReadingMs;
        no(f.LastReadingMs == 0 || age > cut.DataAgeHoursMax * Instants.MsPerHour, InterlockReasons.StaleReadings,
            f.LastReadingMs == 0
                ? "There is no reading."
                : $"The last reading is {age / Instants.MsPerHour} hours old; at most {cut.DataAgeHoursMax} are allowed.");
        no(f.HasDoubtfulReadings, InterlockReasons.DoubtfulReadings, "Readings are estimated, held or frozen: the balance may be wrong.");
        no(f.BalanceShownMs == 0 || f.AtMs - f.BalanceShownMs > cut.BalanceShownDaysMax * Instants.MsPerDay, InterlockReasons.BalanceNotShown,
            $"The customer was not shown the balance within {cut.BalanceShownDaysMax} days.");
    }

    private static void Hours(InterlockFacts f, Policy policy, LocalCalendar calendar, int today, Action<bool, RefusalCode, string> no)
    {
        no(!policy.CutHours.Contains(calendar.MinuteOf(f.AtMs)), InterlockReasons.ForbiddenHour,
            $"Supply is cut from {policy.Definition.Cut.AllowedHours.From} to {policy.Definition.Cut.AllowedHours.To} only.");
        no(!policy.Business.Covers(today + 1), InterlockReasons.CalendarEnds, "The pack's holiday calendar does not reach this day.");
        no(!policy.Business.IsBusinessDay(today), InterlockReasons.NoBusinessDay, "Today is not a business day.");
        no(policy.Definition.Cut.BeforeBusinessDay && !policy.Business.IsBusinessDay(today + 1), InterlockReasons.BeforeDayOff,
            "Tomorrow is not a business day: nobody could help the customer.");
    }

    private static void Arrears(InterlockFacts f, CutPolicy cut, LocalCalendar calendar, int today, Action<bool, RefusalCode, string> no)
    {
        no(f.OverdueDays <= cut.OverdueDaysMoreThan, InterlockReasons.OverdueTooShort,
            $"The oldest bill is {Math.Max(0, f.OverdueDays)} days overdue; more than {cut.OverdueDaysMoreThan} are needed.");
        no(f.ContactAttempts < cut.ContactAttemptsMin, InterlockReasons.ContactAttempts,
            $"{f.ContactAttempts} attempts to reach the customer are recorded; {cut.ContactAttemptsMin} are needed.");
        no(f.DemandDay == 0, InterlockReasons.NoDemand, "No formal demand has been sent.");
        no(f.StopNoticeDeliveredMs == 0, InterlockReasons.StopNoticeUnproven, "The stop notice's delivery is not proven.");
        if (f.StopNoticeDeliveredMs != 0)
        {
            var days = today - calendar.DayOf(f.StopNoticeDeliveredMs);
            no(days < cut.StopNoticeDaysMin, InterlockReasons.StopNoticeTooRecent,
                $"The stop notice was delivered {days} days ago; {cut.StopNoticeDaysMin} are needed.");
            no(days > cut.StopNoticeDaysMax, InterlockReasons.StopNoticeExpired,
                $"The stop notice was delivered {days} days ago; after {cut.StopNoticeDaysMax} it is void.");
        }

        LastNotice(f, cut.LastNoticeMinutes, no);
    }

    private static void Exhausted(InterlockFacts f, Policy policy, LocalCalendar calendar, Action<bool, RefusalCode, string> no)
    {
        var p = policy.Definition.Prepaid;
        no(!f.IsPrepaid, InterlockReasons.NotPrepaid, "The account is not prepaid.");
        no((f.Traits & CustomerTraits.PrepaidConsent) == 0, InterlockReasons.NoConsent, "The customer's consent to prepaid control is not on record.");
        no(f.Balance >= Money.Zero || f.NegativeSinceMs == 0, InterlockReasons.BalanceNotNegative, "The balance is not below zero.");
        no(f.Balance.IsNegative && -f.Balance < policy.ArrearsMinimum, InterlockReasons.BelowMinimum,
            $"The arrears are less than {policy.ArrearsMinimum}.");
        no(f.BalanceShownMs != 0 && f.BalanceShownMs < f.NegativeSinceMs, InterlockReasons.BalanceNotShown,
            "The customer has not been shown the balance since it fell below zero.");
        var earliest = EarliestPrepaidCutMs(policy, f.NegativeSinceMs, f.CreditUsedMs, f.WaitFromMs);
        no(f.NegativeSinceMs != 0 && f.AtMs < earliest, InterlockReasons.Waiting,
            earliest == long.MaxValue ? "Emergency credit is not used up." : $"Emergency credit and the waiting time last until {Instants.ToText(earliest)}.");
        no(policy.IsFriendly(calendar, f.AtMs), InterlockReasons.FriendlyHours, "It is a friendly hour or day.");
        LastNotice(f, p.LastNoticeMinutes, no);
    }

    /// <summary>
    /// When emergency credit, by its days or its amount, and then the wait are over; <see cref="long.MaxValue"/> where only its amount limits it and is not
    /// used up. Where the wait counts anew nothing of it ends before it has been waited for again.
    /// </summary>
    public static long EarliestPrepaidCutMs(Policy policy, long negativeSinceMs, long creditUsedMs, long waitFromMs = 0)
    {
        var p = policy.Definition.Prepaid;
        var hasAmountOnly = p.EmergencyDays == 0 && policy.EmergencyCredit > Money.Zero;
        var creditEnds = hasAmountOnly ? long.MaxValue : Math.Max(negativeSinceMs, waitFromMs) + (p.EmergencyDays * Instants.MsPerDay);
        var ends = creditUsedMs != 0 ? Math.Min(Math.Max(creditUsedMs, waitFromMs), creditEnds) : creditEnds;
        return ends == long.MaxValue ? ends : ends + (p.WaitHours * Instants.MsPerHour);
    }

    private static void LastNotice(InterlockFacts f, int minutes, Action<bool, RefusalCode, string> no)
    {
        const long Minute = 60_000;
        no(f.LastNoticeDeliveredMs == 0, InterlockReasons.LastNoticeUnproven, "The last notice's delivery is not proven.");
        no(f.LastNoticeDeliveredMs != 0 && f.AtMs - f.LastNoticeDeliveredMs < minutes * Minute, InterlockReasons.LastNoticeTooRecent,
            $"The last notice was delivered {(f.AtMs - f.LastNoticeDeliveredMs) / Minute} minutes ago; {minutes} are needed.");
        no(f.LastNoticeDeliveredMs != 0 && f.AtMs - f.LastNoticeDeliveredMs > Instants.MsPerDay, InterlockReasons.LastNoticeExpired,
            "The last notice is more than a day old.");
    }
}
