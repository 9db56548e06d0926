using AccountGrid.Domain.Events;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Supply;

/// <summary>Each row spoils one fact of a cut that may be made, or puts it at its border.</summary>
public sealed class InterlockTests
{
    private static readonly LocalCalendar Calendar = LocalCalendar.Find("Asia/Shanghai")!;

    // Wednesday.
    private static readonly long Noon = Given.At("2026-03-18T12:30:00+08:00");

    public static TheoryData<string, string> ArrearsRows => new()
    {
        { "nothing", "" },
        { "overdue 30", "interlock.overdue_too_short" },
        { "no demand", "interlock.no_demand" },
        { "stop notice unproven", "interlock.stop_notice_unproven" },
        { "stop notice 2 days", "interlock.stop_notice_too_recent" },
        { "stop notice 3 days", "" },
        { "stop notice 7 days", "" },
        { "stop notice 8 days", "interlock.stop_notice_expired" },
        { "last notice unproven", "interlock.last_notice_unproven" },
        { "last notice 29 minutes", "interlock.last_notice_too_recent" },
        { "last notice 30 minutes", "" },
        { "last notice 25 hours", "interlock.last_notice_expired" },
        { "important", "interlock.authority_not_informed" },
        { "important, informed", "" },
        { "never cut", "interlock.never_cut" },
        { "vulnerable", "interlock.welfare_visit" },
        { "vulnerable, visited", "" },
        { "no attempts", "interlock.contact_attempts" },
        { "dispute", "interlock.hold" },
        { "payment pending", "interlock.payment_pending" },
        { "plan", "interlock.plan_kept" },
        { "promise", "interlock.promise_open" },
        { "reading 24 hours old", "" },
        { "reading 25 hours old", "interlock.stale_readings" },
        { "no reading", "interlock.stale_readings" },
        { "estimated", "interlock.doubtful_readings" },
        { "balance shown 7 days ago", "" },
        { "balance shown 8 days ago", "interlock.balance_not_shown" },
        { "balance never shown", "interlock.balance_not_shown" },
        { "08:59", "interlock.forbidden_hour" },
        { "09:00", "" },
        { "14:59", "" },
        { "15:00", "interlock.forbidden_hour" },
        { "Friday", "interlock.before_day_off" },
        { "Saturday", "interlock.before_day_off interlock.no_business_day" },
        { "31 December", "interlock.calendar_ends" },
    };

    [Theory]
    [MemberData(nameof(ArrearsRows))]
    public void A_cut_for_arrears_needs_all_of_it(string spoil, string reasons)
    {
        var f = Arrears();
        f = spoil switch
        {
            "nothing" => f,
            "overdue 30" => f with { OverdueDays = 30 },
            "no demand" => f with { DemandDay = 0 },
            "stop notice unproven" => f with { StopNoticeDeliveredMs = 0 },
            "stop notice 2 days" => f with { StopNoticeDeliveredMs = Given.At("2026-03-16T00:00:00+08:00") },
            "stop notice 3 days" => f with { StopNoticeDeliveredMs = Given.At("2026-03-15T23:59:00+08:00") },
            "stop notice 7 days" => f with { StopNoticeDeliveredMs = Given.At("2026-03-11T00:00:00+08:00") },
            "stop notice 8 days" => f with { StopNoticeDeliveredMs = Given.At("2026-03-10T23:59:00+08:00") },
            "last notice unproven" => f with { LastNoticeDeliveredMs = 0 },
            "last notice 29 minutes" => f with { LastNoticeDeliveredMs = Noon - (30 * 60_000) + 1 },
            "last notice 30 minutes" => f with { LastNoticeDeliveredMs = Noon - (30 * 60_000) },
            "last notice 25 hours" => f with { LastNoticeDeliveredMs = Noon - (25 * Instants.MsPerHour) },
            "important" => f with { Class = CustomerClass.Important },
            "important, informed" => f with { Class = CustomerClass.Important, AuthorityInformed = true },
            "never cut" => f with { Traits = CustomerTraits.NeverCut },
            "vulnerable" => f with { Traits = CustomerTraits.Vulnerable },
            "vulnerable, visited" => f with { Traits = CustomerTraits.Vulnerable, WelfareVisited = true },
            "no attempts" => f with { ContactAttempts = 0 },
            "dispute" => f with { Holds = ["Dispute"] },
            "payment pending" => f with { HasPendingPayment = true },
            "plan" => f with { KeepsPlan = true },
            "promise" => f with { HasPromise = true },
            "reading 24 hours old" => f with { LastReadingMs = Noon - Instants.MsPerDay },
            "reading 25 hours old" => f with { LastReadingMs = Noon - Instants.MsPerDay - 1 },
            "no reading" => f with { LastReadingMs = 0 },
            "estimated" => f with { HasDoubtfulReadings = true },
            "balance shown 7 days ago" => f with { BalanceShownMs = Noon - (7 * Instants.MsPerDay) },
            "balance shown 8 days ago" => f with { BalanceShownMs = Noon - (7 * Instants.MsPerDay) - 1 },
            "balance never shown" => f with { BalanceShownMs = 0 },
            "08:59" => At(f, "2026-03-18T08:59:59+08:00"),
            "09:00" => At(f, "2026-03-18T09:00:00+08:00"),
            "14:59" => At(f, "2026-03-18T14:59:59+08:00"),
            "15:00" => At(f, "2026-03-18T15:00:00+08:00"),
            "Friday" => At(f, "2026-03-20T12:00:00+08:00"),
            "Saturday" => At(f, "2026-03-21T12:00:00+08:00"),
            "31 December" => At(f, "2026-12-31T12:00:00+08:00"),
            _ => throw new ArgumentOutOfRangeException(nameof(spoil), spoil, "No such row."),
        };
        Check(f, "cn-residential", reasons);
    }

