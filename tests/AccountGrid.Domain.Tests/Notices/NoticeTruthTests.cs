using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Notices;

/// <summary>Messages are true when they leave, however long they waited.</summary>
public sealed class NoticeTruthTests
{
    [Theory]
    [InlineData(NoticeKind.LowBalance, "level Amount", NoticeKind.LowBalance)]
    [InlineData(NoticeKind.LowBalance, "level Days", NoticeKind.LowBalance)]
    [InlineData(NoticeKind.LowBalance, "level Exhausted", NoticeKind.BalanceExhausted)]
    [InlineData(NoticeKind.BalanceExhausted, "level Amount", NoticeKind.LowBalance)]
    [InlineData(NoticeKind.BalanceExhausted, "level CreditUsed", NoticeKind.CreditUsed)]
    [InlineData(NoticeKind.CreditUsed, "level Exhausted", NoticeKind.BalanceExhausted)]
    [InlineData(NoticeKind.LowBalance, "", null)]
    [InlineData(NoticeKind.LowBalance, "level Amount, later", null)]
    [InlineData(NoticeKind.LowBalance, "level Amount, closed", null)]
    [InlineData(NoticeKind.BalanceReminder, "exhausted", NoticeKind.BalanceExhausted)]
    [InlineData(NoticeKind.BalanceReminder, "", null)]
    [InlineData(NoticeKind.Bill, "bill open", NoticeKind.Bill)]
    [InlineData(NoticeKind.Bill, "unpaid, bill open", NoticeKind.Bill)]
    [InlineData(NoticeKind.Bill, "unpaid", null)]
    [InlineData(NoticeKind.Bill, "", null)]
    [InlineData(NoticeKind.Bill, "bill open, later", null)]
    [InlineData(NoticeKind.Demand, "unpaid, stage Demand", NoticeKind.Demand)]
    [InlineData(NoticeKind.Demand, "unpaid, stage Demand, paused", null)]
    [InlineData(NoticeKind.Demand, "stage Demand", null)]
    [InlineData(NoticeKind.Demand, "unpaid, stage StopNotice", null)]
    [InlineData(NoticeKind.PaymentReminder, "unpaid, stage Reminder", NoticeKind.PaymentReminder)]
    [InlineData(NoticeKind.PaymentDue, "unpaid, stage Due", NoticeKind.PaymentDue)]
    [InlineData(NoticeKind.CourtesyReminder, "unpaid, stage Due", null)]
    [InlineData(NoticeKind.PlanOffer, "unpaid, stage PlanOffer", NoticeKind.PlanOffer)]
    [InlineData(NoticeKind.StopNotice, "unpaid, stage StopNotice", NoticeKind.StopNotice)]
    [InlineData(NoticeKind.StopNotice, "unpaid, stage ReNotice", null)]
    [InlineData(NoticeKind.Survey, "", NoticeKind.Survey)]
    [InlineData(NoticeKind.Survey, "closed", null)]
    [InlineData(NoticeKind.LastNotice, "relay LastNotice", null)]
    [InlineData(NoticeKind.LastNotice, "relay LastNotice, may go", NoticeKind.LastNotice)]
    [InlineData(NoticeKind.SupplyCut, "relay Cut", NoticeKind.SupplyCut)]
    [InlineData(NoticeKind.SupplyCut, "relay Restoring", null)]
    [InlineData(NoticeKind.SupplyCut, "relay Cut, later", null)]
    [InlineData(NoticeKind.SupplyRestored, "relay On", NoticeKind.SupplyRestored)]
    [InlineData(NoticeKind.SupplyRestored, "relay LastNotice", NoticeKind.SupplyRestored)]
    [InlineData(NoticeKind.SupplyRestored, "relay Cut", null)]
    public void What_is_true_now_is_said_and_what_is_not_is_withdrawn(NoticeKind kind, string now, NoticeKind? said)
    {
        var words = now.Split(", ");
        T Named<T>(string name)
            where T : struct, Enum =>
                words.Where(w => w.StartsWith(name + " ", StringComparison.Ordinal)).Select(w => Enum.Parse<T>(w[(name.Length + 1)..])).FirstOrDefault();
        var verdict = NoticeTruth.Of(kind, new NoticePresent
        {
            IsLatest = !words.Contains("later"),
            IsClosed = words.Contains("closed"),
            IsExhausted = words.Contains("exhausted"),
            Level = words.Any(w => w.StartsWith("level", StringComparison.Ordinal)) ? Named<LevelKind>("level") : null,
            Stage = Named<Stage>("stage"),
            IsPaused = words.Contains("paused"),
            Unpaid = words.Contains("unpaid") ? Money.FromUnits(1) : Money.Zero,
            IsBillOpen = words.Contains("bill open"),
            Relay = Named<Relay>("relay"),
            LastNoticeMayGo = words.Contains("may go"),
        });
        Assert.Equal(said, verdict.Kind);
        Assert.Equal(said is null, verdict.Reason is not null);
    }

