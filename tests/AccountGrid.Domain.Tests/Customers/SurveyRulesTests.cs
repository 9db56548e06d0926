using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Customers;

/// <summary>Whom a survey asks, and the notice that asks.</summary>
public sealed class SurveyRulesTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(null, true)]
    [InlineData(0, false)]
    [InlineData(89, false)]
    [InlineData(90, true)]
    [InlineData(91, true)]
    public void A_customer_is_asked_once_in_90_days(int? daysAgo, bool may) => Assert.Equal(may, SurveyRules.MayAsk(1_000 - daysAgo, 1_000));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(SurveyRules.OpenMs - 1, true)]
    [InlineData(SurveyRules.OpenMs, false)]
    public void A_survey_is_open_for_14_days(long afterMs, bool isOpen)
    {
        Assert.Equal(isOpen, SurveyRules.IsOpen(5_000, 5_000 + afterMs));
        Assert.Equal(14 * 24 * 3_600_000L, SurveyRules.OpenMs);
    }

    [Fact]
    public void Occasions_are_drawn_by_their_own_name_in_the_share_that_was_set()
    {
        var names = Enumerable.Range(0, 20_000).Select(i => $"{i % 16}:{i}:0").ToList();
        Assert.InRange(names.Count(n => SurveyRules.IsDrawn(n, 100)), 1_800, 2_200);
        Assert.DoesNotContain(names, n => SurveyRules.IsDrawn(n, 0));
        Assert.All(names, n => Assert.True(SurveyRules.IsDrawn(n, 1_000)));
        Assert.All(names.Where(n => SurveyRules.IsDrawn(n, 100)), n => Assert.True(SurveyRules.IsDrawn(n, 101)));
    }

    [Fact]
    public void A_survey_is_a_notice_that_waits_for_quiet_hours_and_proves_nothing()
    {
        var life = new Life("2026-03-02", PaymentMode.Postpaid, Packs.Get("cn-residential")) { Delivers = false };
        life.To("2026-03-02T23:30:00+08:00");
        var shown = life.Customer.BalanceShownMs;
        life.Ok(new AskSurvey(Life.Account, Id, SurveyOccasion.Payment));
        var notice = life.Partition.Notices[^1];
        Assert.Equal((NoticeKind.Survey, Id, "payment", null), (notice.Kind, notice.Facts.SurveyId, notice.Facts.Occasion, notice.Facts.Policy));
        Assert.True(notice.NotBeforeMs > life.NowMs);
        life.Ok(new ReportDelivery(Life.Account, notice.Id, "sms", life.NowMs));
        Assert.Equal(shown, life.Customer.BalanceShownMs);

        // A later message about something else does not make it untrue, and its text stays.
        life.To("2026-03-03T12:00:00+08:00");
        life.Ok(new ConfirmNotice(Life.Account, notice.Id, NoticeKind.Survey));
        var verdict = life.Partition.Verdicts[^1];
        Assert.Equal((notice.Id, NoticeKind.Survey, null), (verdict.Id, verdict.Kind, verdict.Facts));
    }

    [Fact]
    public void A_closed_account_is_asked_nothing()
    {
        var life = new Life("2026-03-02", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        var (account, ask) = (life.State, new AskSurvey(Life.Account, Id, SurveyOccasion.Area));
        Assert.NotNull(CustomerDecisions.Decide(account, ask, life.Policy, life.NowMs).Event);
        account.Status = AccountStatus.Closed;
        Assert.Equal("account.closed", CustomerDecisions.Decide(account, ask, life.Policy, life.NowMs).Refusal!.Code);
    }
}
