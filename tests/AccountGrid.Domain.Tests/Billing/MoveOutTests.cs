using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Audit;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>An account's end: final bill, credit that is paid out, arrears that are asked for, and what comes after.</summary>
public sealed class MoveOutTests
{
    private static Policy Cn => Packs.Get("cn-residential");

    /// <summary>The final register is known: the day closes 24 hours after its end, and the bill with it; not at the month's end.</summary>
    [Fact]
    public void A_final_bill_is_closed_as_soon_as_the_last_day_is()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn, standing: "0.30").To("2026-03-15T10:00:00+08:00");
        MoveOut(life);
        life.To("2026-03-18T00:00:00+08:00");
        var bill = Assert.Single(life.Partition.Bills);
        Assert.Equal(("1-20260301", "2026-03-15", true), (bill.Id, Instants.DayToText(bill.Facts.ToDay), bill.Facts.IsFinal));
        Assert.InRange(bill.AtMs, Given.At("2026-03-17T00:00:00+08:00"), Given.At("2026-03-17T02:00:00+08:00"));
        Assert.Equal(-life.State.Balance, bill.Facts.ToPay);
        Assert.Equal(15 * Nano("0.30"), -life.Partition.Entries.Where(e => e.Kind == EntryKind.Standing).Sum(e => e.Amount.Nano));
        Assert.Equal("bill", life.Kinds.Last());
        AuditHistoryTests.AssertAgrees(life.To("2026-06-01T10:00:00+08:00"));
    }

    [Fact]
    public void Without_a_final_register_it_waits_the_packs_days()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn).To("2026-03-15T10:00:00+08:00");
        MoveOut(life, known: false);
        life.To("2026-03-18T23:00:00+08:00");
        Assert.Empty(life.Partition.Bills);
        life.To("2026-03-19T12:00:00+08:00");
        Assert.True(Assert.Single(life.Partition.Bills).Facts.IsFinal);
        AuditHistoryTests.AssertAgrees(life);
    }

    [Fact]
    public void An_account_without_any_charge_gets_a_final_bill_of_nothing_and_a_message()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn) { HourlyWh = null };
        life.To("2026-03-05T10:00:00+08:00");
        MoveOut(life);
        life.To("2026-05-05T10:00:00+08:00");
        var bill = Assert.Single(life.Partition.Bills);
        Assert.Equal((Money.Zero, 0, true), (bill.Facts.Amount, bill.Facts.DueDay, bill.Facts.IsFinal));
        var notice = Assert.Single(life.Partition.Notices);
        Assert.Equal((NoticeKind.FinalBill, null), (notice.Kind, notice.Facts.Amount));
        Assert.DoesNotContain(life.Partition.Cases, c => c.Kind == CaseKind.PayOut);
        AuditHistoryTests.AssertAgrees(life);
    }

    [Fact]
    public void Prepaid_credit_is_paid_out_by_a_persons_order_and_two_above_the_limit()
    {
        var life = new Life("2026-03-01", PaymentMode.Prepaid, Cn).To("2026-03-02T10:00:00+08:00");
        life.Ok(Given.Pay(1, "9000"));
        life.To("2026-03-15T10:00:00+08:00");
        MoveOut(life);
        life.To("2026-03-20T10:00:00+08:00");
        var credit = life.State.Balance.RoundedDownTo(2);
        var order = Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.PayOut);
        Assert.Equal(credit.Nano, order.Amount.Nano);
        var notice = life.Partition.Notices.Last();
        Assert.Equal((NoticeKind.FinalBill, credit.ToString()), (notice.Kind, notice.Facts.Amount));
        Assert.Equal("approval.needed", life.Do(new RefundCredit(1, credit, "moved out", "a")).Refusal!.Code);
        life.Ok(new RefundCredit(1, credit, "moved out", "a", "b"));
        life.To("2026-06-20T10:00:00+08:00");
        Assert.Single(life.Partition.Bills);
        Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.PayOut);
        AuditHistoryTests.AssertAgrees(life);

        // A second credit, less than the first, is ordered to be paid out too.
        life.Ok(new AdjustBalance(1, Given.Amount("80"), "goodwill"));
        Assert.Equal(life.State.Balance.RoundedDownTo(2).Nano, life.Partition.Cases.Last(c => c.Kind == CaseKind.PayOut).Amount.Nano);
        AuditHistoryTests.AssertAgrees(life);
    }

    /// <summary>100.004 is charged, 100.00 billed and 150 paid: the customer has 50.00 to come, not 49.99, and what rounding left out is nothing.</summary>
    [Fact]
    public void What_the_final_bills_rounding_left_out_keeps_no_smallest_unit_back()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.To("2026-03-02T10:00:00+08:00").Use(200_008);
        life.Ok(Given.Pay(1, "150"));
        MoveOut(life);
        life.To("2026-03-08T10:00:00+08:00");
        Assert.Equal(("49.996000000", Nano("50")), (life.State.Balance.ToString(), Assert.Single(life.Partition.Cases).Amount.Nano));
        Assert.Equal("50.000000000", life.Partition.Notices.Last().Facts.Amount);
        Assert.Equal("refund.exceeds_balance", life.Do(new RefundCredit(1, Given.Amount("50.01"), "moved out")).Refusal!.Code);
        life.Ok(new RefundCredit(1, Given.Amount("50"), "moved out"));
        Assert.Equal(("-0.004000000", 0, 0), (life.State.Balance.ToString(), life.Customer.Overdue.Book.Net.Nano, life.Customer.Overdue.PayOut.Nano));
        AuditHistoryTests.AssertAgrees(life.To("2026-06-08T10:00:00+08:00"));
        Assert.Single(life.Partition.Bills);
    }

    [Fact]
    public void A_part_that_is_paid_out_orders_nothing_again_and_a_refund_is_at_most_the_credit()
    {
        var life = Settled();
        life.Ok(new AdjustBalance(1, Given.Amount("100"), "goodwill"));
        life.Ok(new RefundCredit(1, Given.Amount("40"), "asked for"));
        Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.PayOut);
        Assert.Equal(Nano("60"), life.Customer.Overdue.PayOut.Nano);
        Assert.Equal("refund.exceeds_balance", life.Do(new RefundCredit(1, Given.Amount("60.01"), "asked for")).Refusal!.Code);
        life.Ok(Given.Pay(1, "5"));
        Assert.Equal([Nano("100"), Nano("65")], life.Partition.Cases.Where(c => c.Kind == CaseKind.PayOut).Select(c => c.Amount.Nano));
        AuditHistoryTests.AssertAgrees(life.To("2026-08-01T10:00:00+08:00"));
    }

    /// <summary>All letters to the demand, contact and plan offer; no stop notice, no cut; somebody decides at the stop notice's day; write-off last.</summary>
    [Fact]
    public void A_debt_goes_through_the_ladder_without_the_steps_that_cut()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn).To("2026-03-15T10:00:00+08:00");
        MoveOut(life);
        life.Until(l => l.Customer.Overdue.Stage == Stage.WrittenOff, 900);
        Assert.Equal(["bill", "payment-reminder", "payment-due", "courtesy-reminder", "plan-offer", "demand"], life.Kinds);
        Assert.Equal([Stage.Reminder, Stage.Due, Stage.Courtesy, Stage.Contact, Stage.PlanOffer, Stage.Demand, Stage.WrittenOff],
            life.Events<StageEntered>().Select(e => e.To));
        Assert.Equal([CaseKind.Contact, CaseKind.CannotBeCut, CaseKind.WriteOff], life.Partition.Cases.Select(c => c.Kind));
        Assert.Empty(life.Events<CutDecided>());
        var owed = -life.State.Balance;
        life.Ok(new WriteOff(1, owed, "gone", "a", "b"));
        Assert.Equal((Stage.None, Money.Zero), (life.Customer.Overdue.Stage, life.State.Balance));
        AuditHistoryTests.AssertAgrees(life.To(Instants.ToText(life.NowMs + (20 * Instants.MsPerDay))));
    }

    [Fact]
    public void Who_moves_out_after_a_stop_notice_is_asked_as_after_a_demand()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn);
        life.Until(l => l.Customer.Overdue.Stage == Stage.StopNotice, 100);
        var letters = life.Partition.Notices.Count(n => n.Kind != NoticeKind.Bill);
        MoveOut(life);
        Assert.Equal(Stage.Demand, life.Customer.Overdue.Stage);
        life.To(Instants.ToText(life.NowMs + (20 * Instants.MsPerDay)));
        Assert.Equal(letters, life.Partition.Notices.Count(n => n.Kind != NoticeKind.Bill));
        Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.CannotBeCut);
        AuditHistoryTests.AssertAgrees(life);
    }

    /// <summary>
    /// The meter was silent for its last day and left with a register that was read. Readings of the peak come a week later: the energy is the same, and
    /// dearer.
    /// </summary>
    [Fact]
    public void A_late_reading_gives_a_further_final_bill()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn, tariff: Given.Tou()).To("2026-03-14T12:00:00+08:00");
        life.HourlyWh = null;
        life.To("2026-03-15T10:00:00+08:00");
        var last = life.State.Meters[0].Last.ValueWh;
        MoveOut(life, registerWh: last + 24_000);
        life.To("2026-03-22T10:00:00+08:00");
        var first = Assert.Single(life.Partition.Bills).Facts;
        life.Partition.Append(life.NowMs, Given.Reading(Life.Meter, "2026-03-14T18:00:00+08:00", last),
            Given.Reading(Life.Meter, "2026-03-14T21:00:00+08:00", last + 24_000));
        life.Grid.Settle();
        life.To("2026-03-29T10:00:00+08:00");
        Assert.Equal(2, life.Partition.Bills.Count);
        var second = life.Partition.Bills[1].Facts;
        Assert.True(second.IsFinal && second.Amount > Money.Zero);
        Assert.Equal((first.ToDay + 1, 0, first.Amount, second.Amount + first.Amount), (second.FromDay, second.EnergyWh, second.Arrears, second.ToPay));
        Assert.NotEqual(0, second.DueDay);
        AuditHistoryTests.AssertAgrees(life.To("2026-05-29T10:00:00+08:00"));
        Assert.Equal(2, life.Partition.Bills.Count);
    }

    [Fact]
    public void What_is_decided_after_the_final_bill_is_asked_for_by_a_further_one()
    {
        var life = Settled();
        life.Ok(new AdjustBalance(1, Given.Amount("-12"), "key not returned"));
        var bill = life.Partition.Bills.Last().Facts;
        Assert.Equal((Nano("12"), true), (bill.ToPay.Nano, bill.IsFinal));
        life.Ok(new AdjustBalance(1, Given.Amount("-5"), "and another"));
        Assert.Equal(bill.Number, life.Partition.Bills.Last().Facts.Number);
        life.To(Instants.ToText(life.NowMs + (5 * Instants.MsPerDay)));
        Assert.Equal((Nano("5"), Nano("12")), (life.Partition.Bills.Last().Facts.Debits.Nano, life.Partition.Bills.Last().Facts.Arrears.Nano));
        life.Pay("17");
        AuditHistoryTests.AssertAgrees(life.To("2026-09-01T10:00:00+08:00"));
        Assert.Equal(Money.Zero, life.State.Balance);
    }

    /// <summary>The bill is paid, late. What its days cost beside it is asked for once, since no monthly bill follows.</summary>
    [Fact]
    public void Late_fees_that_a_payment_leaves_are_asked_for()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn).To("2026-03-15T10:00:00+08:00");
        MoveOut(life);
        life.Until(l => l.Customer.Overdue.Stage == Stage.PlanOffer, 80);
        var fees = life.Customer.Overdue.Fees.Nano;
        Assert.True(fees >= Nano("1"));
        life.Pay(life.Customer.Overdue.Unpaid.ToString());
        var bill = life.Partition.Bills.Last().Facts;
        Assert.Equal((2, Money.Zero, life.Customer.Overdue.Fees.RoundedUpTo(2)), (life.Partition.Bills.Count, bill.Amount, bill.ToPay));
        Assert.NotEqual(0, bill.DueDay);
        life.To(Instants.ToText(life.NowMs + (40 * Instants.MsPerDay)));
        Assert.Equal(2, life.Partition.Bills.Count);
        AuditHistoryTests.AssertAgrees(life);
        life.Pay(bill.ToPay.ToString());
        Assert.Equal(0, life.Customer.Overdue.Fees.Nano);
    }

    [Fact]
    public void Holds_plans_promises_and_payments_work_on_a_closed_account()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn).To("2026-03-15T10:00:00+08:00");
        MoveOut(life);
        life.Until(l => l.Customer.Overdue.Stage == Stage.Courtesy, 60);
        life.Ok(new PlaceHold(1, HoldKind.Dispute, life.NowMs + (5 * Instants.MsPerDay), "the final register"));
        life.To(Instants.ToText(life.NowMs + (4 * Instants.MsPerDay)));
        Assert.Equal(Stage.Courtesy, life.Customer.Overdue.Stage);
        life.Ok(new LiftHold(1, HoldKind.Dispute, "settled"));
        life.Ok(new PromisePayment(1, life.State.Calendar.DayOf(life.NowMs) + 3));
        var part = life.Customer.Overdue.Unpaid.Nano / 2 / 10_000_000 * 10_000_000;
        life.Ok(new AgreePlan(1, [new Instalment(life.State.Calendar.DayOf(life.NowMs) + 10, new(part))], "p"));
        var payment = life.Ok(Given.Pay(1, new Money(part).ToString()));
        Assert.Single(life.Events<PlanFulfilled>());
        life.Ok(new ReversePayment(1, payment, "bounced"));
        life.Pay("2000");
        Assert.Equal(Stage.None, life.Customer.Overdue.Stage);
        Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.PayOut);
        foreach (var refused in new AccountCommand[] { new SetBillingCycle(1, 15, 1), new SwitchMode(1, PaymentMode.Prepaid, "form", "a", "b") })
        {
            Assert.Equal("account.closed", life.Do(refused).Refusal!.Code);
        }

        AuditHistoryTests.AssertAgrees(life.To(Instants.ToText(life.NowMs + (20 * Instants.MsPerDay))));
    }

    /// <summary>It was left in January; January and February are billed. The standing charges since are on the final bill, given back.</summary>
    [Theory]
    [InlineData("2026-01-20", "2026-03-01")]
    [InlineData("2026-03-04", "2026-03-01")]
    public void A_closing_that_is_recorded_late_has_its_final_bill_at_once(string lastDay, string from)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn, standing: "0.30") { HourlyWh = null };
        life.To("2026-01-06T10:00:00+08:00");
        life.Ok(Given.Open(2, "2026-01-05"));
        life.Ok(new ReleaseMeter(Life.Meter, 2, 0, life.NowMs, 0));
        life.To("2026-03-10T10:00:00+08:00");
        Assert.Equal(2, life.Partition.Bills.Count);
        life.Ok(new CloseAccount(1, Given.Day(lastDay), "moved out"));
        var bill = life.Partition.Bills.Last().Facts;
        Assert.Equal((3, from, true), (life.Partition.Bills.Count, Instants.DayToText(bill.FromDay), bill.IsFinal));
        var days = Given.Day(lastDay) - Given.Day("2026-01-05") + 1;
        Assert.Equal(days * Nano("0.30"), life.Partition.Bills.Sum(b => b.Facts.Amount.Nano));
        AuditHistoryTests.AssertAgrees(life.To("2026-06-10T10:00:00+08:00"));
    }

    /// <summary>April has begun when a closing in March becomes known: all that is not billed is the final bill's.</summary>
    [Fact]
    public void A_final_bill_takes_what_waits_behind_its_last_day()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn, standing: "0.30") { HourlyWh = null };
        life.To("2026-03-02T10:00:00+08:00");
        life.Ok(Given.Open(2, "2026-03-01"));
        life.Ok(new ReleaseMeter(Life.Meter, 2, 0, life.NowMs, 0));
        life.To("2026-04-02T10:00:00+08:00").Ok(new CloseAccount(1, Given.Day("2026-03-20"), "moved out"));
        var bill = Assert.Single(life.Partition.Bills);
        Assert.Equal(("2026-03-20", 20 * Nano("0.30")), (Instants.DayToText(bill.Facts.ToDay), bill.Facts.Amount.Nano));
        Assert.Empty(life.Customer.Overdue.Unbilled);
        AuditHistoryTests.AssertAgrees(life.To("2026-06-10T10:00:00+08:00"));
        Assert.Single(life.Partition.Bills);
    }

    /// <summary>The meter goes to another account now, and the account closes today.</summary>
    /// <param name="registerWh">What it shows; null is as last known.</param>
    internal static void MoveOut(Life life, bool known = true, long? registerWh = null)
    {
        var left = life.NowMs + 60_000;
        life.HourlyWh = null;
        life.Ok(Given.Open(2, "2026-01-01"));
        life.Ok(new ReleaseMeter(Life.Meter, 2, 0, left, known ? registerWh ?? life.State.Meters[0].Last.ValueWh : null));
        life.To(Instants.ToText(left));
        life.Ok(new CloseAccount(1, life.State.Calendar.DayOf(life.NowMs), "moved out"));
    }

    /// <summary>A closed account whose final bill is paid.</summary>
    private static Life Settled()
    {
        var life = new Life("2026-03-01", PaymentMode.Postpaid, Cn).To("2026-03-15T10:00:00+08:00");
        MoveOut(life);
        life.To("2026-03-25T10:00:00+08:00").Pay(life.Partition.Bills.Single().Facts.ToPay.ToString());
        return life.To("2026-04-10T10:00:00+08:00");
    }

    private static long Nano(string text) => Money.TryParse(text, out var m) ? m.Nano : throw new FormatException(text);
}
