using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Grades;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Grades;

/// <summary>From what the log wrote of an account to the history that a grade is made of, at its borders.</summary>
public sealed class PaymentHistoriesTests
{
    private const long Bill = 100 * Money.NanoPerUnit;

    private static readonly int Due = Given.Day("2026-03-10");
    private static readonly int Today = Given.Day("2026-07-01");

    private static Policy Cn => Packs.Get("cn-residential");

    [Fact]
    public void What_paid_a_bill_is_the_account_s_own_allocation_with_the_day_of_the_payment()
    {
        var (life, due) = Billed();
        Move(life, due + 5).Pay("60");
        Move(life, due + 9).Pay("50");
        Move(life, due + 12);
        var bill = Assert.Single(HistoryOf(life).Bills);
        Assert.Equal((due, new Money(Bill)), (bill.DueDay, bill.Amount));

        // Principal comes first by this pack: late fees take the rest of the second payment.
        Assert.Equal([new PaidPart(due + 5, Money.FromUnits(60)), new PaidPart(due + 9, Money.FromUnits(40))], bill.Paid);
        Assert.Equal(9, bill.DaysLate(Today));
    }

    [Fact]
    public void A_payment_ahead_pays_on_its_own_day_and_one_that_came_back_has_paid_nothing()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(200_000);
        var payment = life.Ok(Given.Pay(1, "100"));
        life.Until(l => l.Partition.Bills.Count == 1, 60);
        var due = life.Partition.Bills[0].Facts.DueDay;
        Assert.Equal([new PaidPart(Given.Day("2026-01-06"), Money.FromUnits(100))], Assert.Single(HistoryOf(life).Bills).Paid);
        Move(life, due + 20).Ok(new ReversePayment(1, payment, "bounced AM04"));
        Assert.Empty(Assert.Single(HistoryOf(life).Bills).Paid);
        Move(life, due + 30).Pay("300");
        Move(life, due + 32);
        Assert.Equal(30, Assert.Single(HistoryOf(life).Bills).DaysLate(life.State.Calendar.DayOf(life.NowMs)));
    }

    [Fact]
    public void What_is_written_off_or_moved_to_a_debt_is_late_up_to_that_day_and_no_longer()
    {
        foreach (var command in new AccountCommand[] { new WriteOff(1, new(Bill), "old", "p", "q"), new MoveToDebt(1, new(Bill), 1_000, Money.Zero, "agreed") })
        {
            var (life, due) = Billed();
            Move(life, due + 20).Ok(command);
            Move(life, due + 25);
            Assert.Equal(20, Assert.Single(HistoryOf(life).Bills).DaysLate(Today));
        }
    }

    [Fact]
    public void A_bill_in_dispute_is_left_out_and_the_days_of_the_dispute_do_not_count_as_late()
    {
        var (life, due) = Billed();
        Move(life, due + 2).Ok(new PlaceHold(1, HoldKind.Dispute, null, "the reading"));
        Assert.Empty(HistoryOf(life, due + 10).Bills);
        Move(life, due + 12).Ok(new LiftHold(1, HoldKind.Dispute, "settled"));
        Assert.Equal(4, Assert.Single(HistoryOf(life, due + 14).Bills).DaysLate(due + 14));
        Move(life, due + 14).Pay("200");
        Assert.Equal(4, Assert.Single(HistoryOf(life, due + 20).Bills).DaysLate(due + 20));
    }

    [Fact]
    public void A_promise_is_of_what_was_owed_then_and_an_instalment_of_what_is_paid_after_the_plan()
    {
        var (life, due) = Billed();
        Move(life, due + 1).Pay("30");
        life.Ok(new PromisePayment(1, due + 6));
        Move(life, due + 8).Pay("70");
        Move(life, due + 9);
        var promise = Assert.Single(HistoryOf(life).Promises);
        Assert.Equal((due + 6, Money.FromUnits(70), 2), (promise.DueDay, promise.Amount, promise.DaysLate(Today)));

        (life, due) = Billed();
        Move(life, due + 1).Pay("20");
        life.Ok(new AgreePlan(1, [new(due + 10, Money.FromUnits(40)), new(due + 20, Money.FromUnits(40))], "p"));
        Assert.True(Assert.Single(HistoryOf(life, due + 3).Bills).InAgreement);
        Move(life, due + 9).Pay("40");
        Move(life, due + 18).Pay("50");
        Move(life, due + 25);
        Assert.Equal([0, 0], HistoryOf(life).Instalments.Select(i => i.DaysLate(Today)));
        Assert.False(Assert.Single(HistoryOf(life).Bills).InAgreement);

        // A plan that is broken: what was missed is late, and what was to come asks for nothing.
        (life, due) = Billed();
        Move(life, due + 1).Ok(new AgreePlan(1, [new(due + 10, Money.FromUnits(40)), new(due + 20, Money.FromUnits(40))], "p"));
        Move(life, due + 13).Pay("90");
        Move(life, due + 25);
        Assert.Equal([3], HistoryOf(life).Instalments.Select(i => i.DaysLate(Today)));
    }

    [Theory]
    [InlineData("AM04", 1)]
    [InlineData("MD06", 1)]
    [InlineData("AC04", 0)]
    [InlineData("MS03", 0)]
    public void A_return_counts_where_funds_were_missing_or_the_customer_took_it_back(string code, int count) =>
        Assert.Equal(count, Of(new([], new DatedEvent(1, Due, new DebitReturned("D1", code, new(Bill), 0)))).ReturnDays.Count);

    [Fact]
    public void A_bill_is_not_late_while_its_bank_is_asked_and_another_is()
    {
        var collected = new DatedEvent(5, Due, new DebitCollected("D1", Due, new(Bill), MsOf(Due + 6)));
        ItemMoveEffect[] moves = [Asked(1, Due, 1), Paid(1, Due + 4, 9), Asked(2, Due - 1, 2), Paid(2, Due + 4, 9)];
        Assert.Equal([5, 0], Of(new(moves, collected)).Bills.Select(b => b.DaysLate(Today)));

        // Came back after three days: from then on it is late.
        var returned = new DatedEvent(6, Due + 3, new DebitReturned("D1", "AC04", new(Bill), 0));
        Assert.Equal([5, 2], Of(new(moves, collected, returned)).Bills.Select(b => b.DaysLate(Today)));
    }

    [Theory]
    [InlineData(ComplaintTopic.Bill, 0)]
    [InlineData(ComplaintTopic.Staff, 1)]
    public void Only_a_grievance_makes_a_claim_uncertain(ComplaintTopic topic, int bills)
    {
        var filed = new DatedEvent(5, Due + 1, new ComplaintFiled("C1", topic));
        Assert.Equal(bills, Of(new([Asked(1, Due, 1)], filed)).Bills.Count);
        Assert.Single(Of(new([Asked(1, Due, 1)], filed, new DatedEvent(6, Due + 9, new ComplaintResolved("C1", topic, default, "p")))).Bills);
    }

    [Fact]
    public void Months_of_a_prepaid_account_are_those_in_which_it_was_prepaid()
    {
        DatedEvent[] events =
        [
            new(1, Given.Day("2026-02-10"), new AccountOpened("A", 1, PaymentMode.Prepaid, Given.Day("2026-02-10"), 0, false, [])),
            new(2, Given.Day("2026-04-01"), new ModeSwitched(PaymentMode.Prepaid, PaymentMode.Postpaid, null, "p", "q")),
            new(3, Given.Day("2026-06-30"), new ModeSwitched(PaymentMode.Postpaid, PaymentMode.Prepaid, "c", "p", "q")),
        ];
        var history = PaymentHistories.Of(
            Today, [new(1, "CNY", 0, [], events, [new NegativeMonth(Given.Day("2026-03-01"), 4)], [])], [], [], DayOf);
        Assert.Equal(["2026-02 0", "2026-03 4", "2026-06 0"], history.PrepaidMonths.Select(m => $"{m.Month} {m.NegativeDays}"));
        Assert.Equal(Given.Day("2026-02-10"), history.SinceDay);
        var later = PaymentHistories.Of(
            Today, [new(1, "CNY", Given.Day("2026-03-15"), [], events, [new NegativeMonth(Given.Day("2026-03-01"), 4)], [])], [], [], DayOf);
        Assert.Equal(["2026-03", "2026-06"], later.PrepaidMonths.Select(m => $"{m.Month}"));
        Assert.Equal(Given.Day("2026-03-15"), later.SinceDay);
    }

    [Fact]
    public void What_was_before_the_account_was_this_customer_s_does_not_count()
    {
        ItemMoveEffect[] moves = [Asked(1, Due, 1), Asked(2, Due + 30, 2)];
        var history = PaymentHistories.Of(Today, [new(1, "CNY", Due + 1, moves, [], [], [])], [], [], DayOf);
        Assert.Equal([Due + 30], history.Bills.Select(b => b.DueDay));
    }

    [Fact]
    public void Amounts_of_several_currencies_count_as_shares_of_their_mean_bill()
    {
        AccountPayments Account(string currency, long factor) => new(
            1, currency, 0, [Asked(1, Due, 1) with { Amount = new(Bill * factor) }, Paid(1, Due, 5) with { Amount = new(Bill * factor) }], [], [], []);
        var bills = PaymentHistories.Of(Today, [Account("CNY", 1), Account("JPY", 20)], [], [], DayOf).Bills;
        Assert.Equal([Money.FromUnits(1), Money.FromUnits(1)], bills.Select(b => b.Amount));
        Assert.All(bills, b => Assert.Equal(0, b.DaysLate(Today)));
        Assert.Equal(new Money(Bill), PaymentHistories.Of(Today, [Account("CNY", 1), Account("CNY", 1)], [], [], DayOf).Bills[0].Amount);
    }

    [Fact]
    public void A_trend_needs_all_its_months_and_a_vacancy_ends_it()
    {
        var running = MonthNumber.Of(Today);
        var use = new[] { -1, -2, -3, -13, -14, -15 }.Select(i => new MonthUse(running.Plus(i), new Energy(i < -9 ? 100 : 40), false)).ToList();
        Assert.Equal(0.6m, RiskFactsOf.Of(With(use)).UseFall);
        Assert.Null(RiskFactsOf.Of(With([.. use.Skip(1)])).UseFall);
        Assert.Null(RiskFactsOf.Of(With(use, (Given.Day("2026-05-31"), Given.Day("2026-05-31")))).UseFall);
        Assert.Equal(0.6m, RiskFactsOf.Of(With(use, (Given.Day("2025-01-01"), Given.Day("2025-02-28")))).UseFall);

        static PaymentHistory With(IReadOnlyList<MonthUse> use, params (int From, int Until)[] vacant) =>
            PaymentHistories.Of(Today, [new(1, "CNY", 0, [], [], [], use)], [], vacant, DayOf);
    }

    [Theory]
    [InlineData("2026-04-30", "2026-05-01", true)]
    [InlineData("2026-03-01", "2026-03-31", false)]
    [InlineData("2026-03-01", "2026-04-01", true)]
    [InlineData("2026-06-30", null, true)]
    [InlineData("2026-07-01", null, false)]
    public void Use_of_months_in_which_supply_was_cut_is_no_fall(string cut, string? restored, bool isExcused)
    {
        var running = MonthNumber.Of(Today);
        var use = new[] { -1, -2, -3, -13, -14, -15 }.Select(i => new MonthUse(running.Plus(i), new Energy(i < -9 ? 100 : 40), false)).ToList();
        List<DatedEvent> events = [new(1, Given.Day(cut), new RelayChanged(Relay.CutReleased, Relay.Cut, 1, CutCause.Arrears, null))];
        if (restored is not null)
        {
            events.Add(new(2, Given.Day(restored) - 1, new RelayChanged(Relay.Cut, Relay.Restoring, 2, CutCause.Arrears, null)));
            events.Add(new(3, Given.Day(restored), new RelayChanged(Relay.Restoring, Relay.On, 2, CutCause.Arrears, null)));
        }

        var history = PaymentHistories.Of(Today, [new(1, "CNY", 0, [], events, [], use)], [], [], DayOf);
        Assert.Equal(isExcused ? null : 0.6m, RiskFactsOf.Of(history).UseFall);
    }

    private static int DayOf(long ms) => Given.Day("1970-01-01") + (int)(ms / Instants.MsPerDay);

    private static long MsOf(int day) => (day - Given.Day("1970-01-01")) * Instants.MsPerDay;

    private static ItemMoveEffect Asked(int item, int due, long position) => new(1, item, position, ItemMove.Asked, due - 10, due, new(Bill));

    private static ItemMoveEffect Paid(int item, int day, long credit) => new(1, item, credit, credit, day, 0, new(Bill));

    private static PaymentHistory Of(Rows rows) =>
        PaymentHistories.Of(Today, [new(1, "CNY", 0, rows.Moves, rows.Events, [], [])], [], [], DayOf);

    /// <summary>As the host reads it: all rows, with local days.</summary>
    private static PaymentHistory HistoryOf(Life life, int? today = null)
    {
        var calendar = life.State.Calendar;
        var events = life.Partition.Events.Where(e => e.Account == 1)
            .Select(e => new DatedEvent(e.Position, calendar.DayOf(e.AtMs), e.Event)).ToList();
        return PaymentHistories.Of(
            today ?? Today, [new(1, "CNY", 0, [.. life.Partition.ItemMoves.Where(m => m.Account == 1)], events, [], [])], [], [], calendar.DayOf);
    }

    private static (Life Life, int Due) Billed()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 1, 60);
        return (life, life.Partition.Bills[0].Facts.DueDay);
    }

    private static Life Move(Life life, int day) => life.To($"{Instants.DayToText(day)}T12:00:00+08:00");

    private sealed record Rows(IReadOnlyList<ItemMoveEffect> Moves, params DatedEvent[] Events);
}
