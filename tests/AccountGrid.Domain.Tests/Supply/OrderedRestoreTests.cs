using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Supply;

/// <summary>What a person ordered, or a word stopped, does not start again by itself at once.</summary>
public sealed class OrderedRestoreTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_prepaid_order_holds_until_its_date_and_then_the_whole_wait_begins_anew(bool isCut)
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        if (isCut)
        {
            life.Obey();
        }

        life.HourlyWh = 0;
        var until = life.NowMs + (30 * Instants.MsPerHour);
        Assert.True(life.Do(new OrderRestore(Life.Account, "p", "told by phone", until)).Accepted);
        Assert.Equal(isCut ? Relay.Restoring : Relay.On, life.Customer.Supply.Relay);
        life.Obey();
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        var before = life.Partition.Notices.Count;
        life.To(Instants.ToText(until));
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        Assert.True(life.NowMs >= until + (48 * Instants.MsPerHour), "The wait was cut short.");

        // At its end the customer hears of it before anything else happens.
        Assert.Equal(["balance-exhausted", "last-notice"], life.Kinds.Skip(before).Where(k => k != "supply-restored"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_postpaid_order_holds_and_then_needs_a_new_stop_notice(bool isCut)
    {
        var life = InArrears();
        if (isCut)
        {
            life.Obey();
        }

        var ordered = life.NowMs;
        Assert.True(life.Do(new OrderRestore(Life.Account, "p", "told by phone")).Accepted);
        life.Obey();
        Assert.Equal((Relay.On, Stage.Demand, 0L), (life.Customer.Supply.Relay, life.Customer.Overdue.Stage, life.Customer.Overdue.StopNoticeDeliveredMs));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 40);
        Assert.True(life.NowMs >= ordered + ((7 + 3) * Instants.MsPerDay), "Neither the pack's hold nor the notice's days were kept.");
        Assert.Equal(2, life.Kinds.Count(k => k == "stop-notice"));
    }

    [Fact]
    public void An_order_can_be_extended_shortened_and_lifted_and_is_bounded()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.HourlyWh = 0;
        CommandOutcome Order(long? until) => life.Do(new OrderRestore(Life.Account, "p", "told by phone", until));
        Assert.Equal("relay.until_invalid", Order(life.NowMs).Refusal!.Code);
        Assert.Equal("relay.until_invalid", Order(life.NowMs + (90 * Instants.MsPerDay) + 1).Refusal!.Code);
        Assert.True(Order(life.NowMs + Instants.MsPerDay).Accepted);
        Assert.True(Order(life.NowMs + (4 * Instants.MsPerDay)).Accepted);
        Assert.Equal(life.NowMs + (4 * Instants.MsPerDay), Assert.Single(life.Customer.Holds).UntilMs);
        var changes = life.Events<RelayChanged>().Count();
        Assert.True(life.Do(new LiftHold(Life.Account, HoldKind.OrderedRestore, "settled")).Accepted);
        var lifted = life.NowMs;
        Assert.Equal(changes, life.Events<RelayChanged>().Count());
        Assert.Equal("relay.on", Order(null).Refusal!.Code);
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        Assert.True(life.NowMs >= lifted + (48 * Instants.MsPerHour));
        Assert.Equal("hold.kind_invalid", life.Do(new PlaceHold(Life.Account, HoldKind.OrderedRestore, null, "x")).Refusal!.Code);
    }

    [Fact]
    public void A_hold_that_stopped_a_cut_lets_nothing_begin_in_the_middle_when_it_ends()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.HourlyWh = 0;
        life.Do(new PlaceHold(Life.Account, HoldKind.Dispute, life.NowMs + Instants.MsPerHour, "told by phone"));
        var stopped = life.NowMs;
        Assert.Equal("relay.interlock", life.Do(new ReleaseCut(Life.Account, life.Customer.Supply.Sequence)).Refusal!.Code);
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        Assert.True(life.NowMs >= stopped + (48 * Instants.MsPerHour));
    }

    [Fact]
    public void Whoever_loses_a_protection_is_waited_for_from_then_on()
    {
        var life = Exhausted(CustomerTraits.NeverCut);
        life.To(Instants.ToText(life.NowMs + (10 * Instants.MsPerDay)));
        life.HourlyWh = 0;
        Assert.True(life.Do(new SetCustomer(Life.Account, 5, CustomerClass.Residential, CustomerTraits.None)).Accepted);
        var since = life.NowMs;
        life.Until(l => l.Customer.Supply.Relay != Relay.On, 10);
        Assert.True(life.NowMs >= since + (47 * Instants.MsPerHour));
    }

    /// <summary>Ten days below zero with something that speaks against a cut: when it ends the 48 hours begin. A cut need not have been under way.</summary>
    [Theory]
    [InlineData("lifted")]
    [InlineData("ended")]
    [InlineData("promise")]
    [InlineData("announced")]
    [InlineData("announced, a part came")]
    [InlineData("household")]
    public void Nobody_without_balance_loses_supply_in_the_hours_after_what_spoke_against_it_ends(string what)
    {
        var life = Exhausted(policy: Packs.Get("cn-residential", p => p with { Cut = p.Cut with { ProtectedMonths = [3, 4] } }));
        var today = life.State.Calendar.DayOf(life.NowMs);
        life.Ok(what switch
        {
            "lifted" => new PlaceHold(1, HoldKind.Bereavement, null, "told by phone"),
            "ended" => new PlaceHold(1, HoldKind.Dispute, life.State.Calendar.StartOf(today + 10), "told by phone"),
            "promise" => new PromisePayment(1, today + 9),
            "announced" => new AnnouncePayment(1, "r", life.State.Calendar.StartOf(today + 10)),
            "announced, a part came" => new AnnouncePayment(1, "r", life.NowMs + CustomerDecisions.PendingMaxMs),
            _ => new ChangeHousehold(1, 3, true, today, "card shown"),
        });
        life.To($"{Instants.DayToText(today + 10)}T00:00:00+08:00");
        life.HourlyWh = 0;
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        if (what == "announced, a part came")
        {
            Assert.True(life.State.Balance < Money.FromUnits(-20));
            life.Ok(new TakePayment(1, Money.FromUnits(10), "bank", "r"));
        }
        else if (what is "lifted" or "household")
        {
            life.Ok(what == "lifted" ? new LiftHold(1, HoldKind.Bereavement, "over") : new ChangeHousehold(1, 3, false, today + 10, "card has run out"));
        }

        var since = life.NowMs;
        life.Until(l => l.Customer.Supply.Relay != Relay.On, 10);
        Assert.True(life.NowMs >= since + (47 * Instants.MsPerHour), $"A last notice came {(life.NowMs - since) / Instants.MsPerHour} hours after.");
    }

    /// <summary>A stop notice of Monday, something that speaks against a cut until Wednesday: on Thursday nothing is cut by that notice.</summary>
    [Theory]
    [InlineData("lifted")]
    [InlineData("ended")]
    [InlineData("promise")]
    [InlineData("announced")]
    [InlineData("announced, a part came")]
    [InlineData("plan broken")]
    [InlineData("plan cancelled")]
    [InlineData("plan fulfilled")]
    public void A_stop_notice_does_not_outlast_what_spoke_against_a_cut(string what)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 80);
        life.Do(new RecordContact(Life.Account, "call", "collector", "no-answer", null));
        life.Until(l => l.Customer.Overdue.StopNoticeDeliveredMs != 0, 40);
        Assert.Equal(Given.Day("2026-03-30"), life.State.Calendar.DayOf(life.NowMs));
        life.Ok(what switch
        {
            "lifted" => new PlaceHold(1, HoldKind.Dispute, null, "told by phone"),
            "ended" => new PlaceHold(1, HoldKind.Dispute, Given.At("2026-04-02T08:00:00+08:00"), "told by phone"),
            "promise" => new PromisePayment(1, Given.Day("2026-04-01")),
            "announced" => new AnnouncePayment(1, "r", Given.At("2026-04-02T00:00:00+08:00")),
            "announced, a part came" => new AnnouncePayment(1, "r", Given.At("2026-04-09T00:00:00+08:00")),
            "plan broken" => new AgreePlan(1, [new Instalment(Given.Day("2026-04-01"), Money.FromUnits(10))], "p"),
            _ => new AgreePlan(1, [new Instalment(Given.Day("2026-04-10"), Money.FromUnits(10))], "p"),
        });
        life.To("2026-04-02T08:30:00+08:00");
        _ = what switch
        {
            "lifted" => life.Ok(new LiftHold(1, HoldKind.Dispute, "decided")),
            "plan cancelled" => life.Ok(new CancelPlan(1, "p", "wished")),
            "plan fulfilled" => life.Ok(Given.Pay(1, "10")),
            "announced, a part came" => life.Ok(new TakePayment(1, Money.FromUnits(10), "bank", "r")),
            _ => 0,
        };
        Assert.Equal((Stage.Demand, 0L), (life.Customer.Overdue.Stage, life.Customer.Overdue.StopNoticeDeliveredMs));
        life.To("2026-04-03T18:00:00+08:00");
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        life.Until(l => l.Customer.Supply.Relay == Relay.LastNotice, 20);
        Assert.Equal(2, life.Kinds.Count(k => k == "stop-notice"));
        Assert.True(life.State.Calendar.DayOf(life.NowMs) >= life.State.Calendar.DayOf(life.Customer.Overdue.StopNoticeDeliveredMs) + 3);
    }

    /// <summary>
    /// Cut for a bill of February; another falls due while supply is off. Nobody has demanded it, so paying what the cut was for ends the cut.
    /// </summary>
    [Fact]
    public void A_bill_that_falls_due_after_the_cut_keeps_nobody_dark()
    {
        var life = InArrears();
        life.Obey();
        life.HourlyWh = 0;
        var asked = life.Partition.Notices.Last(n => n.Kind == NoticeKind.SupplyCut).Facts.Amount!;
        life.To("2026-04-25T10:00:00+08:00");
        var today = life.State.Calendar.DayOf(life.NowMs);
        Assert.Equal((Stage.Cut, Given.Day("2026-04-21")), (life.Customer.Overdue.Stage, life.Customer.Overdue.Book.Asked.Last().DueDay));
        life.Pay(new Money(life.Customer.Overdue.Book.Asked.Where(i => i.DueDay < Given.Day("2026-04-01")).Sum(i => i.Open.Nano) - 10_000_000).ToString());
        Assert.Equal(Relay.Restoring, life.Customer.Supply.Relay);
        Assert.Equal((asked, Stage.Courtesy, 4), ("660.000000000", life.Customer.Overdue.Stage, life.Customer.Overdue.OverdueDays(today, life.Policy)));
    }

    [Fact]
    public void What_was_overdue_at_the_cut_keeps_it_until_it_is_less_than_the_least_arrears()
    {
        var life = InArrears();
        life.Obey();
        life.HourlyWh = 0;
        life.To("2026-04-25T10:00:00+08:00").Pay("655");
        Assert.Equal(Relay.Cut, life.Customer.Supply.Relay);
        life.Pay("0.01");
        Assert.Equal(Relay.Restoring, life.Customer.Supply.Relay);
    }

    /// <summary>The stop notice names April 7, seven days and a holiday after it. A version with three days from April 1 on makes that no earlier.</summary>
    [Fact]
    public void A_version_of_the_pack_with_fewer_days_makes_no_stop_notice_untrue()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid,
            Packs.Get("cn-residential", p => p with { Cut = p.Cut with { StopNoticeDaysMin = 7, StopNoticeDaysMax = 14 } }));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 80);
        life.Do(new RecordContact(Life.Account, "call", "collector", "no-answer", null));
        life.Until(l => l.Customer.Overdue.StopNoticeDeliveredMs != 0, 40);
        Assert.Equal("2026-04-07", life.Partition.Notices.Last(n => n.Kind == NoticeKind.StopNotice).Facts.CutAfter);
        life.Grid.With(5, Packs.Get("cn-residential"), Given.Day("2026-04-01"));
        life.To("2026-04-01T12:00:00+08:00");
        Assert.Equal(Stage.Demand, life.Customer.Overdue.Stage);
        life.Until(l => l.Customer.Supply.Relay == Relay.LastNotice, 20);
        var named = life.Partition.Notices.Last(n => n.Kind == NoticeKind.StopNotice).Facts.CutAfter!;
        Assert.True(life.State.Calendar.DayOf(life.NowMs) >= Given.Day(named), $"{named} was named.");
    }

    /// <summary>Below zero with a week to wait; a version with two days begins, or another pack: two days from then on.</summary>
    [Theory]
    [InlineData("version", 47)]
    [InlineData("pack", 47)]
    [InlineData("version of the same figures", 0)]
    public void Another_version_or_pack_with_another_wait_begins_the_wait_anew(string what, int hours)
    {
        var life = Exhausted(
            policy: Packs.Get("cn-residential",
                p => p with { Prepaid = p.Prepaid with { WaitHours = what.EndsWith("figures", StringComparison.Ordinal) ? 48 : 168 } }));
        life.HourlyWh = 100;
        var day = life.State.Calendar.DayOf(life.NowMs) + 4;
        life.Grid.With(what == "pack" ? 6 : 5, Packs.Get("cn-residential"), what == "pack" ? 0 : day);
        life.To($"{Instants.DayToText(day)}T00:00:00+08:00");
        _ = what == "pack" ? life.Ok(new SetCustomer(1, 6, CustomerClass.Residential, CustomerTraits.None)) : 0;
        var since = life.NowMs;
        life.Until(l => l.Customer.Supply.Relay != Relay.On, 12);
        Assert.InRange(life.NowMs - since, hours * Instants.MsPerHour, 12 * Instants.MsPerDay);
        Assert.True(hours > 0 || life.NowMs < since + (24 * Instants.MsPerHour));
    }

    /// <summary>0.30 a day go on while supply is off, so that after three days 0.90 are missing of what the message asked for.</summary>
    [Theory]
    [InlineData("0", true)]
    [InlineData("4.09", true)]
    [InlineData("4.10", false)]
    public void A_standing_charge_after_the_cut_does_not_undo_what_its_message_promises(string less, bool isRestored)
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent, standing: "0.30");
        life.Pay("120");
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 20);
        life.HourlyWh = 0;
        life.Use(-life.State.Balance.Nano % Money.NanoPerUnit == 0 ? 0 : ((Money.NanoPerUnit + (life.State.Balance.Nano % Money.NanoPerUnit)) / 500_000));
        life.Obey();
        var asked = life.Partition.Notices.Last(n => n.Kind == NoticeKind.SupplyCut).Facts.Amount!;
        Assert.Equal(asked, (-life.State.Balance).ToString());
        life.To(Instants.ToText(life.NowMs + (3 * Instants.MsPerDay)));
        Assert.Equal(Relay.Cut, life.Customer.Supply.Relay);
        Assert.True(Money.TryParse(asked, out var all) && Money.TryParse(less, out var rest) && life.Pay((all - rest).ToString()).Accepted);
        Assert.Equal(isRestored ? Relay.Restoring : Relay.Cut, life.Customer.Supply.Relay);
    }

    [Fact]
    public void Whoever_paid_exactly_what_was_missing_is_told_when_the_balance_is_below_zero_again()
    {
        var life = Exhausted();
        life.HourlyWh = 0;
        life.Pay((-life.State.Balance).ToString());
        Assert.Equal((Money.Zero, 0L), (life.State.Balance, life.Customer.NegativeSinceMs));
        life.Use(10_000);
        Assert.Equal(2, life.Kinds.Count(k => k == "balance-exhausted"));
    }

    /// <summary>Emergency credit of 20: used up, paid back in part, and used up again.</summary>
    [Fact]
    public void Whoever_uses_emergency_credit_up_again_is_told_again()
    {
        var policy = Packs.Get("cn-residential", p => p with { Prepaid = p.Prepaid with { EmergencyCredit = "20", EmergencyDays = 0 } });
        var life = Exhausted(policy: policy);
        life.HourlyWh = 0;
        life.Use(60_000);
        Assert.Equal(1, life.Kinds.Count(k => k == "credit-used"));
        life.Pay("15");
        life.Use(2_000);
        Assert.Equal((1, 0L), (life.Kinds.Count(k => k == "credit-used"), life.Customer.CreditUsedMs));
        life.Use(30_000);
        Assert.Equal((2, life.NowMs), (life.Kinds.Count(k => k == "credit-used"), life.Customer.CreditUsedMs));
    }

    /// <summary>The last message that arrived said 2 yuan. Nothing since has been delivered, so nothing is cut.</summary>
    [Fact]
    public void Nobody_is_cut_who_was_never_shown_that_the_balance_is_below_zero()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent);
        life.Pay("120");
        life.Until(l => l.State.Balance < Money.FromUnits(2), 20);
        Assert.NotEqual(0, life.Customer.BalanceShownMs);
        life.Delivers = false;
        life.Until(l => l.Kinds.Count(k => k == "balance-exhausted") == 2, 9);
        Assert.DoesNotContain("last-notice", life.Kinds);
        life.Ok(new ReportDelivery(1, life.Partition.Notices[^1].Id, "sms", life.NowMs));
        life.Until(l => l.Customer.Supply.Relay == Relay.LastNotice, 5);
    }

    [Theory]
    [InlineData("household")]
    [InlineData("vulnerable")]
    [InlineData("important")]
    [InlineData("dispute")]
    public void A_protection_after_the_command_has_left_takes_it_back(string what)
    {
        var life = Exhausted(policy: Packs.Get("cn-residential", p => p with { Cut = p.Cut with { ProtectedMonths = [3, 4] } }));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        Assert.True(life.Do(new ReleaseCut(1, life.Relay.Sequence)).Accepted);
        life.Ok(what switch
        {
            "household" => new ChangeHousehold(1, 3, true, life.State.Calendar.DayOf(life.NowMs), "card shown"),
            "vulnerable" => new SetCustomer(1, 5, CustomerClass.Residential, CustomerTraits.Vulnerable),
            "important" => new SetCustomer(1, 5, CustomerClass.Important, CustomerTraits.None),
            _ => new PlaceHold(1, HoldKind.Dispute, null, "told by phone"),
        });
        Assert.Equal(Relay.Restoring, life.Customer.Supply.Relay);
    }

    [Theory]
    [InlineData("0", 0, 0, 0, 48)]
    [InlineData("5", 0, 0, 0, -1)]
    [InlineData("5", 0, 10, 0, 58)]
    [InlineData("5", 3, 10, 0, 58)]
    [InlineData("5", 3, 0, 0, 120)]
    [InlineData("5", 3, 100, 0, 120)]
    [InlineData("0", 3, 0, 0, 120)]
    [InlineData("0", 0, 0, 20, 68)]
    [InlineData("5", 3, 10, 20, 68)]
    [InlineData("5", 0, 10, 20, 68)]
    [InlineData("5", 3, 0, 20, 140)]
    public void Emergency_credit_ends_by_its_days_or_its_amount_and_an_amount_without_days_by_its_amount_alone(string credit, int days, int usedHour,
        int fromHour, int earliestHour)
    {
        const long Since = 1_000_000_000_000;
        long Hour(int hour) => hour == 0 ? 0 : Since + (hour * Instants.MsPerHour);
        var policy = Packs.Get("cn-residential", p => p with { Prepaid = p.Prepaid with { EmergencyCredit = credit, EmergencyDays = days } });
        var expected = earliestHour < 0 ? long.MaxValue : Hour(earliestHour);
        Assert.Equal(expected, Interlock.EarliestPrepaidCutMs(policy, Since, Hour(usedHour), Hour(fromHour)));
    }

    [Fact]
    public void Emergency_credit_without_days_is_not_cut_before_it_is_used_up()
    {
        var policy = Packs.Get("cn-residential", p => p with { Prepaid = p.Prepaid with { EmergencyCredit = "20", EmergencyDays = 0 } });
        var life = new Life("2026-03-02", PaymentMode.Prepaid, policy, CustomerTraits.PrepaidConsent);
        life.Pay("120");
        life.Until(l => l.Customer.NegativeSinceMs != 0, 20);
        life.HourlyWh = 0;
        life.To(Instants.ToText(life.NowMs + (20 * Instants.MsPerDay)));
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        life.HourlyWh = 1_000;
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 20);
        Assert.True(life.State.Balance < Money.FromUnits(-20));
    }

    [Fact]
    public void An_important_user_is_not_cut_for_want_of_balance_before_the_authority_has_its_copy()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent, CustomerClass.Important);
        life.Pay("120");
        life.Until(l => l.Customer.NegativeSinceMs != 0, 20);
        life.To(Instants.ToText(life.NowMs + (10 * Instants.MsPerDay)));
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        var copy = Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.InformAuthority);
        Assert.True(life.Do(new RecordContact(Life.Account, "authority-copy", "p", "no-answer", null)).Accepted);
        Assert.True(life.Do(new RecordContact(Life.Account, "authority-copy", "p", "informed", null)).Accepted);
        Assert.False(life.Customer.Overdue.AuthorityInformed);
        Assert.True(life.Do(new RecordContact(Life.Account, "authority-copy", "p", "informed", copy.Id)).Accepted);
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 5);

        // The next time that the balance ends it is another matter.
        life.Pay("500");
        Assert.False(life.Customer.Overdue.AuthorityInformed);
    }

    private static Life Exhausted(CustomerTraits more = CustomerTraits.None, Policy? policy = null)
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, policy ?? Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent | more);
        life.Pay("120");
        return life.Until(l => l.Customer.NegativeSinceMs != 0, 20);
    }

    /// <summary>Postpaid, with a planned cut.</summary>
    private static Life InArrears()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 80);
        life.Do(new RecordContact(Life.Account, "call", "collector", "no-answer", null));
        return life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 40);
    }
}
