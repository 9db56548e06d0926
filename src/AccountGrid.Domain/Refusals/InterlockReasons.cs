namespace AccountGrid.Domain.Refusals;

/// <summary>Why supply may not be cut. Each is a reason in the interlock's answer, never the status of an answer.</summary>
public static class InterlockReasons
{
    public static RefusalCode NoCause { get; } =
        new("interlock.no_cause", 0, "The account has neither arrears nor an exhausted balance.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode NeverCut { get; } =
        new("interlock.never_cut", 0, "The customer is never cut.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode ProtectedMonth { get; } =
        new("interlock.protected_month", 0, "A protected household is not cut in this month.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode WelfareVisit { get; } =
        new("interlock.welfare_visit", 0, "A vulnerable customer needs a welfare visit first.", "Record the visit.");

    public static RefusalCode Hold { get; } =
        new("interlock.hold", 0, "A hold stands.", "Wait for its end, or lift it.");

    public static RefusalCode AuthorityNotInformed { get; } =
        new("interlock.authority_not_informed", 0, "The authority has no copy of the notice.", "Inform it and record that.");

    public static RefusalCode PaymentPending { get; } =
        new("interlock.payment_pending", 0, "A payment is announced.", "Wait for it.");

    public static RefusalCode PlanKept { get; } =
        new("interlock.plan_kept", 0, "A payment plan is kept.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode PromiseOpen { get; } =
        new("interlock.promise_open", 0, "The customer has promised to pay.", "Wait for the promised day.");

    public static RefusalCode StaleReadings { get; } =
        new("interlock.stale_readings", 0, "The last reading is too old.", "Collect a reading.");

    public static RefusalCode DoubtfulReadings { get; } =
        new("interlock.doubtful_readings", 0, "Readings are estimated, held or frozen.", "Resolve the exceptions.");

    public static RefusalCode BalanceNotShown { get; } =
        new("interlock.balance_not_shown", 0, "The customer was not shown the balance recently.", "Send the balance.");

    public static RefusalCode ForbiddenHour { get; } =
        new("interlock.forbidden_hour", 0, "Supply is not cut at this hour.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode HoursEnd { get; } =
        new("interlock.hours_end", 0, "The hours for cuts end too soon.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode CalendarEnds { get; } =
        new("interlock.calendar_ends", 0, "The holiday calendar does not reach this day.", "Register a version of the pack with a longer calendar.");

    public static RefusalCode NoBusinessDay { get; } =
        new("interlock.no_business_day", 0, "Today is not a business day.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode BeforeDayOff { get; } =
        new("interlock.before_day_off", 0, "Tomorrow is not a business day.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode OverdueTooShort { get; } =
        new("interlock.overdue_too_short", 0, "The arrears are not old enough.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode ContactAttempts { get; } =
        new("interlock.contact_attempts", 0, "Too few attempts to reach the customer are recorded.", "Record further attempts.");

    public static RefusalCode NoDemand { get; } =
        new("interlock.no_demand", 0, "No formal demand has been sent.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode StopNoticeUnproven { get; } =
        new("interlock.stop_notice_unproven", 0, "The stop notice's delivery is not proven.", "Record the delivery.");

    public static RefusalCode StopNoticeTooRecent { get; } =
        new("interlock.stop_notice_too_recent", 0, "The stop notice was delivered too recently.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode StopNoticeExpired { get; } =
        new("interlock.stop_notice_expired", 0, "The stop notice is too old.", "A new one is sent.");

    public static RefusalCode LastNoticeUnproven { get; } =
        new("interlock.last_notice_unproven", 0, "The last notice's delivery is not proven.", "Record the delivery.");

    public static RefusalCode LastNoticeTooRecent { get; } =
        new("interlock.last_notice_too_recent", 0, "The last notice was delivered too recently.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode LastNoticeExpired { get; } =
        new("interlock.last_notice_expired", 0, "The last notice is more than a day old.", "A new one is sent.");

    public static RefusalCode NotPrepaid { get; } =
        new("interlock.not_prepaid", 0, "The account is not prepaid.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode NoConsent { get; } =
        new("interlock.no_consent", 0, "The customer's consent to prepaid control is not on record.", "Record the consent.");

    public static RefusalCode BalanceNotNegative { get; } =
        new("interlock.balance_not_negative", 0, "The balance is not below zero.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode BelowMinimum { get; } =
        new("interlock.below_minimum", 0, "The missing amount is below the pack's minimum.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode Waiting { get; } =
        new("interlock.waiting", 0, "Emergency credit or the waiting time is not over.", "Nothing needs to be done: supply stays on.");

    public static RefusalCode FriendlyHours { get; } =
        new("interlock.friendly_hours", 0, "It is a friendly hour or day.", "Nothing needs to be done: supply stays on.");
}
