using System.Text.RegularExpressions;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Audit;

/// <summary>
/// What the audit works out from an account's history is what the fold made of it. With a switch of the test build that puts an old fault back, one of these
/// must fail: the load tester's verb <c>sabotage</c> tries them all.
/// </summary>
public sealed partial class AuditHistoryTests
{
    private static Policy Cn => Packs.Get("cn-residential", d => d with { Prepaid = d.Prepaid with { DebtShareBasisPoints = 2_500, DebtPerDay = "5" } });

    [Fact]
    public void A_debit_beside_bills_and_all_letters_about_it()
    {
        var life = new Life("2026-01-01", PaymentMode.Postpaid, Cn, standing: "0.35").To("2026-01-10T10:00:00+08:00");
        life.Ok(new AdjustBalance(1, Given.Amount("-50"), "call-out fee"));
        AssertAgrees(life.To("2026-04-20T10:00:00+08:00"));
        Assert.Contains("demand", life.Kinds);
    }

    [Fact]
    public void Debits_and_credits_that_are_taken_back_whole_and_in_part()
    {
        var life = new Life("2026-01-01", PaymentMode.Postpaid, Cn).To("2026-01-10T10:00:00+08:00");
        var debit = life.Ok(new AdjustBalance(1, Given.Amount("-50"), "a mistake"));
        var credit = life.Ok(new AdjustBalance(1, Given.Amount("30"), "goodwill"));
        life.To("2026-02-20T10:00:00+08:00").Ok(new AdjustBalance(1, Given.Amount("20.55"), "taken back", CorrectsPosition: debit));
        life.To("2026-03-20T10:00:00+08:00").Ok(new AdjustBalance(1, Given.Amount("-30"), "taken back", CorrectsPosition: credit));
        life.To("2026-04-02T10:00:00+08:00").Pay("2000");
        life.Ok(new RefundCredit(1, Given.Amount("100"), "asked for"));
        AssertAgrees(life.To("2026-04-20T10:00:00+08:00"));
    }

    [Fact]
    public void A_payment_of_a_bill_that_bounces_with_fees_of_before_and_after()
    {
        var life = new Life("2026-01-01", PaymentMode.Postpaid, Cn).To("2026-03-15T10:00:00+08:00");
        var payment = life.Ok(Given.Pay(1, "700"));
        life.To("2026-03-25T10:00:00+08:00").Ok(new ReversePayment(1, payment, "bounced"));
        AssertAgrees(life.To("2026-05-20T10:00:00+08:00"));
        Assert.Contains(life.Partition.Entries, e => e.Kind == EntryKind.LateFee);
    }

    [Fact]
    public void A_payment_that_recovered_a_debt_and_bounces()
    {
        var life = new Life("2026-01-01", PaymentMode.Prepaid, Cn, standing: "0.35").To("2026-01-06T10:00:00+08:00");
        life.Ok(new AdjustBalance(1, Given.Amount("-90"), "damage", "a", "b"));
        life.Ok(new MoveToDebt(1, Given.Amount("60"), 2_500, Money.Zero, "agreed"));
        var payment = life.Ok(Given.Pay(1, "400"));
        life.To("2026-01-09T10:00:00+08:00").Ok(new ReversePayment(1, payment, "bounced"));
        AssertAgrees(life.To("2026-02-20T10:00:00+08:00"));
    }

    [Fact]
    public void A_kept_plan_and_a_dispute()
    {
        var life = new Life("2026-01-01", PaymentMode.Postpaid, Cn).To("2026-03-20T10:00:00+08:00");
        life.Ok(new AgreePlan(1, [new Instalment(Given.Day("2026-06-01"), Given.Amount("100")), new Instalment(Given.Day("2026-07-01"),
            Given.Amount("100"))], "a"));
        life.To("2026-04-20T10:00:00+08:00").Ok(new CancelPlan(1, "a", "asked for"));
        life.To("2026-04-28T10:00:00+08:00").Ok(new PlaceHold(1, HoldKind.Dispute, Given.At("2026-05-06T12:00:00+08:00"), "a bill"));
        AssertAgrees(life.To("2026-05-20T10:00:00+08:00"));
    }

