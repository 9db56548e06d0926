using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>Agreements with a customer: plans, promises, disputes, debt, consent, a change to prepaid, and the closing of an account.</summary>
public sealed class AgreementTests
{
    private static Policy Cn => Packs.Get("cn-residential");

    [Fact]
    public void A_plan_that_is_kept_is_not_forgotten_when_an_instalment_pays_the_oldest_bill()
    {
        var life = TwoBills();
        life.Ok(Plan(("2026-03-10", "100"), ("2026-04-15", "100")));
        life.To("2026-03-09T10:00:00+08:00").Pay("100");
        var notices = life.Partition.Notices.Count;
        life.To("2026-04-14T10:00:00+08:00");
        Assert.True(life.Customer.Overdue.KeepsPlan(Given.Day("2026-04-14")));
        Assert.DoesNotContain(life.Partition.Notices.Skip(notices), n => n.Kind != NoticeKind.Bill);
        Assert.Empty(life.Partition.Cases);
        life.Pay("100");
        Assert.Equal(Nano("200"), Assert.Single(life.Events<PlanFulfilled>()).Amount.Nano);
        Assert.Empty(life.Customer.Overdue.Plan);
    }

    /// <summary>The plan covered a part of what was owed. Its last payment is not answered with the next letter.</summary>
    [Fact]
    public void Whoever_pays_the_last_instalment_is_not_written_to_on_that_day_for_what_the_plan_left_out()
    {
        var life = TwoBills();
        life.Ok(Plan(("2026-03-20", "50")));
        life.To("2026-03-20T10:00:00+08:00");
        var stage = life.Customer.Overdue.Stage;
        life.Pay("50");
        Assert.Single(life.Events<PlanFulfilled>());
        Assert.Equal(stage, life.Customer.Overdue.Stage);
        life.To("2026-03-24T10:00:00+08:00");
        Assert.Equal(stage + 1, life.Customer.Overdue.Stage);
    }

    [Fact]
    public void A_plan_ends_by_being_broken_or_cancelled_too_each_an_event()
    {
        var broken = TwoBills();
        broken.Ok(Plan(("2026-03-10", "100"), ("2026-04-15", "100")));
        Assert.Equal("plan.exists", broken.Do(Plan(("2026-03-11", "10"))).Refusal!.Code);
        broken.Pay("99.99");
        broken.To("2026-03-11T10:00:00+08:00");
        Assert.Equal((Given.Day("2026-03-10"), Nano("0.01")),
            (Assert.Single(broken.Events<PlanBroken>()).Day, broken.Events<PlanBroken>().Single().Missing.Nano));
        var cancelled = TwoBills();
        Assert.Equal("plan.unknown", cancelled.Do(new CancelPlan(1, "p", "wished")).Refusal!.Code);
        cancelled.Ok(Plan(("2026-03-10", "100")));
        cancelled.Ok(new CancelPlan(1, "p", "wished"));
        Assert.Equal("wished", Assert.Single(cancelled.Events<PlanCancelled>()).Reason);
        Assert.False(cancelled.Customer.Overdue.KeepsPlan(Given.Day("2026-03-06")));
    }

    [Fact]
    public void An_instalment_that_bounces_is_missing_again()
    {
        var life = TwoBills();
        life.Ok(Plan(("2026-03-10", "100"), ("2026-04-15", "100")));
        var payment = life.To("2026-03-09T10:00:00+08:00").Ok(Given.Pay(1, "100"));
        life.To("2026-03-20T10:00:00+08:00").Ok(new ReversePayment(1, payment, "bounced"));
        Assert.Equal(Nano("100"), Assert.Single(life.Events<PlanBroken>()).Missing.Nano);
    }

