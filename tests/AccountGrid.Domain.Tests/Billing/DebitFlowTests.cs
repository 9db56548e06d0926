using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Audit;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>Direct debit in the fold, with the audit's second opinion on each history. Days are counted from the bill's due day.</summary>
public sealed class DebitFlowTests
{
    private const string Item = "D1";

    private static Policy Cn => Packs.Get("cn-residential");

    /// <summary>The bill is paid before its due day; the payment comes back. The day on which it comes back is judged by its end, as every day.</summary>
    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(20, 20)]
    [InlineData(56, 56)]
    public void A_payment_that_comes_back_opens_its_bill_and_bears_no_late_fee_for_the_days_it_stood(int returned, int firstFee)
    {
        var (life, due) = Billed();
        var payment = life.Ok(Given.Pay(1, "100"));
        Move(life, due + returned).Ok(new ReversePayment(1, payment, "bounced MD06"));
        var item = Assert.Single(life.Customer.Overdue.Book.Items, i => i.Kind == ItemKind.Bill && i.Open.Nano > 0);
        Assert.Equal((Nano("100"), due), (item.Open.Nano, item.DueDay));
        Move(life, due + 62);
        Assert.Equal(due + firstFee, FeeDays(life)[0]);
        AuditHistoryTests.AssertAgrees(life);
    }

    [Fact]
    public void What_is_left_of_a_bill_that_was_paid_in_part_bears_its_own_fee_all_the_time()
    {
        var (life, due) = Billed();
        var payment = life.Ok(Given.Pay(1, "60"));
        Move(life, due + 30);
        var fees = life.Customer.Overdue.Fees.Nano;
        Assert.Equal(Nano("1.16"), fees);
        life.Ok(new ReversePayment(1, payment, "bounced AM04"));
        Assert.Equal((Nano("100"), fees), (life.Customer.Overdue.Unpaid.Nano, life.Customer.Overdue.Fees.Nano));
        Move(life, due + 31);

        // One day of 100 and 29 of 40 (0.04 each).
        Assert.Equal(Nano("1.26"), life.Customer.Overdue.Fees.Nano);
        AuditHistoryTests.AssertAgrees(life);
    }

    [Fact]
    public void Two_bills_that_one_payment_paid_are_open_again_with_a_due_day_each()
    {
        var (life, due) = Billed();
        life.To("2026-02-10T10:00:00+08:00").Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 2, 40);
        var (fees, second) = (life.Customer.Overdue.Fees.Nano, life.Partition.Bills[1].Facts.DueDay);
        Assert.True(fees > 0);
        var payment = life.Ok(Given.Pay(1, "200"));
        Move(life, second + 40).Ok(new ReversePayment(1, payment, "bounced MS03"));
        Assert.Equal([due, second], life.Customer.Overdue.Book.Asked.Select(i => i.DueDay));
        Assert.Equal(fees, life.Customer.Overdue.Fees.Nano);
        Move(life, second + 45);
        Assert.True(life.Customer.Overdue.Fees.Nano > fees);
        AuditHistoryTests.AssertAgrees(life);
    }

    [Fact]
    public void A_fee_that_was_booked_before_the_payment_stays_and_one_that_it_paid_is_open_again()
    {
        var (life, due) = Billed();
        Move(life, due + 20);
        var fees = life.Customer.Overdue.Fees.Nano;
        Assert.Equal(Nano("1.90"), fees);
        var payment = life.Ok(Given.Pay(1, "101.90"));
        Assert.Equal((0L, 0L), (life.Customer.Overdue.Unpaid.Nano, life.Customer.Overdue.Fees.Nano));
        Move(life, due + 50).Ok(new ReversePayment(1, payment, "bounced MD06"));
        Assert.Equal((Nano("100"), fees), (life.Customer.Overdue.Unpaid.Nano, life.Customer.Overdue.Fees.Nano));
        Move(life, due + 51);
        Assert.Equal(Nano("2"), life.Customer.Overdue.Fees.Nano);
        AuditHistoryTests.AssertAgrees(life);
    }

    [Fact]
    public void A_second_payment_in_between_pays_what_comes_back()
    {
        var (life, due) = Billed();
        var first = life.Ok(Given.Pay(1, "100"));
        Move(life, due + 5).Pay("100");
        Move(life, due + 40).Ok(new ReversePayment(1, first, "bounced MD06"));
        Assert.Equal(0, life.Customer.Overdue.Unpaid.Nano);
        Move(life, due + 50);
        Assert.Empty(FeeDays(life));
        AuditHistoryTests.AssertAgrees(life);
    }

    /// <summary>Collected on the due day, with an answer expected until the fifth day after it.</summary>
    /// <param name="answered">Day of the bank's answer; null where there is none.</param>
    [Theory]
    [InlineData(3, true, null)]
    [InlineData(5, true, null)]
    [InlineData(3, false, 3)]
    [InlineData(1, false, 1)]
    [InlineData(0, false, 1)]
    [InlineData(null, false, 6)]
    [InlineData(9, true, 6)]
    public void A_day_at_whose_end_a_debit_is_under_way_bears_no_late_fee(int? answered, bool isPaid, int? firstFee)
    {
        var (life, due) = Announced();
        Move(life, due).Ok(new CollectDebit(1, Item, due, Given.Amount("100"), due + 5));
        Assert.Equal(DirectDebitRefusals.InFlight.Text, life.Do(new CollectDebit(1, Item, due, Given.Amount("100"), due + 5)).Refusal!.Code.Text);
        if (answered is { } day)
        {
            Move(life, due + day).Ok(isPaid ? new TakePayment(1, Given.Amount("100"), "debit", Item, Item) : new ReportDebitReturn(1, Item, "AM04",
                Given.Amount("100"), 0));
            Assert.Empty(life.Customer.PendingPayments);
        }

        Move(life, due + 20);
        Assert.Equal(firstFee is { } first ? due + first : null, FeeDays(life).Cast<int?>().FirstOrDefault());
        AuditHistoryTests.AssertAgrees(life);
    }

    [Fact]
    public void A_debit_under_way_stops_the_ladder_and_a_cut_until_it_is_answered()
    {
        var (life, due) = Announced();
        Move(life, due).Ok(new CollectDebit(1, Item, due, Given.Amount("100"), due + 5));
        var stage = life.Customer.Overdue.Stage;
        Move(life, due + 5);
        Assert.Equal(stage, life.Customer.Overdue.Stage);
        life.Until(l => l.Customer.Overdue.Stage == Stage.Courtesy, 20);
        AuditHistoryTests.AssertAgrees(life);
    }

    [Theory]
    [InlineData("99.99", null)]
    [InlineData("100.00", null)]
    [InlineData("100.01", "debit.more_than_owed")]
    public void The_fold_lets_no_more_be_claimed_than_is_unpaid_of_the_due_day(string amount, string? code)
    {
        var (life, due) = Announced();
        Assert.Equal(code, life.Do(new CollectDebit(1, Item, due, Given.Amount(amount), due)).Refusal?.Code);
        Assert.Equal("debit.nothing_owed", life.Do(new CollectDebit(1, "D2", due + 1, Given.Amount("1"), due)).Refusal!.Code);
    }

    [Fact]
    public void What_is_paid_disputed_in_a_plan_or_promised_is_not_claimed()
    {
        string? Asked(Action<Life, int> first)
        {
            var (life, due) = Announced();
            first(life, due);
            return life.Do(new CollectDebit(1, Item, due, Given.Amount("100"), due)).Refusal?.Code;
        }

        Assert.Null(Asked((_, _) => { }));
        Assert.Equal("debit.nothing_owed", Asked((l, _) => l.Pay("100")));
        Assert.Equal("debit.more_than_owed", Asked((l, _) => l.Pay("1")));
        Assert.Equal("debit.held", Asked((l, _) => l.Ok(new PlaceHold(1, HoldKind.Dispute, null, "a bill"))));
        Assert.Equal("debit.plan_exists", Asked((l, due) => l.Ok(new AgreePlan(1, [new Instalment(due + 30, Given.Amount("50"))], "a"))));
        Assert.Equal("debit.promise_open", Asked((l, _) => l.Ok(new PromisePayment(1, l.State.Calendar.DayOf(l.NowMs) + 3))));
    }

    [Theory]
    [InlineData(-1, "debit.through_invalid")]
    [InlineData(0, null)]
    [InlineData(31, null)]
    [InlineData(32, "debit.through_invalid")]
    public void The_banks_answer_is_waited_for_for_31_days_at_most(int days, string? code)
    {
        var (life, due) = Announced();
        var today = life.State.Calendar.DayOf(life.NowMs);
        Assert.Equal(code, life.Do(new CollectDebit(1, Item, due, Given.Amount("100"), today + days)).Refusal?.Code);
    }

    /// <summary>Refunded by the customer's bank after five weeks: 28 days without a fee and a cut, and a case; then the ladder from its start.</summary>
    [Fact]
    public void A_refund_that_the_customer_asked_its_bank_for_is_a_payment_in_dispute_for_a_time()
    {
        var (life, due) = Billed();
        var payment = life.Ok(new TakePayment(1, Given.Amount("100"), "debit", Item, Item));
        Move(life, due + 35).Ok(new ReportDebitReturn(1, Item, "MD06", Given.Amount("100"), 28));
        life.Ok(new ReversePayment(1, payment, "bounced MD06"));
        var work = Assert.Single(life.Partition.Cases, c => c.Kind == CaseKind.DebitReturned);
        Assert.Equal((Nano("100"), Item), (work.Amount.Nano, life.Customer.Cases[^1].NoticeId));
        Assert.Equal([HoldKind.PaymentDispute], life.Customer.Holds.Select(h => h.Kind));
        Move(life, due + 63);
        Assert.Equal((HoldKind.PaymentDispute, Stage.None, 0L),
            (Assert.Single(life.Customer.Holds).Kind, life.Customer.Overdue.Stage, life.Customer.Overdue.Fees.Nano));
        Move(life, due + 66);
        Assert.Empty(life.Customer.Holds);
        Assert.Equal(due + 64, FeeDays(life)[0]);
        Assert.InRange(life.Customer.Overdue.Stage, Stage.Due, Stage.Courtesy);
        AuditHistoryTests.AssertAgrees(life);
    }

    [Fact]
    public void An_announcement_is_a_message_with_amount_day_and_mandate_and_shows_no_balance()
    {
        var (life, due) = Billed();
        life.Delivers = false;
        var shown = life.Customer.BalanceShownMs;
        life.Ok(new AnnounceDebit(1, Item, "M-7", due, Given.Amount("100"), due, 1));
        var notice = life.Partition.Notices[^1];
        Assert.Equal((NoticeKind.DirectDebit, "100.000000000", Instants.DayToText(due), "M-7"),
            (notice.Kind, notice.Facts.Amount, notice.Facts.DueDay, notice.Facts.Mandate));
        life.Ok(new ReportDelivery(1, notice.Id, "sms", life.NowMs));
        Assert.Equal(shown, life.Customer.BalanceShownMs);
        Assert.Equal("amount.invalid", life.Do(new AnnounceDebit(1, Item, "M-7", due, Money.Zero, due, 1)).Refusal!.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_announcement_that_waited_is_withdrawn_where_the_bill_is_paid(bool isPaid)
    {
        var (life, due) = Billed();
        life.Ok(new AnnounceDebit(1, Item, "M-7", due, Given.Amount("100"), due, 1));
        var notice = life.Partition.Notices[^1];
        if (isPaid)
        {
            life.Pay("100");
        }

        life.Ok(new ConfirmNotice(1, notice.Id, notice.Kind));
        var verdict = Assert.Single(life.Partition.Verdicts);
        Assert.Equal((isPaid ? null : NoticeKind.DirectDebit, (NoticeFacts?)null), (verdict.Kind, verdict.Facts));
    }

    /// <summary>The days are counted when the command is carried out, however long it was under way.</summary>
    [Theory]
    [InlineData(0, 1, "debit.not_announced")]
    [InlineData(1, 1, null)]
    [InlineData(13, 14, "debit.not_announced")]
    [InlineData(14, 14, null)]
    [InlineData(15, 14, null)]
    public void A_notice_that_comes_too_late_is_refused_and_nothing_is_collected(int ahead, int noticeDays, string? code)
    {
        var (life, due) = Billed();
        var day = life.State.Calendar.DayOf(life.NowMs) + ahead;
        Assert.Equal(code, life.Do(new AnnounceDebit(1, Item, "M-7", due, Given.Amount("100"), day, noticeDays)).Refusal?.Code.Text);
        Assert.Equal(code is null ? 1 : 0, life.Partition.Notices.Count(n => n.Kind == NoticeKind.DirectDebit));
        Assert.Equal(code, life.Do(new CollectDebit(1, Item, due, Given.Amount("100"), day)).Refusal?.Code.Text);
    }

    /// <summary>Quiet hours are from 21:00 to 8:00: a notice of the evening leaves on the next day, and one of the early morning on the same.</summary>
    [Theory]
    [InlineData("20:59", 14, null)]
    [InlineData("21:00", 14, "debit.not_announced")]
    [InlineData("21:00", 15, null)]
    [InlineData("07:59", 14, null)]
    public void The_days_of_a_notice_count_from_when_it_leaves(string time, int ahead, string? code)
    {
        var (life, due) = Billed();
        var day = life.State.Calendar.DayOf(life.NowMs) + 1;
        life.To($"{Instants.DayToText(day)}T{time}:00+08:00");
        Assert.Equal(code, life.Do(new AnnounceDebit(1, Item, "M-7", due, Given.Amount("100"), day + ahead, 14)).Refusal?.Code.Text);
    }

    /// <summary>A bill that is below the amount of which letters speak is still collected on its due day.</summary>
    [Fact]
    public void An_announcement_of_a_small_bill_that_is_not_due_yet_goes_out()
    {
        var (life, due) = Billed(200);
        life.Ok(new AnnounceDebit(1, Item, "M-7", due, Given.Amount("0.1"), due, 1));
        life.Ok(new ConfirmNotice(1, life.Partition.Notices[^1].Id, NoticeKind.DirectDebit));
        Assert.Equal(NoticeKind.DirectDebit, Assert.Single(life.Partition.Verdicts).Kind);
        Assert.Null(Move(life, due).Do(new CollectDebit(1, Item, due, Given.Amount("0.1"), due)).Refusal?.Code.Text);
    }

    [Fact]
    public void What_another_due_day_owes_keeps_no_announcement_alive()
    {
        var (life, due) = Billed();
        Move(life, due + 1).Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 2, 40);
        var second = life.Partition.Bills[1].Facts.DueDay;
        life.Ok(new AnnounceDebit(1, Item, "M-7", due, Given.Amount("100"), second, 1));
        life.Pay(new Money(Nano("100") + life.Customer.Overdue.Fees.Nano).ToString());
        Assert.True(life.Customer.Overdue.Unpaid.Nano > 0);
        life.Ok(new ConfirmNotice(1, life.Partition.Notices.Last(n => n.Kind == NoticeKind.DirectDebit).Id, NoticeKind.DirectDebit));
        Assert.Null(Assert.Single(life.Partition.Verdicts).Kind);
    }

    [Fact]
    public void What_has_no_notice_or_one_that_was_withdrawn_is_not_collected()
    {
        var (life, due) = Announced();
        Assert.Equal("debit.not_announced", life.Do(new CollectDebit(1, "D2", due, Given.Amount("100"), due)).Refusal!.Code.Text);
        var payment = life.Ok(Given.Pay(1, "100"));
        life.Ok(new ConfirmNotice(1, life.Partition.Notices[^1].Id, NoticeKind.DirectDebit));
        life.Ok(new ReversePayment(1, payment, "bounced"));
        Assert.Equal("debit.not_announced", life.Do(new CollectDebit(1, Item, due, Given.Amount("100"), due)).Refusal!.Code.Text);
    }

    /// <summary>A hold that stands already, until so many days from the return; 0 is without end, null is none.</summary>
    [Theory]
    [InlineData(null, 29)]
    [InlineData(10, 29)]
    [InlineData(60, 60)]
    [InlineData(0, 0)]
    public void A_refund_does_not_shorten_a_hold_that_stands(int? stands, int until)
    {
        var (life, due) = Billed();
        Move(life, due);
        long End(int days) => days == 0 ? long.MaxValue : life.State.Calendar.StartOf(due + days);
        if (stands is { } days)
        {
            life.Ok(new PlaceHold(1, HoldKind.PaymentDispute, days == 0 ? null : End(days), "by a person"));
        }

        life.Ok(new ReportDebitReturn(1, Item, "MD06", Given.Amount("100"), 28));
        Assert.Equal(new Hold(HoldKind.PaymentDispute, End(until)), Assert.Single(life.Customer.Holds));
        Move(life, due + 70);
        AuditHistoryTests.AssertAgrees(life);
    }

    /// <summary>A bill of 100 of which notice was given, for collection on its due day.</summary>
    private static (Life Life, int Due) Announced()
    {
        var (life, due) = Billed();
        life.Ok(new AnnounceDebit(1, Item, "M-7", due, Given.Amount("100"), due, 1));
        return (life, due);
    }

    /// <summary>A bill that nobody has paid, of 100 where nothing else is said, and its due day.</summary>
    private static (Life Life, int Due) Billed(long wh = 200_000)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(wh);
        life.Until(l => l.Partition.Bills.Count == 1, 60);
        return (life, life.Partition.Bills[0].Facts.DueDay);
    }

    private static Life Move(Life life, int day) => life.To($"{Instants.DayToText(day)}T12:00:00+08:00");

    private static List<int> FeeDays(Life life) => [.. life.Partition.Entries.Where(e => e.Kind == EntryKind.LateFee).Select(e => e.Day).Order()];

    private static long Nano(string amount) => Money.TryParse(amount, out var money) ? money.Nano : throw new FormatException(amount);
}