    [Fact]
    public void A_corrected_debit_and_an_older_payment_that_bounces_beside_a_plan()
    {
        var life = new Life("2026-01-01", PaymentMode.Postpaid, Cn).To("2026-01-10T10:00:00+08:00");
        var debit = life.Ok(new AdjustBalance(1, Given.Amount("-100"), "a mistake"));
        life.Until(l => l.Partition.Bills.Count == 1, 60);
        var early = life.Ok(Given.Pay(1, "450"));
        life.To("2026-03-10T10:00:00+08:00").Ok(new AdjustBalance(1, Given.Amount("70"), "taken back", CorrectsPosition: debit));
        life.Ok(new AgreePlan(1, [new Instalment(Given.Day("2026-03-20"), Given.Amount("100")), new Instalment(Given.Day("2026-05-01"),
            Given.Amount("100"))], "a"));
        life.To("2026-03-19T10:00:00+08:00").Pay("100");
        life.Ok(new ReversePayment(1, early, "bounced"));
        Assert.Empty(life.Events<PlanBroken>());
        AssertAgrees(life.To("2026-05-20T10:00:00+08:00"));
        Assert.NotEmpty(life.Events<PlanBroken>());
    }

    [Fact]
    public void A_payment_that_recovered_a_debt_and_bounces_after_the_closing()
    {
        var life = new Life("2026-01-01", PaymentMode.Prepaid, Cn, standing: "0.35").To("2026-01-06T10:00:00+08:00");
        life.Ok(new AdjustBalance(1, Given.Amount("-90"), "damage", "a", "b"));
        life.Ok(new MoveToDebt(1, Given.Amount("60"), 2_500, Given.Amount("1"), "agreed"));
        var payment = life.Ok(Given.Pay(1, "400"));
        life.HourlyWh = null;
        life.Ok(Given.Open(2, "2026-01-02"));
        life.Ok(new ReleaseMeter(Life.Meter, 2, 0, life.NowMs + 1, null));
        life.Ok(new CloseAccount(1, Given.Day("2026-01-06"), "moved out"));
        life.To("2026-03-09T10:00:00+08:00").Ok(new ReversePayment(1, payment, "bounced"));
        AssertAgrees(life.To("2026-05-20T10:00:00+08:00"));
        Assert.Equal(Money.Zero, life.Customer.Debt.Left);
    }