    [Theory]
    [InlineData(true, true, NoticeKind.FinalBill)]
    [InlineData(true, false, null)]
    [InlineData(false, true, null)]
    public void A_final_bill_of_nothing_is_told_of_while_nothing_is_asked(bool settled, bool latest, NoticeKind? said) =>
        Assert.Equal(said, NoticeTruth.Of(NoticeKind.FinalBill, new NoticePresent { IsSettled = settled, IsLatest = latest }).Kind);

    /// <summary>Several warnings of one night, after which the balance lasts for weeks again, even at the night's use.</summary>
    [Fact]
    public void Warnings_of_the_night_are_withdrawn_where_the_balance_is_up_again()
    {
        var life = Night();
        var waiting = Waiting(life);
        Assert.True(waiting.Count >= 3);
        life.Pay("9000");
        life.To("2026-03-04T08:00:00+08:00");
        Assert.All(waiting, n => Assert.Null(Leave(life, n).Kind));
    }

    [Fact]
    public void Several_warnings_of_one_night_are_one_message_with_the_figures_of_the_morning()
    {
        var life = Night();
        var waiting = Waiting(life);
        life.HourlyWh = 0;
        life.Pay("1");
        life.To("2026-03-04T08:00:00+08:00");
        var said = waiting.Select(n => Leave(life, n)).Where(v => v.Kind is not null).ToList();
        var one = Assert.Single(said);
        Assert.Equal((waiting[^1].Id, NoticeKind.BalanceExhausted, life.State.Balance.ToString()), (one.Id, one.Kind, one.Facts!.Balance));
        Assert.NotEqual(waiting[^1].Facts.Balance, one.Facts.Balance);
        Assert.Equal(waiting.Select(n => n.Id), life.Events<NoticeCompared>().Select(e => e.Id));

        // Topped up above zero but not above a level: the message of the balance's end becomes one of a low balance.
        life.Pay("15");
        Assert.True(life.State.Balance > Money.Zero);
        Assert.Equal(NoticeKind.LowBalance, Leave(life, waiting[^1]).Kind);
    }

    [Fact]
    public void A_letter_of_the_night_whose_amount_is_paid_does_not_leave_and_one_that_is_paid_in_part_asks_for_the_rest()
    {
        var life = Postpaid(Stage.Courtesy);
        var letter = life.Partition.Notices[^1];
        life.Pay("100");
        var asked = Leave(life, letter).Facts!.Amount;
        Assert.Equal(life.Customer.Overdue.Unpaid.RoundedUpTo(2).ToString(), asked);
        Assert.NotEqual(letter.Facts.Amount, asked);
        life.Pay("1000");
        Assert.Null(Leave(life, letter).Kind);
    }