    /// <summary>40 of an older payment are owed again, beside the plan. The plan's own instalments were paid, so it is kept to its end.</summary>
    [Fact]
    public void A_payment_from_before_the_plan_that_bounces_breaks_no_plan()
    {
        var life = TwoBills();
        var early = life.Ok(Given.Pay(1, "40"));
        life.Ok(Plan(("2026-03-10", "80"), ("2026-04-15", "80")));
        life.To("2026-03-09T10:00:00+08:00").Pay("80");
        life.Ok(new ReversePayment(1, early, "bounced"));
        life.To("2026-04-14T10:00:00+08:00");
        Assert.Empty(life.Events<PlanBroken>());
        Assert.True(life.Customer.Overdue.KeepsPlan(Given.Day("2026-04-14")));
        life.Pay("80");
        Assert.Equal(Nano("160"), Assert.Single(life.Events<PlanFulfilled>()).Amount.Nano);
        Assert.Equal(Nano("40"), life.Customer.Overdue.Unpaid.Nano);
    }

    /// <summary>A plan of 100 and 100; 150 of it are asked for no more. The first instalment has nothing to pay, and 50 fulfil the plan.</summary>
    [Theory]
    [InlineData("written off")]
    [InlineData("moved to a debt")]
    public void Nobody_breaks_a_plan_by_not_paying_what_is_asked_for_no_more(string what)
    {
        var life = TwoBills();
        life.Ok(Plan(("2026-03-10", "100"), ("2026-04-15", "100")));
        life.Ok(what == "written off" ? new WriteOff(1, Given.Amount("150"), "hardship", "a", "b") : new MoveToDebt(1, Given.Amount("150"), 3_000,
            Money.Zero, "agreed"));
        life.To("2026-04-14T10:00:00+08:00");
        Assert.Empty(life.Events<PlanBroken>());
        life.Pay("50");
        Assert.Single(life.Events<PlanFulfilled>());
    }

    [Fact]
    public void A_debit_or_credit_from_before_the_plan_that_is_corrected_breaks_no_plan()
    {
        var life = TwoBills();
        var early = life.Ok(new AdjustBalance(1, Given.Amount("40"), "goodwill"));
        life.Ok(Plan(("2026-03-10", "80")));
        life.Ok(new AdjustBalance(1, Given.Amount("-40"), "taken back", CorrectsPosition: early));
        life.To("2026-03-10T10:00:00+08:00").Pay("80");
        Assert.Equal(Nano("80"), Assert.Single(life.Events<PlanFulfilled>()).Amount.Nano);
    }

    [Fact]
    public void A_promise_outlasts_the_bill_that_a_part_payment_pays()
    {
        var life = TwoBills();
        life.Ok(new PromisePayment(1, Given.Day("2026-03-18")));
        life.Pay("100");
        Assert.Equal(Given.Day("2026-03-18"), life.Customer.Overdue.PromiseDay);
    }

    /// <summary>A plan through April 30, a promise, and a dispute that ends by itself on the morning of the 15th.</summary>
    [Theory]
    [InlineData("plan", false, 0)]
    [InlineData("plan", true, 1)]
    [InlineData("promise", false, 0)]
    [InlineData("promise", true, 1)]
    [InlineData("dispute", false, 0)]
    [InlineData("dispute", true, 1)]
    public void No_fee_grows_while_a_plan_is_kept_a_promise_open_or_a_dispute_undecided_unless_the_pack_says_so(string what, bool bears, int fees)
    {
        var life = TwoBills(p => p with { LateFee = p.LateFee with { DuringPlan = bears, DuringPromise = bears, DuringDispute = bears } });
        var before = life.Customer.Overdue.Fees.Nano;
        life.Ok(what switch
        {
            "plan" => Plan(("2026-04-30", "200")),
            "promise" => new PromisePayment(1, Given.Day("2026-03-15")),
            _ => new PlaceHold(1, HoldKind.Dispute, Given.At("2026-03-15T09:00:00+08:00"), "reading disputed"),
        });
        life.To("2026-03-15T08:59:00+08:00");
        Assert.Equal(fees, life.Customer.Overdue.Fees.Nano > before ? 1 : 0);
        life.To("2026-04-29T10:00:00+08:00");
        Assert.Equal(what != "plan" || bears, life.Customer.Overdue.Fees.Nano > before);
    }

