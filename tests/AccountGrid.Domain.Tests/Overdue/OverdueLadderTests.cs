using AccountGrid.Domain.Overdue;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Overdue;

public sealed class OverdueLadderTests
{
    // 2026-03-18 is a Wednesday, 2026-03-21 a Saturday.
    [Theory]
    [InlineData("None", null, "None", "nothing billed is unpaid")]
    [InlineData("None", -4, "None", "four days before")]
    [InlineData("None", -3, "Reminder", "three days before")]
    [InlineData("None", 0, "Due", "the due day")]
    [InlineData("None", 200, "Due", "found late: the mildest that is not too late")]
    [InlineData("Reminder", 0, "Due", "the due day follows whatever the dwell")]
    [InlineData("Due", 2, "Due", "one day too early")]
    [InlineData("Due", 3, "Courtesy", "three days")]
    [InlineData("Due", 200, "Courtesy", "one stage at a time")]
    [InlineData("Courtesy", 9, "Courtesy", "one day too early")]
    [InlineData("Courtesy", 10, "Contact", "ten days")]
    [InlineData("Contact", 17, "PlanOffer", "seventeen")]
    [InlineData("PlanOffer", 24, "Demand", "twenty-four")]
    [InlineData("Demand", 30, "Demand", "day 30 is not more than 30")]
    [InlineData("Demand", 31, "StopNotice", "day 31")]
    [InlineData("StopNotice", 100, "StopNotice", "what follows is the interlock's")]
    [InlineData("StopNotice", 180, "Closed", "where it never agrees, people decide")]
    [InlineData("ReNotice", 100, "ReNotice", "and what follows that")]
    [InlineData("Demand", 5, "Courtesy", "the oldest bill was paid: down at once")]
    [InlineData("StopNotice", null, "None", "all paid")]
    [InlineData("Cut", 5, "Cut", "a cut ends by payment")]
    [InlineData("Cut", null, "None", "paid")]
    [InlineData("Cut", -11, "None", "what is unpaid is not due yet: nobody is kept dark for it")]
    [InlineData("Cut", -2, "Reminder", "nor for what is due soon")]
    [InlineData("Cut", 0, "Due", "nor on the due day")]
    [InlineData("Cut", 179, "Cut", "not yet")]
    [InlineData("Cut", 180, "Closed", "half a year")]
    [InlineData("Closed", 730, "WrittenOff", "two years")]
    public void Worst_first_one_stage_at_a_time(string stage, int? days, string next, string why)
    {
        var facts = Facts(stage, days);
        Assert.True(next == OverdueLadder.Next(facts, Packs.Get("cn-residential")).ToString(), why);
    }

    [Theory]
    [InlineData("PlanOffer", 24, "Demand", "letters as ever")]
    [InlineData("Demand", 31, "Demand", "there is nothing to cut")]
    [InlineData("Demand", 729, "Demand", "nor to close")]
    [InlineData("Demand", 730, "WrittenOff", "two years")]
    [InlineData("WrittenOff", 800, "WrittenOff", "nothing comes after it")]
    [InlineData("WrittenOff", 40, "WrittenOff", "a part was paid")]
    [InlineData("StopNotice", 40, "Demand", "closed after a stop notice")]
    [InlineData("Cut", 40, "Demand", "closed in the dark")]
    [InlineData("Closed", 200, "Demand", "people have closed it")]
    [InlineData("Demand", 5, "Courtesy", "the oldest bill was paid")]
    [InlineData("Demand", null, "None", "all paid")]
    public void A_closed_account_has_no_steps_that_cut(string stage, int? days, string next, string why) =>
        Assert.True(next == OverdueLadder.Next(Facts(stage, days) with { IsClosed = true }, Packs.Get("cn-residential")).ToString(), why);

    [Theory]
    [InlineData("2026-03-18", "2026-03-17", "Courtesy", "one day after the last stage")]
    [InlineData("2026-03-18", "2026-03-16", "Contact", "two days after")]
    [InlineData("2026-03-21", "2026-03-01", "Courtesy", "a Saturday")]
    [InlineData("2026-02-28", "2026-02-01", "Contact", "a Saturday that is worked")]
    [InlineData("2026-02-20", "2026-02-01", "Courtesy", "a Friday of the long holiday")]
    public void A_stage_is_for_business_days_and_leaves_time_after_the_last(string today, string since, string next, string why)
    {
        var facts = Facts("Courtesy", 20) with { Today = Given.Day(today), StageDay = Given.Day(since) };
        Assert.True(next == OverdueLadder.Next(facts, Packs.Get("cn-residential")).ToString(), why);
    }

    [Theory]
    [InlineData("None", "2026-03-18", "None", "paid today, and the payment bounced today")]
    [InlineData("None", "2026-03-17", "Due", "the next day")]
    [InlineData("Reminder", "2026-03-18", "Reminder", "reminded today")]
    [InlineData("Reminder", "2026-03-17", "Due", "reminded yesterday")]
    public void Nobody_gets_two_letters_on_one_day(string stage, string since, string next, string why)
    {
        var facts = Facts(stage, 5) with { StageDay = Given.Day(since) };
        Assert.True(next == OverdueLadder.Next(facts, Packs.Get("cn-residential")).ToString(), why);
    }

    [Theory]
    [InlineData("2026-03-17", "StopNotice")]
    [InlineData("2026-03-16", "Closed")]
    public void A_stop_notice_given_again_has_its_time_before_people_decide(string since, string next)
    {
        var facts = Facts("StopNotice", 200) with { StageDay = Given.Day(since) };
        Assert.Equal(next, OverdueLadder.Next(facts, Packs.Get("cn-residential")).ToString());
    }

    [Fact]
    public void Nothing_is_escalated_during_a_pause_but_a_payment_still_helps()
    {
        var policy = Packs.Get("cn-residential");
        var facts = Facts("Courtesy", 200) with { IsPaused = true };
        Assert.Equal(Stage.Courtesy, OverdueLadder.Next(facts, policy));
        Assert.Equal(Stage.Due, OverdueLadder.Next(facts with { OverdueDays = 1 }, policy));
        Assert.Equal(Stage.None, OverdueLadder.Next(facts with { OverdueDays = null }, policy));
    }

    /// <summary>The oldest unpaid bill is 8 days overdue on March 18, so due on the 10th.</summary>
    [Theory]
    [InlineData("2026-03-11", "Cut")]
    [InlineData("2026-03-10", "Courtesy")]
    [InlineData("2026-03-09", "Courtesy")]
    public void A_bill_that_was_not_overdue_at_the_cut_does_not_keep_it(string cut, string next)
    {
        var facts = Facts("Cut", 8) with { CutDay = Given.Day(cut) };
        Assert.Equal(next, OverdueLadder.Next(facts, Packs.Get("cn-residential")).ToString());
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void A_stop_notice_is_void_after_seven_days(int days, bool isVoid)
    {
        var facts = Facts("StopNotice", 40);
        Assert.Equal(isVoid, OverdueLadder.IsStopNoticeExpired(facts with { StopNoticeDelivered = facts.Today - days }, Packs.Get("cn-residential")));
    }

    private static LadderFacts Facts(string stage, int? days) =>
        new(Enum.Parse<Stage>(stage), Given.Day("2026-03-10"), days, Given.Day("2026-03-18"), false, 0, stage == "Cut" ? Relay.Cut : Relay.On);
}
