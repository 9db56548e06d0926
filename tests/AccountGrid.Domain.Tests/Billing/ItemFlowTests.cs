using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>Debits beside energy, credits, corrections and debt on a postpaid account, through bills and the ladder.</summary>
public sealed class ItemFlowTests
{
    private static Policy Cn => Packs.Get("cn-residential");

    /// <summary>Exactly half a cent is carried, and months without any charge follow.</summary>
    [Fact]
    public void What_rounding_left_stays_as_it_is_where_no_bill_is_written()
    {
        var start = Given.At("2026-01-20T10:00:00+08:00");
        var grid = new FoldHarness(1, Given.Flat()).With(5, Packs.Get("cn-residential"));
        grid.Execute(0, Given.Open(1, "2026-01-20"), start);
        grid.Execute(0, Given.Pay(1, "45.985"), start);
        Assert.True(grid.Execute(0, new SetCustomer(1, 5, CustomerClass.Residential, CustomerTraits.None), start).Accepted);
        for (var at = start; at < start + (90 * Instants.MsPerDay); at += Instants.MsPerDay)
        {
            grid[0].Append(new Check(at, [1]), at);
            grid.Settle();
        }

        var account = grid.Account(1);
        Assert.Empty(grid[0].Bills);
        Assert.Equal(account.LedgerBalance.Nano, account.Customer!.Overdue.LedgerBalance.Nano);
    }

    [Fact]
    public void A_debit_is_asked_for_by_the_next_bill_and_paying_the_bill_pays_it()
    {
        var life = Postpaid(200_000);
        life.To("2026-01-10T10:00:00+08:00").Ok(new AdjustBalance(1, Given.Amount("-50"), "call-out fee"));
        var bill = FirstBill(life);
        Assert.Equal(("100.000000000", "50.000000000", "150.000000000"), (bill.Amount.ToString(), bill.Debits.ToString(), bill.ToPay.ToString()));
        life.Pay(bill.ToPay.ToString());
        life.To("2026-08-20T10:00:00+08:00");
        Assert.Equal((Money.Zero, Stage.None, 0L), (life.State.Balance, life.Customer.Overdue.Stage, life.Customer.Overdue.Unpaid.Nano));
    }

    [Fact]
    public void A_debit_without_energy_is_billed_too_and_climbs_the_ladder()
    {
        var life = Postpaid(0);
        life.Ok(new AdjustBalance(1, Given.Amount("-50"), "call-out fee"));
        Assert.Equal("50.000000000", FirstBill(life).ToPay.ToString());
        life.Until(l => l.Customer.Overdue.Stage == Stage.Demand, 90);
    }

    [Theory]
    [InlineData("-50", "50")]
    [InlineData("50", "-50")]
    public void An_adjustment_that_was_taken_back_pays_no_bill_and_forgives_nothing(string first, string second)
    {
        foreach (var isNamed in new[] { false, true })
        {
            var life = Postpaid(0);
            var position = life.To("2026-01-07T10:00:00+08:00").Ok(new AdjustBalance(1, Given.Amount(first), "by mistake"));
            life.Ok(new AdjustBalance(1, Given.Amount(second), "taken back", CorrectsPosition: isNamed ? position : null));
            Assert.Equal(Money.Zero, life.State.Balance);
            life.To("2026-01-10T10:00:00+08:00").Use(100_000);
            Assert.Equal("50.000000000", FirstBill(life).ToPay.ToString());
        }
    }

    [Fact]
    public void A_correction_that_names_what_it_corrects_leaves_arrears_and_their_due_days_alone()
    {
        foreach (var sign in new[] { 1, -1 })
        {
            var life = Overdue(5);
            var before = Summary(life);
            var position = life.Ok(new AdjustBalance(1, new(sign * Nano("50")), "wrong account"));
            Assert.NotEqual(before, Summary(life));
            life.Ok(new AdjustBalance(1, new(sign * -Nano("50")), "taken back", CorrectsPosition: position));
            Assert.Equal(before, Summary(life));
        }
    }