    [Fact]
    public void A_grid_that_was_down_counts_the_days_of_a_dispute_as_they_were()
    {
        var calm = Down(sweeps: true);
        Assert.Equal(calm, Down(sweeps: false));
        Assert.NotEqual(0, calm);

        static long Down(bool sweeps)
        {
            var life = TwoBills();
            life.Ok(new PlaceHold(1, HoldKind.Dispute, Given.At("2026-03-15T09:00:00+08:00"), "reading disputed"));
            life.To("2026-03-20T08:00:00+08:00", sweeps).To("2026-03-20T10:00:00+08:00");
            return life.Customer.Overdue.Fees.Nano;
        }
    }

    [Fact]
    public void A_change_to_prepaid_is_refused_while_anything_is_owed_outside_a_debt_agreement()
    {
        var life = TwoBills();
        Assert.Equal("mode.no_consent", life.Do(new SwitchMode(1, PaymentMode.Prepaid, " ", "a", "b")).Refusal!.Code);
        Assert.Equal("mode.owed", life.Do(new SwitchMode(1, PaymentMode.Prepaid, "form 1", "a", "b")).Refusal!.Code);
        Assert.Equal("debt.share_invalid", life.Do(new SwitchMode(1, PaymentMode.Prepaid, "form 1", "a", "b", 3_001)).Refusal!.Code);
        var owed = -life.State.Balance;
        life.Ok(new SwitchMode(1, PaymentMode.Prepaid, "form 1", "a", "b", 2_500));
        Assert.Equal((Money.Zero, owed, Stage.None), (life.State.Balance, life.Customer.Debt.Left, life.Customer.Overdue.Stage));
        Assert.Equal(owed.Nano, Assert.Single(life.Events<ModeSwitched>()).Moved.Nano);
        life.To(Instants.ToText(life.NowMs + (24 * Instants.MsPerDay)));
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
        Assert.Empty(life.Events<CutDecided>());
    }

    /// <summary>The late fee of a day that is over, and the standing charge of the day, are owed before they are entered: they go into the agreement.</summary>
    [Fact]
    public void A_change_to_prepaid_before_the_days_check_takes_the_late_fee_of_yesterday_into_the_debt()
    {
        var life = TwoBills();
        life.To("2026-03-20T10:00:00+08:00").To("2026-03-21T00:00:30+08:00", sweeps: false);
        var (fees, entered) = (life.Customer.Overdue.Fees.Nano, -life.State.Balance.Nano);
        life.Ok(new SwitchMode(1, PaymentMode.Prepaid, "form 1", "a", "b", 2_500));
        Assert.True(life.Customer.Debt.Left.Nano > entered, "No late fee of 2026-03-20 was owed: the test shows nothing.");
        Assert.NotEqual(0, fees);
        Assert.Equal(Money.Zero, life.State.Balance);
        Assert.Empty(life.Events<BalanceLow>());
        Assert.Equal(0, life.Customer.NegativeSinceMs);
    }

    /// <summary>Whatever a command leads to is decided about an account whose days that are over are counted, a refusal like a decision.</summary>
    [Fact]
    public void A_refused_command_counts_the_days_that_are_over_and_changes_nothing_else()
    {
        var life = TwoBills();
        life.To("2026-03-20T10:00:00+08:00").To("2026-03-21T00:00:30+08:00", sweeps: false);
        var (fees, balance) = (life.Customer.Overdue.Fees.Nano, life.State.Balance);
        Assert.Equal("refund.exceeds_balance", life.Do(new RefundCredit(1, Given.Amount("1"), "asked for")).Refusal!.Code);
        Assert.Equal(balance.Nano - life.State.Balance.Nano, life.Customer.Overdue.Fees.Nano - fees);
        Assert.Equal(life.State.Balance.Nano, life.Partition.Entries.Sum(e => e.Amount.Nano));
    }

