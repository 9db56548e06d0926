using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Overdue;

/// <summary>Whole workflows through the fold, with nobody but the clock, the customer and the gateway.</summary>
public sealed class CustomerFlowTests
{
    [Fact]
    public void Arrears_climb_the_ladder_stage_by_stage_to_a_cut_and_a_payment_restores()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.Until(l => l.Partition.Bills.Count == 1, 40);
        var bill = life.Partition.Bills[0].Facts;
        Assert.InRange(bill.EnergyWh, 647_900, 648_100);
        Assert.Equal((new Money(bill.EnergyWh * 500_000L)).RoundedTo(2), bill.Amount);
        Assert.Equal("2026-02-25", Instants.DayToText(bill.DueDay));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 40);
        life.Do(new RecordContact(Life.Account, "call", "collector", "no-answer", null));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 40);
        Assert.Equal(
            ["Reminder", "Due", "Courtesy", "Contact", "PlanOffer", "Demand", "StopNotice", "ReNotice"],
            life.Events<StageEntered>().Select(e => e.To.ToString()));
        Assert.Single(life.Kinds, k => k == "last-notice");
        Assert.Equal(CaseKind.Contact, Assert.Single(life.Partition.Cases).Kind);
        var planned = Assert.Single(life.Events<CutDecided>());
        Assert.True(planned.Interlock is { Go: true, Facts.OverdueDays: > 30 });
        life.Obey();
        Assert.Equal((Relay.Cut, Stage.Cut), (life.Customer.Supply.Relay, life.Customer.Overdue.Stage));
        life.HourlyWh = 0;
        life.Pay("1000");
        Assert.Equal((Relay.Restoring, Stage.None), (life.Customer.Supply.Relay, life.Customer.Overdue.Stage));
        Assert.True(life.Relay is { TurnsOn: true, State: RelayCommandState.Released });
        life.Obey();
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        Assert.Contains("supply-restored", life.Kinds);
        Assert.Empty(life.Partition.Dues);
        Assert.Equal(life.State.Credit.Nano, life.Partition.Entries.Where(e => e.Kind is EntryKind.Payment or EntryKind.LateFee).Sum(e => e.Amount.Nano));
    }

    [Fact]
    public void A_prepaid_balance_that_ends_is_warned_waited_for_and_cut_last()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent);
        life.Pay("120");
        life.Until(l => l.Customer.NegativeSinceMs != 0, 20);
        Assert.Equal(["low-balance", "low-balance", "low-balance", "low-balance"], life.Kinds.Take(4));
        Assert.Contains("balance-exhausted", life.Kinds);
        var ended = life.Customer.NegativeSinceMs;
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        Assert.True(life.NowMs >= ended + (48 * Instants.MsPerHour));
        Assert.InRange(life.State.Calendar.MinuteOf(life.NowMs), 12 * 60, (15 * 60) - 1);
        life.Obey();
        life.HourlyWh = 0;
        life.Pay("5");
        Assert.Equal(Relay.Cut, life.Customer.Supply.Relay);
        life.Pay("100");
        Assert.Equal(Relay.Restoring, life.Customer.Supply.Relay);
        life.Obey();
        Assert.Equal((Relay.On, 0), (life.Customer.Supply.Relay, (int)life.Customer.NegativeSinceMs));
        Assert.Empty(life.Partition.Dues);
    }

    [Fact]
    public void A_payment_between_plan_and_command_calls_the_cut_off()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        var sequence = life.Customer.Supply.Sequence;
        life.Pay("500");
        Assert.Equal((Relay.On, RelayCommandState.Withdrawn), (life.Customer.Supply.Relay, life.Relay.State));
        Assert.Equal("relay.superseded", life.Do(new ReleaseCut(Life.Account, sequence)).Refusal!.Code);
    }

    [Fact]
    public void The_interlock_speaks_again_when_the_command_leaves()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        Assert.True(life.Do(new PlaceHold(Life.Account, HoldKind.Bereavement, null, "told by phone")).Accepted);
        var outcome = life.Do(new ReleaseCut(Life.Account, life.Customer.Supply.Sequence));
        Assert.Equal("relay.interlock", outcome.Refusal!.Code);
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        Assert.Equal([CutStep.Planned, CutStep.Refused], life.Events<CutDecided>().Select(e => e.Step));
        life.To(Instants.ToText(life.NowMs + (10 * Instants.MsPerDay)));
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
    }

    [Fact]
    public void Nothing_is_cut_on_messages_that_nobody_got()
    {
        var life = Exhausted(delivers: false);
        life.To(Instants.ToText(life.NowMs + (20 * Instants.MsPerDay)));
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        Assert.Empty(life.Events<CutDecided>());
    }

    [Fact]
    public void Nothing_is_cut_while_the_meter_is_silent()
    {
        var life = Exhausted();
        life.HourlyWh = null;
        life.To(Instants.ToText(life.NowMs + (20 * Instants.MsPerDay)));
        Assert.Empty(life.Events<CutDecided>());
    }

    [Fact]
    public void A_grid_that_was_down_for_weeks_sends_no_pile_of_letters()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Due, 60);
        var before = life.Partition.Notices.Count;
        life.To("2026-04-10T10:00:00+08:00", sweeps: false);
        life.To("2026-04-10T20:00:00+08:00");
        Assert.Equal([NoticeKind.CourtesyReminder], life.Partition.Notices.Skip(before).Select(n => n.Kind).Where(k => k != NoticeKind.Bill));
        life.To("2026-04-30T20:00:00+08:00");
        var days = life.Partition.Notices.Where(n => n.Kind != NoticeKind.Bill).Skip(before).GroupBy(n => life.State.Calendar.DayOf(n.AtMs));
        Assert.All(days, d => Assert.Single(d));
    }

    [Fact]
    public void Late_fees_are_the_same_whether_every_day_was_checked_or_none()
    {
        var every = Late(sweeps: true);
        var none = Late(sweeps: false);
        Assert.Equal(every, none);
        Assert.NotEqual(Money.Zero, every);

        static Money Late(bool sweeps)
        {
            var life = new Life("2026-01-05", PaymentMode.Postpaid,
                Packs.Get("cn-residential", p => p with { Ladder = p.Ladder with { StopNoticeAfterDays = 100 } }));
            life.To("2026-02-01T00:00:00+08:00").HourlyWh = 0;
            life.Until(l => l.Customer.Overdue.Stage == Stage.Due, 60);
            life.To("2026-03-10T10:00:00+08:00", sweeps);
            life.Pay("100");
            life.To("2026-03-20T10:00:00+08:00", sweeps);
            life.Pay("1");
            life.To("2026-03-24T10:00:00+08:00");
            return life.Customer.Overdue.Fees;
        }
    }

    [Fact]
    public void A_plan_that_is_kept_pauses_and_one_that_is_broken_goes_on_where_it_was()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.Until(l => l.Customer.Overdue.Stage == Stage.PlanOffer, 80);
        var today = life.State.Calendar.DayOf(life.NowMs);
        Assert.Equal("plan.too_much", life.Do(new AgreePlan(Life.Account, [new Instalment(today + 7, Money.FromUnits(9_000))], "p")).Refusal!.Code);

        // Sixty of the largest amounts are more than an amount can be.
        var large = Enumerable.Range(7, 60).Select(d => new Instalment(today + d, AccountDecisions.AmountMax)).ToList();
        Assert.Equal("plan.too_much", life.Do(new AgreePlan(Life.Account, large, "p")).Refusal!.Code);
        Assert.True(
            life.Do(
                new AgreePlan(Life.Account, [new Instalment(today + 7, Money.FromUnits(100)), new Instalment(today + 14, Money.FromUnits(100))],
                    "p")).Accepted);
        life.To(Instants.ToText(life.NowMs + (6 * Instants.MsPerDay)));
        life.Pay("100");
        Assert.Equal((Stage.PlanOffer, 2), (life.Customer.Overdue.Stage, life.Customer.Overdue.Plan.Count));
        life.To(Instants.ToText(life.NowMs + (12 * Instants.MsPerDay)));
        Assert.Single(life.Events<PlanBroken>());
        Assert.True(life.Customer.Overdue.Stage > Stage.PlanOffer);
    }

    [Fact]
    public void A_restore_that_is_late_is_compensated_once()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.Obey();
        life.HourlyWh = 0;
        life.Pay("500");
        life.To(Instants.ToText(life.NowMs + (3 * Instants.MsPerDay)));
        life.Obey();
        Assert.Equal("20.000000000", Assert.Single(life.Partition.Entries, e => e.Kind == EntryKind.Compensation).Amount.ToString());
    }

    [Fact]
    public void A_meter_that_consumes_behind_its_cut_is_a_case_once()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.Obey();
        life.To(Instants.ToText(life.NowMs + Instants.MsPerDay));
        Assert.Single(life.Events<TamperSuspected>());
        Assert.Equal(CaseKind.Tamper, Assert.Single(life.Partition.Cases).Kind);
    }

    /// <summary>It was on when it came, and nobody cut it.</summary>
    [Fact]
    public void A_meter_that_comes_to_an_account_without_supply_is_no_case_of_tampering()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.Obey();
        life.HourlyWh = 0;
        life.Ok(Given.Open(2));
        life.Ok(new InstallMeter(8, 2, default, life.NowMs, 500));
        life.To(Instants.ToText(life.NowMs + Instants.MsPerHour));
        life.Ok(new ReleaseMeter(8, Life.Account, 0, life.NowMs, 600));
        for (var hour = 1; hour <= 6; hour++)
        {
            life.To(Instants.ToText(life.NowMs + Instants.MsPerHour));
            life.Partition.Append(life.NowMs, new Domain.Readings.Reading(8, Domain.RegisterKind.Import, life.NowMs, 600 + (hour * 100), default, 0));
            life.Grid.Settle();
        }

        Assert.Equal(Relay.Cut, life.Customer.Supply.Relay);
        Assert.Empty(life.Events<TamperSuspected>());
    }

    [Fact]
    public void Debt_is_recovered_by_share_and_by_day_and_never_more_than_there_is()
    {
        var life = new Life("2026-03-02", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.To("2026-03-04T00:00:00+08:00");
        var owed = -life.State.Balance;
        Assert.True(life.Do(new MoveToDebt(Life.Account, owed, 2_500, Money.FromUnits(1), "moved")).Accepted);
        Assert.Equal("approval.needed", life.Do(new SwitchMode(Life.Account, PaymentMode.Prepaid, "form 1", "a", "a")).Refusal!.Code);
        Assert.True(life.Do(new SwitchMode(Life.Account, PaymentMode.Prepaid, "form 1", "a", "b")).Accepted);
        Assert.Equal((Money.Zero, owed), (life.State.Balance, life.Customer.Debt.Left));
        life.HourlyWh = 0;
        life.Pay("40");
        Assert.Equal(Money.FromUnits(30), life.State.Balance);
        life.To("2026-03-30T20:00:00+08:00");
        Assert.Equal(Money.Zero, life.Customer.Debt.Left);
        Assert.Equal(Money.FromUnits(40) - owed, life.State.Balance);
    }

    [Fact]
    public void A_crash_at_any_moment_changes_nothing()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 80);
        life.Do(new RecordContact(Life.Account, "call", "collector", "no-answer", null));
        life.Partition.Flush();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 40);
        var (state, effects) = (life.Partition.StateText(), life.Partition.EffectNames.ToList());
        life.Partition.Crash();
        life.Grid.Settle();
        Assert.Equal(state, life.Partition.StateText());
        Assert.Equal(effects.Distinct(), life.Partition.EffectNames.Distinct());
    }

    [Fact]
    public void Paying_what_the_notice_names_restores_though_a_newer_bill_is_not_due()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 80);
        life.Do(new RecordContact(Life.Account, "call", "collector", "no-answer", null));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 40);
        life.Obey();
        life.HourlyWh = 0;
        life.To("2026-04-08T10:00:00+08:00");
        var overdue = life.Customer.Overdue;
        var today = life.State.Calendar.DayOf(life.NowMs);
        Assert.Contains(overdue.Book.Asked, b => b.DueDay > today);
        var asked = overdue.Book.Asked.Where(b => b.DueDay < today).Sum(b => b.Open.Nano);
        life.Pay(new Money(asked).ToString());
        Assert.Equal(Relay.Restoring, life.Customer.Supply.Relay);
    }

    [Fact]
    public void A_notice_asks_for_no_less_than_what_ends_the_cut()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.Obey();
        life.HourlyWh = 0;
        life.Pay(life.Partition.Notices.Last(n => n.Kind == NoticeKind.SupplyCut).Facts.Amount!);
        Assert.Equal(Relay.Restoring, life.Customer.Supply.Relay);
    }

    [Fact]
    public void A_meter_that_leaves_a_dark_account_is_switched_on_first()
    {
        var life = Exhausted();
        life.Do(Given.Open(2, "2026-03-02"));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.Obey();
        life.HourlyWh = null;
        Assert.True(life.Do(new ReleaseMeter(Life.Meter, 2, 0, life.NowMs + 1, null)).Accepted);
        Assert.True(life.Relay is { TurnsOn: true, State: RelayCommandState.Released });
        Assert.Equal([Life.Meter], life.Relay.Meters);
        Assert.True(life.Do(new ReportRelay(Life.Account, Life.Meter, life.Relay.Sequence, true, life.NowMs)).Accepted);
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
    }

    [Fact]
    public void A_meter_that_is_exchanged_waits_for_nobody()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.Obey();
        life.HourlyWh = null;
        var register = life.State.Meters[0].Last.ValueWh;
        Assert.True(life.Do(new ExchangeMeter(Life.Meter, 9, life.NowMs + 1, register, 0, default)).Accepted);
        Assert.Equal([9], life.Relay.Meters);
        Assert.True(life.Do(new ReportRelay(Life.Account, 9, life.Relay.Sequence, true, life.NowMs)).Accepted);

        // Supply is on; for what is still owed the whole wait begins anew.
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        Assert.Equal(life.NowMs, life.Customer.WaitFromMs);
    }

    [Fact]
    public void Life_that_depends_on_supply_restores_at_once_and_so_does_a_person()
    {
        foreach (var command in new AccountCommand[] { new SetCustomer(Life.Account, 5, CustomerClass.Residential, CustomerTraits.NeverCut),
            new OrderRestore(Life.Account, "p", "told by phone") })
        {
            var life = Exhausted();
            life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
            life.Obey();
            life.HourlyWh = 0;
            Assert.True(life.Do(command).Accepted);
            Assert.True(life.Relay is { TurnsOn: true, State: RelayCommandState.Released });
        }
    }

    [Fact]
    public void A_dispute_after_the_command_has_left_takes_it_back()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        Assert.True(life.Do(new ReleaseCut(Life.Account, life.Customer.Supply.Sequence)).Accepted);
        Assert.True(life.Do(new PlaceHold(Life.Account, HoldKind.Dispute, null, "told by phone")).Accepted);
        Assert.True(life.Relay is { TurnsOn: true, State: RelayCommandState.Released });
    }

    [Fact]
    public void A_restore_that_nobody_confirms_becomes_a_case()
    {
        var life = Exhausted();
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.Obey();
        life.HourlyWh = 0;
        life.Pay("500");
        life.To(Instants.ToText(life.NowMs + (5 * Instants.MsPerDay)));
        Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.RestoreUnconfirmed);
    }

    [Fact]
    public void A_balance_below_zero_for_long_is_shown_again_before_anything_is_cut_on_it()
    {
        var life = Exhausted();
        life.Do(new PlaceHold(Life.Account, HoldKind.Weather, life.NowMs + (12 * Instants.MsPerDay), "heat"));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 20);
        Assert.Equal(2, life.Kinds.Count(k => k == "balance-exhausted"));
    }

    [Fact]
    public void A_proof_from_before_the_notice_counts_from_the_notice()
    {
        var life = Exhausted(delivers: false);
        life.Do(new ReportDelivery(Life.Account, life.Partition.Notices[^1].Id, "sms", life.NowMs));
        life.Until(l => l.Customer.Supply.Relay == Relay.LastNotice, 10);
        var given = life.NowMs;
        life.Do(new ReportDelivery(Life.Account, life.Customer.Overdue.LastNoticeId!, "sms", given - (25 * 60_000)));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 1);
        Assert.True(life.NowMs >= given + (30 * 60_000));
    }

    [Fact]
    public void Instalments_within_the_month_are_three_bills_of_it()
    {
        var life = new Life("2026-02-01", PaymentMode.Instalments, Packs.Get("cn-residential"));
        life.Until(l => l.Partition.Bills.Count == 4, 50);
        Assert.Equal(
            ["2026-02-01 2026-02-10", "2026-02-11 2026-02-20", "2026-02-21 2026-02-28", "2026-03-01 2026-03-10"],
            life.Partition.Bills.Select(b => $"{Instants.DayToText(b.Facts.FromDay)} {Instants.DayToText(b.Facts.ToDay)}"));
        Assert.Equal(4, life.Partition.Bills.Select(b => b.Id).Distinct().Count());
    }

    [Fact]
    public void A_bounced_payment_takes_its_share_of_the_debt_back()
    {
        var life = new Life("2026-03-02", PaymentMode.Postpaid, Packs.Get("cn-residential"));
        life.To("2026-03-06T00:00:00+08:00");
        var owed = -life.State.Balance;
        Assert.Equal("debt.no_terms", life.Do(new MoveToDebt(Life.Account, owed, 0, Money.Zero, "none")).Refusal!.Code);
        Assert.True(life.Do(new MoveToDebt(Life.Account, owed, 3_000, Money.Zero, "moved")).Accepted);
        Assert.True(life.Do(new SwitchMode(Life.Account, PaymentMode.Prepaid, "form 1", "a", "b")).Accepted);
        var before = (life.State.Balance, life.Customer.Debt.Left);
        var payment = life.Partition.Append(Given.Pay(Life.Account, "100"), life.NowMs);
        life.Grid.Settle();
        Assert.Equal(owed - Money.FromUnits(30), life.Customer.Debt.Left);
        Assert.True(life.Do(new ReversePayment(Life.Account, payment, "bounced")).Accepted);
        Assert.Equal(before, (life.State.Balance, life.Customer.Debt.Left));
    }

    private static Life Exhausted(bool delivers = true)
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent) { Delivers = delivers };
        life.Pay("120");
        return life.Until(l => l.Customer.NegativeSinceMs != 0, 20);
    }
}