    /// <summary>
    /// A wrong debit was paid, then corrected, and what had paid it paid the bill of March. That payment bounces: the bill of March is unpaid, since its own
    /// due day.
    /// </summary>
    [Fact]
    public void A_payment_that_bounces_does_not_open_a_debit_that_was_corrected()
    {
        var life = Postpaid(0);
        var debit = life.Ok(new AdjustBalance(1, Given.Amount("-100"), "by mistake"));
        FirstBill(life);
        var payment = life.Ok(Given.Pay(1, "100"));
        life.To("2026-02-10T10:00:00+08:00").Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 2, 40);
        life.Ok(new AdjustBalance(1, Given.Amount("100"), "was wrong", CorrectsPosition: debit));
        Assert.Equal(0, life.Customer.Overdue.Unpaid.Nano);
        life.Ok(new ReversePayment(1, payment, "bounced"));
        var open = Assert.Single(life.Customer.Overdue.Book.Items, i => i.Open.Nano > 0);
        Assert.Equal((ItemKind.Bill, Nano("100"), life.Partition.Bills[1].Facts.DueDay), (open.Kind, open.Open.Nano, open.DueDay));
        Assert.NotEqual(life.Partition.Bills[0].Facts.DueDay, open.DueDay);
    }

    [Fact]
    public void A_payment_that_bounces_leaves_every_item_as_it_was_before_with_its_due_day_and_fees_as_fees()
    {
        var life = Overdue(31);
        var before = Summary(life);
        Assert.Contains("Fee", before, StringComparison.Ordinal);
        var payment = life.Ok(Given.Pay(1, "103"));
        Assert.Equal((0L, 0L), (life.Customer.Overdue.Unpaid.Nano, life.Customer.Overdue.Fees.Nano));
        life.Ok(new ReversePayment(1, payment, "bounced"));
        Assert.Equal(before, Summary(life));
    }

    /// <summary>
    /// What a payment paid is known for 400 days: on the last of them its bill is open again as it was, and a day later the reversal is refused and changes
    /// nothing.
    /// </summary>
    [Theory]
    [InlineData(400, null)]
    [InlineData(401, "payment.too_old")]
    public void A_payment_can_be_taken_back_as_long_as_what_it_paid_is_known(int days, string? code)
    {
        var life = Postpaid(200_000);
        FirstBill(life);
        var (items, paid) = (Items(), life.State.Calendar.DayOf(life.NowMs));
        var payment = life.Ok(Given.Pay(1, "100"));
        life.To($"{Instants.DayToText(paid + days)}T23:00:00+08:00");
        var outcome = life.Do(new ReversePayment(1, payment, "bounced"));
        Assert.Equal(code, outcome.Refusal?.Code);
        Assert.Equal(code is null ? items : "", Items());
        Assert.Equal(code is null ? Nano("-100") : 0, life.State.Balance.Nano);

        string Items() => string.Join("; ", life.Customer.Overdue.Book.Items.Where(i => i.Open.Nano > 0));
    }

    [Theory]
    [InlineData(400, null)]
    [InlineData(401, "adjustment.too_old")]
    public void An_adjustment_can_be_corrected_as_long(int days, string? code)
    {
        var life = Postpaid(0);
        var day = life.State.Calendar.DayOf(life.NowMs);
        var credit = life.Ok(new AdjustBalance(1, Given.Amount("50"), "goodwill"));
        life.To($"{Instants.DayToText(day + days)}T23:00:00+08:00");
        Assert.Equal(code, life.Do(new AdjustBalance(1, Given.Amount("-50"), "taken back", CorrectsPosition: credit)).Refusal?.Code);
    }

    [Fact]
    public void A_payment_that_bounces_after_its_credit_in_advance_paid_the_next_bill_opens_that_bill()
    {
        var life = Postpaid(200_000);
        var payment = life.Ok(Given.Pay(1, "160"));
        FirstBill(life);
        life.To("2026-02-10T10:00:00+08:00").Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 2, 40);
        Assert.Equal(Nano("40"), life.Customer.Overdue.Unpaid.Nano);
        life.To("2026-03-20T10:00:00+08:00").Ok(new ReversePayment(1, payment, "bounced"));
        Assert.Equal(Nano("200"), life.Customer.Overdue.Unpaid.Nano);
        Assert.Equal(life.State.Calendar.DayOf(life.NowMs) - life.Partition.Bills[0].Facts.DueDay,
            life.Customer.Overdue.OverdueDays(life.State.Calendar.DayOf(life.NowMs), Cn));
    }

    [Fact]
    public void Debt_on_postpaid_is_asked_for_by_bills_until_it_is_recovered()
    {
        var life = Postpaid(200_000);
        life.Until(l => l.Customer.Overdue.Stage == Stage.Due, 60);
        life.Ok(new MoveToDebt(1, -life.State.Balance, 0, Given.Amount("2"), "moved"));
        Assert.Equal((0L, Nano("100")), (life.Customer.Overdue.Unpaid.Nano, life.Customer.Debt.Left.Nano));
        life.To("2026-10-20T10:00:00+08:00");
        Assert.Equal((0L, Nano("100")), (life.Customer.Debt.Left.Nano, life.Customer.Overdue.Unpaid.Nano));
        Assert.True(life.Partition.Bills.Count > 2);
        Assert.All(life.Partition.Bills.Skip(1), b => Assert.True(b.Facts.Debits > Money.Zero));
    }

    [Fact]
    public void A_share_of_debt_on_postpaid_is_part_of_each_bill_so_that_paying_the_bill_pays_it()
    {
        var life = Postpaid(200_000);
        life.Until(l => l.Customer.Overdue.Stage == Stage.Due, 60);
        life.Ok(new MoveToDebt(1, -life.State.Balance, 2_500, Money.Zero, "moved"));
        life.Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 2, 60);
        var bill = life.Partition.Bills[1].Facts;
        Assert.Equal(("100.000000000", "25.000000000", "125.000000000"), (bill.Amount.ToString(), bill.Debits.ToString(), bill.ToPay.ToString()));
        life.Pay(bill.ToPay.ToString());
        Assert.Equal((0L, "75.000000000"), (life.Customer.Overdue.Unpaid.Nano, life.Customer.Debt.Left.ToString()));
    }

    [Fact]
    public void A_refund_of_what_bounces_afterwards_is_owed()
    {
        var life = Postpaid(0);
        var payment = life.Ok(Given.Pay(1, "100"));
        life.Ok(new RefundCredit(1, Given.Amount("100"), "asked for"));
        life.Ok(new ReversePayment(1, payment, "bounced"));
        Assert.Equal("100.000000000", FirstBill(life).ToPay.ToString());
    }

    [Fact]
    public void A_bill_in_yen_is_in_whole_yen_and_paying_the_yen_ends_it()
    {
        var policy = Packs.Get("cn-residential", p => p with { Currency = "JPY" });
        var life = new Life("2026-01-05", PaymentMode.Postpaid, policy, price: "31.57", currency: "JPY") { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(101_000);
        var bill = FirstBill(life);
        Assert.Equal("3189.000000000", bill.Amount.ToString());
        life.Pay("3189");
        life.To("2026-06-10T10:00:00+08:00");
        Assert.Equal((0L, 0L, Stage.None), (life.Customer.Overdue.Unpaid.Nano, life.Customer.Overdue.Fees.Nano, life.Customer.Overdue.Stage));
        Assert.Equal("0.430000000", life.State.Balance.ToString());
    }

    [Theory]
    [InlineData("95.01", false)]
    [InlineData("95.00", true)]
    public void Arrears_below_the_packs_minimum_lead_to_nothing(string paid, bool climbs)
    {
        var life = Postpaid(200_000);
        FirstBill(life);
        life.Pay(paid);
        life.To("2026-06-10T10:00:00+08:00");
        Assert.Equal((climbs, climbs), (life.Customer.Overdue.Stage != Stage.None, life.Customer.Overdue.Fees.Nano > 0));
    }

    /// <summary>The ledger by items is the ledger by entries, whatever came.</summary>
    [Fact]
    public void Items_reconcile_with_the_balance_through_a_year_of_everything()
    {
        var random = new Random(71);
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn);
        var payments = new List<long>();
        for (var day = 0; day < 300; day += 3)
        {
            life.To(Instants.ToText(life.NowMs + (3 * Instants.MsPerDay)));
            var amount = (random.Next(20_000) + 1) * 10_000_000L;
            GridCommand command = random.Next(9) switch
            {
                0 or 1 or 2 => new TakePayment(1, new(amount), "bank", null),
                3 => new AdjustBalance(1, new(amount / 10), "goodwill"),
                4 => new AdjustBalance(1, new(-amount / 10), "call-out"),
                5 when payments.Count > 0 => new ReversePayment(1, payments[random.Next(payments.Count)], "bounced"),
                6 => new MoveToDebt(1, new(Math.Max(1, -life.State.Balance.Nano / 2)), 1_000, Given.Amount("1"), "moved"),
                7 => new SwitchMode(1, life.State.Mode == PaymentMode.Prepaid ? PaymentMode.Postpaid : PaymentMode.Prepaid, "form 8", "a", "b", 1_000,
                    Money.Zero),
                _ => new RefundCredit(1, new(Math.Max(1, life.State.Balance.Nano / 3)), "asked for"),
            };
            var outcome = life.Do(command);
            if (outcome.Accepted && command is TakePayment)
            {
                payments.Add(outcome.Position);
            }

            Assert.Equal(life.State.LedgerBalance.Nano, life.Customer.Overdue.LedgerBalance.Nano);
            Assert.Equal(life.State.Credit.Nano,
                life.Partition.Entries.Where(e => e.Kind is not (EntryKind.Charge or EntryKind.Correction or EntryKind.Standing)).Sum(e => e.Amount.Nano));
            Assert.True(life.Customer.Debt.Left >= Money.Zero);
        }
    }

    private static long Nano(string text) => Money.TryParse(text, out var m) ? m.Nano : throw new FormatException(text);

    private static Life Postpaid(long wh)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.To("2026-01-06T10:00:00+08:00").Use(wh);
        return life;
    }

    private static BillFacts FirstBill(Life life)
    {
        life.Until(l => l.Partition.Bills.Count == 1, 40);
        return life.Partition.Bills[0].Facts;
    }

    /// <summary>A bill of 100 that is so many days overdue.</summary>
    private static Life Overdue(int days)
    {
        var life = Postpaid(200_000);
        FirstBill(life);
        return life.Until(l => l.Customer.Overdue.OverdueDays(l.State.Calendar.DayOf(l.NowMs), Cn) == days && l.State.Calendar.MinuteOf(l.NowMs) > 600, 90);
    }

    private static string Summary(Life life) =>
        $"{life.State.Balance} {life.Customer.Overdue.OverdueDays(life.State.Calendar.DayOf(life.NowMs), Cn)} "
            + $"{string.Join("; ", life.Customer.Overdue.Book.Items.Where(i => i.Open.Nano > 0))}";
}
