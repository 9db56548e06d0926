using AccountGrid.Domain.Billing;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>What is collected by direct debit, and what follows when it comes back: the rules at their borders.</summary>
public sealed class DebitRulesTests
{
    private static DebitFacts Right => new() { Owed = new(100), Announced = new(100), IsMandateActive = true };

    [Theory]
    [InlineData(100, 100, 0, 100, null)]
    [InlineData(60, 100, 0, 60, null)]
    [InlineData(140, 100, 0, 100, null)]
    [InlineData(1, 100, 0, 1, null)]
    [InlineData(0, 100, 0, 0, "debit.nothing_owed")]
    [InlineData(100, 0, 0, 0, "debit.not_announced")]
    [InlineData(100, 100, 100, 100, null)]
    [InlineData(100, 100, 99, 0, "debit.above_maximum")]
    [InlineData(99, 100, 99, 99, null)]
    [InlineData(140, 99, 99, 99, null)]
    public void What_is_unpaid_is_collected_and_never_more_than_was_announced(long owed, long announced, long most, long collected, string? why)
    {
        var choice = DebitRules.Choose(Right with { Owed = new(owed), Announced = new(announced), Most = new(most) });
        Assert.Equal((collected, why), (choice.Amount.Nano, choice.Why?.Text));
    }

    [Theory]
    [InlineData(HoldKind.Dispute, true)]
    [InlineData(HoldKind.Bereavement, true)]
    [InlineData(HoldKind.DataQuality, true)]
    [InlineData(HoldKind.Manual, true)]
    [InlineData(HoldKind.Grievance, true)]
    [InlineData(HoldKind.PaymentDispute, true)]
    [InlineData(HoldKind.Weather, false)]
    [InlineData(HoldKind.OrderedRestore, false)]
    public void A_hold_about_the_bill_or_by_a_person_forbids_to_collect(HoldKind hold, bool forbids) =>
        Assert.Equal(forbids ? DirectDebitRefusals.Held : null, DebitRules.Choose(Right with { Holds = [HoldKind.Weather, hold] }).Why);

    [Fact]
    public void A_mandate_that_is_not_active_a_collection_under_way_a_plan_and_a_promise_forbid_to_collect()
    {
        Assert.Equal(DirectDebitRefusals.MandateInactive, DebitRules.Choose(Right with { IsMandateActive = false }).Why);
        Assert.Equal(DirectDebitRefusals.InFlight, DebitRules.Choose(Right with { IsInFlight = true }).Why);
        Assert.Equal(DirectDebitRefusals.PlanExists, DebitRules.Choose(Right with { HasPlan = true }).Why);
        Assert.Equal(DirectDebitRefusals.PromiseOpen, DebitRules.Choose(Right with { HasPromise = true }).Why);
    }

    [Theory]
    [InlineData(100, 99, 1, false)]
    [InlineData(100, 100, 1, false)]
    [InlineData(100, 101, 1, true)]
    [InlineData(100, 113, 14, false)]
    [InlineData(100, 114, 14, true)]
    [InlineData(100, 115, 14, true)]
    public void A_notice_is_in_time_where_so_many_days_lie_before_the_collection(int today, int day, int noticeDays, bool isInTime) =>
        Assert.Equal(isInTime, DebitRules.IsInTime(today, day, noticeDays));

    [Theory]
    [InlineData("2026-03-10", "2029-03-10", false)]
    [InlineData("2026-03-10", "2029-03-11", true)]
    [InlineData("2024-02-29", "2027-02-28", false)]
    [InlineData("2024-02-29", "2027-03-01", true)]
    public void A_mandate_has_lapsed_when_36_months_are_over(string lastUsed, string today, bool lapsed) =>
        Assert.Equal(lapsed, DebitRules.IsLapsed(Day(lastUsed), Day(today)));

    [Theory]
    [InlineData(false, 0, false, "FRST")]
    [InlineData(false, 1, false, "RCUR")]
    [InlineData(false, 1, true, "FNAL")]
    [InlineData(false, 0, true, "FRST")]
    [InlineData(true, 0, false, "OOFF")]
    [InlineData(true, 0, true, "OOFF")]
    public void The_sequence_type_follows_from_use(bool isOneOff, int uses, bool isFinal, string type) =>
        Assert.Equal(type, DebitRules.SequenceOf(isOneOff, uses, isFinal));

    [Theory]
    [InlineData("AM04", 1, DebitReturnStep.PresentAgain)]
    [InlineData("AM04", 2, DebitReturnStep.Look)]
    [InlineData("AC04", 1, DebitReturnStep.SuspendMandate)]
    [InlineData("MD01", 1, DebitReturnStep.CancelMandate)]
    [InlineData("MD06", 1, DebitReturnStep.Dispute)]
    [InlineData("MS03", 1, DebitReturnStep.Look)]
    [InlineData("ZZ99", 1, DebitReturnStep.Look)]
    public void Each_reason_has_its_own_next_step(string code, int presentations, DebitReturnStep step) =>
        Assert.Equal(step, DebitRules.StepOf(code, presentations));

    private static DateOnly Day(string text) => DateOnly.FromDayNumber(Simulation.Given.Day(text));
}