    [Theory]
    [InlineData("2026-03-31", "interlock.protected_month")]
    [InlineData("2026-04-01", "")]
    [InlineData("2026-09-30", "")]
    [InlineData("2026-10-01", "interlock.protected_month")]
    public void A_protected_household_is_not_cut_from_October_to_March(string day, string reasons)
    {
        var at = Given.At($"{day}T12:00:00+08:00");
        var f = At(Arrears() with { Traits = CustomerTraits.Protected, ContactAttempts = 10 }, $"{day}T12:00:00+08:00");
        Check(f with { StopNoticeDeliveredMs = at - (10 * Instants.MsPerDay) }, "gb-prepay", reasons);
    }

    [Theory]
    [InlineData(9, "interlock.contact_attempts")]
    [InlineData(10, "")]
    public void Ten_attempts_to_reach_the_customer_are_needed_there(int attempts, string reasons)
    {
        var f = At(Arrears() with { ContactAttempts = attempts }, "2026-06-17T12:00:00+08:00");
        Check(f with { StopNoticeDeliveredMs = f.AtMs - (10 * Instants.MsPerDay) }, "gb-prepay", reasons);
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("no consent", "interlock.no_consent")]
    [InlineData("postpaid", "interlock.not_prepaid")]
    [InlineData("balance 0", "interlock.balance_not_negative")]
    [InlineData("below the minimum", "interlock.below_minimum")]
    [InlineData("47 hours", "interlock.waiting")]
    [InlineData("48 hours", "")]
    [InlineData("11:59", "interlock.friendly_hours")]
    [InlineData("12:00", "")]
    public void A_cut_for_want_of_balance_waits_and_keeps_friendly_hours(string spoil, string reasons)
    {
        var f = Arrears() with
        {
            Cause = CutCause.Exhausted,
            IsPrepaid = true,
            Balance = Money.FromUnits(-5),
            Traits = CustomerTraits.PrepaidConsent,
            NegativeSinceMs = Noon - (60 * Instants.MsPerHour),
            OverdueDays = -1,
            DemandDay = 0,
            StopNoticeDeliveredMs = 0,
        };
        f = spoil switch
        {
            "nothing" => f,
            "no consent" => f with { Traits = CustomerTraits.None },
            "postpaid" => f with { IsPrepaid = false },
            "balance 0" => f with { Balance = Money.Zero },
            "below the minimum" => f with { Balance = Money.FromUnits(-5) + new Money(1) },
            "47 hours" => f with { NegativeSinceMs = Noon - (48 * Instants.MsPerHour) + 1 },
            "48 hours" => f with { NegativeSinceMs = Noon - (48 * Instants.MsPerHour) },
            "11:59" => At(f, "2026-03-18T11:59:59+08:00"),
            "12:00" => At(f, "2026-03-18T12:00:00+08:00"),
            _ => throw new ArgumentOutOfRangeException(nameof(spoil), spoil, "No such row."),
        };
        Check(f, "cn-residential", reasons);
    }

    [Fact]
    public void It_names_every_reason_not_the_first()
    {
        var result = Interlock.Evaluate(Arrears() with { Holds = ["Dispute", "Weather"], HasPendingPayment = true, DemandDay = 0, LastReadingMs = 0 },
            Packs.Get("cn-residential"), Calendar);
        Assert.False(result.Go);
        Assert.Equal(["interlock.hold", "interlock.hold", "interlock.no_demand", "interlock.payment_pending", "interlock.stale_readings"],
            result.Reasons.Select(r => r.Code.Text).Order(StringComparer.Ordinal));
        Assert.StartsWith("cn-residential/1#", result.Policy, StringComparison.Ordinal);
    }

    private static void Check(InterlockFacts facts, string pack, string reasons)
    {
        var result = Interlock.Evaluate(facts, Packs.Get(pack), Calendar);
        Assert.Equal(reasons, string.Join(' ', result.Reasons.Select(r => r.Code.Text).Order(StringComparer.Ordinal)));
        Assert.Equal(reasons.Length == 0, result.Go);
    }

    /// <summary>The same facts at another time: what counts from now moves with it.</summary>
    private static InterlockFacts At(InterlockFacts f, string at)
    {
        var ms = Given.At(at);
        return f with
        {
            AtMs = ms,
            LastReadingMs = ms - Instants.MsPerHour,
            BalanceShownMs = ms - Instants.MsPerDay,
            LastNoticeDeliveredMs = ms - Instants.MsPerHour,
            StopNoticeDeliveredMs = f.StopNoticeDeliveredMs == 0 ? 0 : ms - (5 * Instants.MsPerDay),
            NegativeSinceMs = f.NegativeSinceMs == 0 ? 0 : ms - (60 * Instants.MsPerHour),
        };
    }

    private static InterlockFacts Arrears() => new()
    {
        Cause = CutCause.Arrears,
        AtMs = Noon,
        Balance = -Money.FromUnits(100),
        Class = CustomerClass.Residential,
        Traits = CustomerTraits.None,
        OverdueDays = 31,
        DemandDay = Given.Day("2026-03-10"),
        StopNoticeDeliveredMs = Noon - (5 * Instants.MsPerDay),
        LastNoticeDeliveredMs = Noon - Instants.MsPerHour,
        ContactAttempts = 1,
        LastReadingMs = Noon - Instants.MsPerHour,
        BalanceShownMs = Noon - Instants.MsPerDay,
    };
}