    /// <summary>Cut, and all that the cut was for is paid when a newer bill is overdue; a stop notice that a dispute outlasts.</summary>
    [Fact]
    public void A_cut_that_a_later_bill_does_not_keep_and_a_stop_notice_that_a_dispute_ends()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn);
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 80);
        life.Ok(new RecordContact(1, "call", "collector", "no-answer", null));
        life.Until(l => l.Customer.Overdue.StopNoticeDeliveredMs != 0, 40);
        life.Ok(new PlaceHold(1, HoldKind.Dispute, life.NowMs + Instants.MsPerDay, "a bill"));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 60);
        life.Obey();
        life.To("2026-05-25T10:00:00+08:00");
        life.Pay(new Money(life.Customer.Overdue.Book.Asked.Where(i => i.DueDay < Given.Day("2026-04-25")).Sum(i => i.Open.Nano)).ToString());
        Assert.Equal(Relay.Restoring, life.Customer.Supply.Relay);
        Assert.True(life.Customer.Overdue.OverdueDays(Given.Day("2026-05-25"), Cn) > 0);
        AssertAgrees(life.To("2026-05-30T10:00:00+08:00"));
    }

    [Fact]
    public void Arrears_of_less_than_the_minimum()
    {
        var life = new Life("2026-01-01", PaymentMode.Postpaid, Cn) { HourlyWh = 0 };
        life.Use(200_000);
        life.Until(l => l.Partition.Bills.Count == 1, 60);
        life.Pay("99.50");
        AssertAgrees(life.To("2026-05-20T10:00:00+08:00"));
    }

    [Fact]
    public void A_debt_on_bills_by_share_and_by_day()
    {
        foreach (var (share, perDay) in new[] { (2_500, "0"), (0, "1.50"), (1_000, "0.35") })
        {
            var life = new Life("2026-01-01", PaymentMode.Postpaid, Cn).To("2026-01-10T10:00:00+08:00");
            life.Ok(new AdjustBalance(1, Given.Amount("-180"), "damage", "a", "b"));
            life.Ok(new MoveToDebt(1, Given.Amount("170"), share, Given.Amount(perDay), "agreed"));
            life.To("2026-02-25T10:00:00+08:00").Ok(Given.Pay(1, "333.33"));
            AssertAgrees(life.To("2026-05-20T10:00:00+08:00"));
        }
    }

    [Fact]
    public void A_prepaid_account_that_goes_to_bills_and_back()
    {
        var life = new Life("2026-01-01", PaymentMode.Prepaid, Cn, standing: "0.35").To("2026-01-20T10:00:00+08:00");
        life.Ok(new SwitchMode(1, PaymentMode.Postpaid, null, "a", "b"));
        life.To("2026-03-20T10:00:00+08:00").Ok(Given.Pay(1, "100"));
        life.Ok(new SwitchMode(1, PaymentMode.Prepaid, "form 8", "a", "b", 2_500, Given.Amount("0.60")));
        life.Ok(Given.Pay(1, "300"));
        AssertAgrees(life.To("2026-05-20T10:00:00+08:00"));
    }

    /// <summary>The tariff of an opening is corrected before anything is charged: the account was never on the first one.</summary>
    [Fact]
    public void A_tariff_that_is_corrected_on_the_opening_day()
    {
        var grid = new FoldHarness(1, Given.Flat(), Given.Flat("0.70") with { Id = "s" });
        var start = Given.At("2026-03-10T09:00:00+08:00");
        grid.Execute(0, Given.Open(1, "2026-03-10"), start);
        Assert.True(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-10")), start).Accepted);
        Assert.Equal(2, Assert.Single(grid.Account(1).Tariffs).Tariff);
        Assert.Empty(Differences(grid, Cn));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_standing_charge_that_begins_with_another_tariff_or_version(bool follows)
    {
        var later = Given.Flat() with { StandingPerDay = "0.35", TaxBasisPoints = 1_300 };
        var grid = follows
            ? FoldHarness.WithProduct(true, Given.Flat(), later with { Version = 2, EffectiveFrom = new(2026, 1, 5) })
            : new FoldHarness(1, Given.Flat(), later with { Id = "s" });
        var start = Given.At("2026-01-01T09:00:00+08:00");
        grid.Execute(0, Given.Open(1) with { Follows = follows }, start);
        Assert.True(follows || grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-01-05")), start).Accepted);
        for (var at = start; at < start + (30 * Instants.MsPerDay); at += Instants.MsPerHour)
        {
            if (grid.Account(1).DueAtMs <= at)
            {
                grid[0].Append(new Check(at, [1]), at);
            }
            else
            {
                grid[0].Append(new Check(at, []), at);
            }

            grid.Settle();
        }

        // 5 to 31 January, with the day that has begun: 27 days at 0.35 and tax.
        Assert.Equal("-10.678500000", Given.Text(grid.Account(1).Balance));
        Assert.Empty(Differences(grid, Cn));
    }

    [Fact]
    public void A_version_that_is_not_in_force_and_a_meter_from_before_the_account()
    {
        var grid = new FoldHarness(1, Given.Flat(), Given.Flat() with { Id = "n", EffectiveFrom = new DateOnly(2027, 1, 1) });
        var start = Given.At("2026-01-05T09:00:00+08:00");
        grid.Execute(0, Given.Open(1, "2026-01-05"), start);
        grid.Execute(0, Given.Meter(7, 1, "2026-01-01T00:00:00+08:00"), start);
        grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-01-08")), start);
        Assert.Empty(Differences(grid, Cn));
    }

    [Fact]
    public void A_cut_that_a_hold_stops_between_its_plan_and_its_release()
    {
        var life = Exhausted();
        life.Ok(new PlaceHold(1, HoldKind.Dispute, life.NowMs + (5 * Instants.MsPerDay), "the meter"));
        life.Do(new ReleaseCut(1, life.Relay.Sequence));
        AssertAgrees(life.To(Instants.ToText(life.NowMs + (2 * Instants.MsPerDay))));
    }

    [Fact]
    public void A_payment_and_a_debt_agreement_in_the_dark()
    {
        foreach (var byPayment in new[] { true, false })
        {
            var life = Exhausted();
            life.Obey();
            Assert.Equal(Relay.Cut, life.Customer.Supply.Relay);
            life.HourlyWh = 0;
            life.Ok(byPayment ? Given.Pay(1, "500") : new MoveToDebt(1, -life.State.Balance, 2_500, Money.Zero, "agreed"));
            AssertAgrees(life.To(Instants.ToText(life.NowMs + Instants.MsPerHour)));
        }
    }

    [Fact]
    public void All_stages_to_a_cut_for_arrears_and_the_payment_that_ends_it()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn);
        life.Until(l => l.Customer.Overdue.Stage == Stage.Contact, 80);
        life.Ok(new RecordContact(1, "call", "collector", "no-answer", null));
        life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 60);
        life.Obey();
        life.HourlyWh = 0;
        life.Pay("3000");
        life.Obey();
        Assert.Contains(life.Events<StageEntered>(), e => e.To == Stage.Cut);
        AssertAgrees(life.To(Instants.ToText(life.NowMs + (3 * Instants.MsPerDay))));
    }

    /// <summary>Charged through the 10th, and not due: nine days are missing on the 20th, though the tariff has no standing charge.</summary>
    [Fact]
    public void Days_without_their_charge_for_capacity()
    {
        var grid = new FoldHarness(1, TwoPart.ByCapacity());
        grid.Execute(0, TwoPart.Open("2026-04-01", 315));
        TwoPart.Check(grid, "2026-04-10T12:00+08:00");
        Assert.Empty(Differences(grid, Cn));
        var state = grid.Account(1);
        state.DueAtMs = long.MaxValue;
        Assert.Contains(Differences(grid, Cn, state, Given.At("2026-04-20T12:00+08:00")),
            d => d.Contains("standing charges of 9 days from 2026-04-11 on", StringComparison.Ordinal));
    }

    /// <summary>A prepaid account whose cut is planned.</summary>
    private static Life Exhausted()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Cn, CustomerTraits.PrepaidConsent);
        life.Pay("20");
        return life.Until(l => l.Customer.Supply.Relay == Relay.CutPlanned, 20);
    }

    internal static void AssertAgrees(Life life) => Assert.Empty(Differences(life.Grid, life.Policy));

    private static List<string> Differences(FoldHarness grid, Policy policy, AccountState? state = null, long? nowMs = null)
    {
        var (partition, pack) = (grid[0], new AuditPack(policy.Definition));
        var tariffs = grid.TariffNumbers.SelectMany(t => grid.Tariff(t).Product.Versions).DistinctBy(v => v.Tariff.Number)
            .ToDictionary(v => v.Tariff.Number, v => new AuditTariff(v.Tariff.Number, v.Tariff.Definition, v.WithdrawnMs is not null));
        var messages = partition.Notices.ToDictionary(n => n.Id, n => (n.Kind.Code(), n.Facts));
        foreach (var verdict in partition.Verdicts.Where(v => v.Kind is not null))
        {
            messages[verdict.Id] = (verdict.Kind!.Value.Code(), verdict.Facts!);
        }

        var tables = new AuditTables((_, _) => pack, tariffs, partition.Bills.ToDictionary(b => b.Id, b => b.Facts), messages,
            partition.Outcomes.Values.Where(o => o.Accepted).ToDictionary(o => o.Position, o => o.Balance.Nano));
        var history = new AuditHistory(1, tables);
        var rows = partition.Events.Where(e => e.Account == 1)
            .Select(e => (e.Position, e.Sequence, Row: new AuditRow(e.Position, e.AtMs, e.Event, null, 0, 0, 0, 0)))
            .Concat(
                partition.Entries.Where(e => e.Account == 1)
                    .Select(
                        e => (e.Position, e.Sequence,
                            Row: new AuditRow(e.Position, e.AtMs, null, Kebab().Replace(e.Kind.ToString(), "-$0").ToLowerInvariant(), e.Amount.Nano, e.Day,
                                e.Balance.Nano, e.CorrectsPosition))));
        foreach (var (_, _, row) in rows.OrderBy(r => r.Position).ThenBy(r => r.Sequence))
        {
            history.Take(row);
        }

        history.End(state ?? grid.Account(1), nowMs ?? partition.State.NowMs);
        return history.Differences;
    }

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Kebab();
}