    /// <summary>
    /// A bill of 100.004 asks for 100.00 and carries the rest. Nobody can pay 0.004, so it is nothing that stands against the change; a fen is.
    /// </summary>
    [Theory]
    [InlineData("100", null)]
    [InlineData("99.99", "mode.owed")]
    public void Less_than_the_smallest_unit_is_nothing_that_is_owed_at_a_change_to_prepaid(string paid, string? code)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(200_008);
        life.Until(l => l.Partition.Bills.Count == 1, 40);
        Assert.Equal("100.000000000", life.Partition.Bills[0].Facts.ToPay.ToString());
        life.Pay(paid);
        Assert.Equal(code, life.Do(new SwitchMode(1, PaymentMode.Prepaid, "form 1", "a", "b")).Refusal?.Code);
        Assert.Equal(Money.Zero, life.Customer.Debt.Left);
    }

    [Fact]
    public void Consent_is_a_reference_to_what_was_signed_and_no_trait()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Cn);
        Assert.Equal("customer.consent_no_reference", life.Do(new SetCustomer(1, 5, CustomerClass.Residential, CustomerTraits.PrepaidConsent)).Refusal!.Code);
        Assert.Equal("customer.consent_no_reference", life.Do(new SetCustomer(1, 5, CustomerClass.Residential, CustomerTraits.None, "")).Refusal!.Code);
        Assert.False(life.Customer.Has(CustomerTraits.PrepaidConsent));
        life.Ok(new SetCustomer(1, 5, CustomerClass.Residential, CustomerTraits.None, "form 17"));
        life.Ok(new SetCustomer(1, 5, CustomerClass.Residential, CustomerTraits.Vulnerable));
        Assert.Equal(CustomerTraits.Vulnerable | CustomerTraits.PrepaidConsent, life.Customer.Traits);
        life.Ok(new SwitchMode(1, PaymentMode.Postpaid, null, "a", "b"));
        Assert.False(life.Customer.Has(CustomerTraits.PrepaidConsent));
    }

    [Fact]
    public void Paying_what_the_cut_notice_asks_restores_though_a_share_goes_to_a_debt()
    {
        var life = Indebted();
        life.Use(40_000);
        Assert.Equal("-20.000000000", life.State.Balance.ToString());
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 10);
        life.Obey();
        life.Pay(life.Partition.Notices.Last(n => n.Kind == NoticeKind.SupplyCut).Facts.Amount!);
        Assert.Equal((Relay.Restoring, "100.000000000"), (life.Customer.Supply.Relay, life.Customer.Debt.Left.ToString()));
    }

    [Fact]
    public void A_debt_by_the_day_is_never_taken_from_below_zero()
    {
        var life = Indebted(perDay: "2", share: 0);
        life.Use(20_000);
        life.To(Instants.ToText(life.NowMs + (5 * Instants.MsPerDay)));
        Assert.Equal(("-10.000000000", "100.000000000"), (life.State.Balance.ToString(), life.Customer.Debt.Left.ToString()));
        life.Pay("13");
        life.To(Instants.ToText(life.NowMs + (5 * Instants.MsPerDay)));
        Assert.Equal(("0.000000000", "97.000000000"), (life.State.Balance.ToString(), life.Customer.Debt.Left.ToString()));
    }

    [Fact]
    public void A_bounced_payment_gives_back_exactly_what_it_had_recovered_whatever_the_terms_are_by_then()
    {
        var life = Indebted(debt: "30", share: 2_500);
        life.Pay("100");
        var before = (life.State.Balance, life.Customer.Debt.Left);
        Assert.Equal("5.000000000", before.Left.ToString());
        var payment = life.Ok(Given.Pay(1, "100"));
        Assert.Equal(Money.Zero, life.Customer.Debt.Left);
        life.Ok(new ReversePayment(1, payment, "bounced"));
        Assert.Equal(before, (life.State.Balance, life.Customer.Debt.Left));
    }

    [Fact]
    public void A_bounced_payment_from_before_the_debt_gives_nothing_back()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Cn) { HourlyWh = 0 };
        var early = life.Ok(Given.Pay(1, "100"));
        life.To("2026-03-02T10:00:00+08:00").Use(320_000);
        life.Ok(new MoveToDebt(1, Given.Amount("60"), 2_500, Money.Zero, "moved"));
        life.Pay("100");
        Assert.Equal("35.000000000", life.Customer.Debt.Left.ToString());
        life.Ok(new ReversePayment(1, early, "bounced"));
        Assert.Equal(("35.000000000", "-25.000000000"), (life.Customer.Debt.Left.ToString(), life.State.Balance.ToString()));
    }

    [Fact]
    public void A_payment_of_a_bill_that_bounces_after_the_change_to_prepaid_is_debt_and_no_reason_to_cut()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 1, 40);
        var payment = life.Ok(Given.Pay(1, "100"));
        life.Ok(new SwitchMode(1, PaymentMode.Prepaid, "form 1", "a", "b"));
        life.Ok(new ReversePayment(1, payment, "bounced"));
        Assert.Equal(("0.000000000", "100.000000000"), (life.State.Balance.ToString(), life.Customer.Debt.Left.ToString()));
        Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.DebtTerms);
    }

    [Fact]
    public void A_closed_prepaid_account_that_owes_gets_a_final_bill_and_the_ladder()
    {
        var life = Moved(Given.At("2026-03-10T10:00:00+08:00"), 40_000);
        life.Ok(new CloseAccount(1, Given.Day("2026-03-10"), "moved out"));
        life.To("2026-12-20T10:00:00+08:00");
        Assert.Equal("20.000000000", life.Partition.Bills.Single(b => b.Facts.DueDay != 0).Facts.ToPay.ToString());
        Assert.Equal(Stage.Demand, life.Customer.Overdue.Stage);
        Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.CannotBeCut);
        Assert.Equal(Nano("20"), life.Customer.Overdue.Unpaid.Nano);
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
    }

    [Fact]
    public void What_is_left_of_a_debt_is_on_the_final_bill_of_a_closed_account()
    {
        var life = Indebted();
        life.HourlyWh = null;
        life.Ok(Given.Open(2, "2026-03-02"));
        life.Ok(new ReleaseMeter(Life.Meter, 2, 0, life.NowMs + 1, null));
        life.Ok(new CloseAccount(1, Given.Day("2026-03-02"), "moved out"));
        life.Until(l => l.Partition.Bills.Count == 1, 60);
        Assert.Equal(("100.000000000", "0.000000000"), (life.Partition.Bills[0].Facts.ToPay.ToString(), life.Customer.Debt.Left.ToString()));
    }

    /// <summary>30 of 100 had recovered a debt. No payment and no bill recovers it after the closing, so the bounce has it asked for at once.</summary>
    [Fact]
    public void What_a_payment_had_recovered_is_asked_for_where_it_bounces_after_the_closing()
    {
        var life = Indebted();
        var payment = life.Ok(Given.Pay(1, "100"));
        life.HourlyWh = null;
        life.Ok(Given.Open(2, "2026-03-02"));
        life.Ok(new ReleaseMeter(Life.Meter, 2, 0, life.NowMs + 1, null));
        life.Ok(new CloseAccount(1, Given.Day("2026-03-02"), "moved out"));
        life.To("2026-05-05T10:00:00+08:00");
        Assert.Equal((Money.Zero, Money.Zero), (life.State.Balance, life.Customer.Debt.Left));
        life.Ok(new ReversePayment(1, payment, "bounced"));
        life.To("2026-05-12T10:00:00+08:00");
        Assert.Equal(("-100.000000000", Nano("100"), Money.Zero), (life.State.Balance.ToString(), life.Customer.Overdue.Unpaid.Nano, life.Customer.Debt.Left));
        Assert.Equal("account.closed", life.Do(new MoveToDebt(1, Given.Amount("50"), 3_000, Money.Zero, "moved")).Refusal!.Code);
    }

    [Theory]
    [InlineData("2026-03-10T00:00:00+08:00", "2026-03-09", "-2.400000000")]
    [InlineData("2026-03-10T12:00:00+08:00", "2026-03-10", "-2.700000000")]
    [InlineData("2026-03-10T00:00:00+08:00", "2026-03-20", "-5.700000000")]
    public void A_closing_that_is_recorded_late_charges_no_standing_charge_after_its_last_day(string left, string lastDay, string balance)
    {
        var life = Moved(Given.At(left), 0, "0.30");
        Assert.Equal(Given.Day("2026-03-20"), life.State.StandingThroughDay);
        life.Ok(new CloseAccount(1, Given.Day(lastDay), "moved out"));
        Assert.Equal(balance, life.State.Balance.ToString());
        life.To("2026-05-20T10:00:00+08:00");
        Assert.Equal(balance, new Money(life.Partition.Entries.Where(e => e.Kind == EntryKind.Standing).Sum(e => e.Amount.Nano)).ToString());
        Assert.Equal(life.State.Balance.Nano, life.Partition.Entries.Sum(e => e.Amount.Nano));
    }

    [Fact]
    public void A_standing_charge_begins_with_the_tariff_that_has_one_though_no_reading_comes()
    {
        var grid = new FoldHarness(1, Given.Flat(), Given.Flat() with { StandingPerDay = "0.30" });
        var now = Given.At("2026-01-10T10:00:00+08:00");
        Assert.True(grid.Execute(0, Given.Open(1), now).Accepted);
        Assert.Equal(long.MaxValue, grid[0].DueOf(1));
        Assert.True(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-02-01")), now).Accepted);
        while (grid[0].DueOf(1) <= Given.At("2026-02-21T12:00:00+08:00"))
        {
            now = grid[0].DueOf(1);
            grid[0].Append(new Check(now, [1]), now);
            grid.Settle();
        }

        Assert.Equal("-6.300000000", grid.Account(1).Balance.ToString());
    }

    private static AgreePlan Plan(params (string Day, string Amount)[] parts) =>
        new(1, [.. parts.Select(p => new Instalment(Given.Day(p.Day), Given.Amount(p.Amount)))], "p");

    private static long Nano(string text) => Money.TryParse(text, out var m) ? m.Nano : throw new FormatException(text);

    /// <summary>Bill 1 of 100 overdue since March, bill 2 of 100 just closed; it is 2026-03-05.</summary>
    private static Life TwoBills(Func<PolicyDefinition, PolicyDefinition>? change = null)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential", change ?? (p => p))) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(200_000);
        life.To("2026-02-10T10:00:00+08:00").Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 2, 40);
        return life.To("2026-03-05T10:00:00+08:00");
    }

    /// <summary>A prepaid account at zero beside a debt.</summary>
    private static Life Indebted(string debt = "100", int share = 3_000, string perDay = "0")
    {
        var life = new Life("2026-03-02", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.To("2026-03-02T10:00:00+08:00").Use(Nano(debt) / 500_000);
        life.Ok(new MoveToDebt(1, Given.Amount(debt), share, Given.Amount(perDay), "moved"));
        life.Ok(new SwitchMode(1, PaymentMode.Prepaid, "form 1", "a", "b"));
        return life;
    }

    /// <summary>A prepaid account whose meter has left; recorded on 2026-03-20.</summary>
    private static Life Moved(long leftMs, long wh, string standing = "0")
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Cn, standing: standing) { HourlyWh = null };
        life.Ok(Given.Open(2, "2026-03-02"));
        if (wh > 0)
        {
            life.To("2026-03-09T10:00:00+08:00").Use(wh);
        }

        life.To("2026-03-20T10:00:00+08:00");
        life.Ok(new ReleaseMeter(Life.Meter, 2, 0, leftMs, wh));
        return life;
    }
}