    [Theory]
    [InlineData(Stage.Demand)]
    [InlineData(Stage.StopNotice)]
    public void A_letter_that_a_dispute_stops_is_given_again_when_the_dispute_is_over(Stage stage)
    {
        var life = Postpaid(stage);
        var letter = life.Partition.Notices.Last(n => NoticeKinds.Letters.ContainsKey(n.Kind));
        Assert.Equal(stage, NoticeKinds.Letters[letter.Kind]);
        life.Do(new PlaceHold(Life.Account, HoldKind.Dispute, life.NowMs + (5 * Instants.MsPerDay), "told by phone"));
        Assert.Null(Leave(life, letter).Kind);
        var overdue = life.Customer.Overdue;
        Assert.Equal((stage - 1, true), (overdue.Stage, stage == Stage.Demand ? overdue.DemandDay == 0 : overdue.StopNoticeId is null));
        life.Until(l => l.Customer.Overdue.Stage == stage, 12);
        Assert.Equal(2, life.Kinds.Count(k => k == letter.Kind.Code()));
    }

    [Fact]
    public void A_last_notice_that_leaves_late_names_a_later_time_and_one_that_is_too_late_calls_the_cut_off()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent);
        life.Pay("120");
        life.Until(l => l.Customer.NegativeSinceMs != 0, 20);
        life.Do(new ReportDelivery(Life.Account, life.Partition.Notices[^1].Id, "sms", life.NowMs));
        life.Delivers = false;
        life.Until(l => l.Customer.Supply.Relay == Relay.LastNotice, 10);
        var notice = life.Partition.Notices[^1];
        life.To(Instants.ToText(life.NowMs + Instants.MsPerHour));
        var late = Leave(life, notice);
        var minute = life.State.Calendar.MinuteOf(life.NowMs + (30 * 60_000));
        Assert.EndsWith($"{minute / 60:00}:{minute % 60:00}", late.Facts!.CutAfter, StringComparison.Ordinal);
        life.To(Instants.ToText(life.NowMs + (4 * Instants.MsPerHour)));
        Assert.Null(Leave(life, notice).Kind);
        Assert.Equal((Relay.On, (string?)null), (life.Customer.Supply.Relay, life.Customer.Overdue.LastNoticeId));
    }

    [Fact]
    public void A_bill_that_waited_names_what_is_still_to_be_paid()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.Until(l => l.Kinds.Contains("bill"), 40);
        var bill = life.Partition.Notices.Single(n => n.Kind == NoticeKind.Bill);
        var asked = bill.Facts.Amount!;
        Assert.Equal((asked, bill.Facts.DueDay), (Leave(life, bill).Facts!.Amount, Leave(life, bill).Facts!.DueDay));
        life.Pay(asked);
        Assert.Null(Leave(life, bill).Kind);
    }

    /// <summary>A bill closes in the night, so its message always waits for the morning. It was withdrawn where anything older was overdue.</summary>
    [Theory]
    [InlineData("200", "2026-03-18")]
    [InlineData("3", "2026-03-18")]
    public void The_message_of_a_bill_leaves_in_the_morning_whatever_is_overdue_and_however_small_it_is(string second, string dueDay)
    {
        var life = SecondBill(Nano(second));
        var bill = life.Partition.Notices.Last(n => n.Kind == NoticeKind.Bill);
        Assert.True(bill.NotBeforeMs > life.NowMs);
        life.To("2026-03-04T08:00:00+08:00");
        Assert.Equal((bill.Id, NoticeKind.Bill, dueDay), (Leave(life, bill).Id, Leave(life, bill).Kind, Leave(life, bill).Facts!.DueDay));
        life.To("2026-03-18T23:00:00+08:00");
        Assert.Equal(NoticeKind.Bill, Leave(life, bill).Kind);
        life.To("2026-03-19T00:01:00+08:00");
        Assert.Null(Leave(life, bill).Kind);
    }

    [Fact]
    public void The_message_of_a_bill_below_the_least_arrears_leaves_in_the_morning()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential")) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(8_000);
        life.Until(l => l.Kinds.Contains("bill"), 40);
        life.To("2026-02-04T08:00:00+08:00");
        Assert.Equal("4.000000000", Leave(life, life.Partition.Notices.Single(n => n.Kind == NoticeKind.Bill)).Facts!.Amount);
    }

    /// <summary>100 have been due since February 25, 200 more are due on March 18: until then no letter calls them overdue.</summary>
    [Fact]
    public void A_letter_calls_nothing_overdue_that_has_still_time_and_paying_it_ends_what_it_speaks_of()
    {
        var life = SecondBill(Nano("200"));
        life.Until(l => l.Customer.Overdue.Stage == Stage.PlanOffer, 20);
        var offer = life.Partition.Notices.Last(n => n.Kind == NoticeKind.PlanOffer).Facts;
        Assert.True(life.State.Calendar.DayOf(life.NowMs) < Given.Day("2026-03-18"));
        Assert.Equal(("100.000000000", "2026-02-25"), (offer.Amount, offer.DueDay));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Demand, 20);
        Assert.Equal("300.000000000", life.Partition.Notices.Last(n => n.Kind == NoticeKind.Demand).Facts.Amount);

        var payer = SecondBill(Nano("200"));
        payer.Until(l => l.Customer.Overdue.Stage == Stage.PlanOffer, 20);
        payer.Pay(payer.Partition.Notices.Last(n => n.Kind == NoticeKind.PlanOffer).Facts.Amount!);
        Assert.True(payer.Customer.Overdue.Stage < Stage.Due);
    }

    /// <summary>3 are left of an old bill, less than the least arrears; a reminder speaks of the bill to come and of its day.</summary>
    [Fact]
    public void A_reminder_asks_for_the_bill_that_it_speaks_of_though_a_trace_of_an_older_one_is_open()
    {
        var life = SecondBill(Nano("200"));
        life.Pay("97");
        life.Until(l => l.Customer.Overdue.Stage == Stage.Reminder, 20);
        var reminder = life.Partition.Notices.Last(n => n.Kind == NoticeKind.PaymentReminder).Facts;
        Assert.Equal(("203.000000000", "2026-03-18"), (reminder.Amount, reminder.DueDay));
    }

    [Fact]
    public void A_message_that_no_account_knows_of_is_withdrawn_and_not_waited_for()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        Assert.Equal("notice.unknown", life.Do(new ConfirmNotice(Life.Account, "2:bill:1", NoticeKind.Bill)).Refusal!.Code);
        Assert.Equal("notice.unknown", life.Do(new ConfirmNotice(9, "9:bill:1", NoticeKind.Bill)).Refusal!.Code);
        Assert.Equal(["2:bill:1", "9:bill:1"], life.Partition.Verdicts.Where(v => v.Kind is null).Select(v => v.Id));
    }

    [Fact]
    public void Every_kind_of_message_has_its_rule()
    {
        var life = Postpaid(Stage.StopNotice);
        foreach (var notice in life.Partition.Notices)
        {
            Leave(life, notice);
        }

        Assert.Throws<InvariantBrokenException>(() => NoticeTruth.Of((NoticeKind)99, new NoticePresent()));
    }

    private static NoticeVerdictEffect Leave(Life life, NoticeEffect notice)
    {
        Assert.True(life.Do(new ConfirmNotice(Life.Account, notice.Id, notice.Kind)).Accepted);
        return life.Partition.Verdicts[^1];
    }

    private static List<NoticeEffect> Waiting(Life life) => [.. life.Partition.Notices.Where(n => n.NotBeforeMs > life.NowMs)];

    /// <summary>Prepaid, with a balance that falls through several levels and below zero within one night.</summary>
    private static Life Night()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent) { Delivers = false, HourlyWh = 200 };
        life.Pay("100");
        life.To("2026-03-03T21:30:00+08:00");
        life.HourlyWh = 20_000;
        return life.Until(l => l.Customer.NegativeSinceMs != 0, 1);
    }

    private static long Nano(string text) => Money.TryParse(text, out var m) ? m.Nano : throw new FormatException(text);

    /// <summary>A bill of 100 due on February 25, and a second one that has just closed, in the night to March 4.</summary>
    private static Life SecondBill(long nano)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential")) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(200_000);
        life.To("2026-02-10T10:00:00+08:00").Use(nano / 500_000);
        return life.Until(l => l.Partition.Bills.Count == 2, 40);
    }

    private static Life Postpaid(Stage stage)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        return life.Until(l => l.Customer.Overdue.Stage == stage, 90);
    }
}
