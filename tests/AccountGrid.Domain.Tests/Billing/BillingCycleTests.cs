using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Audit;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>Billing day and cycle of an account, and how they change.</summary>
public sealed class BillingCycleTests
{
    private static Policy Cn => Packs.Get("cn-residential");

    [Fact]
    public void A_change_holds_from_the_next_period_on_and_every_day_is_billed_once()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn, standing: "0.30").To("2026-02-12T10:00:00+08:00");
        life.Ok(new SetBillingCycle(1, 15, 2));
        Assert.Equal(new BillingCycleSet(Given.Day("2026-03-01"), 15, 2), Assert.Single(life.Events<BillingCycleSet>()));
        life.To("2026-09-25T10:00:00+08:00");
        Assert.Equal(
            [
                "1-202601 2026-01-05 2026-01-31", "1-202602 2026-02-01 2026-02-28", "1-20260301 2026-03-01 2026-03-15", "1-202603 2026-03-16 2026-05-15",
                "1-202605 2026-05-16 2026-07-15", "1-202607 2026-07-16 2026-09-15",
            ],
            Periods(life));
        AssertBilledOnce(life);

        // Two months are one bill: its arrears have one due day.
        Assert.Contains(life.Events<BillClosed>(), b => b is { Id: "1-202603", DueDay: not 0 });
    }

    [Fact]
    public void A_change_replaces_one_that_does_not_hold_yet()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn).To("2026-01-12T10:00:00+08:00");
        life.Ok(new SetBillingCycle(1, 15, 1));
        life.Ok(new SetBillingCycle(1, 31, 3));
        life.To("2026-08-10T10:00:00+08:00");
        Assert.Equal(["1-202601 2026-01-05 2026-01-31", "1-202602 2026-02-01 2026-04-30", "1-202605 2026-05-01 2026-07-31"], Periods(life));
        Assert.Single(life.Customer.Overdue.Cycles);
        AssertBilledOnce(life);
    }

    [Theory]
    [InlineData(0, 1, "billing_cycle.invalid", "day: 0 ")]
    [InlineData(32, 1, "billing_cycle.invalid", "day: 32 ")]
    [InlineData(15, 0, "billing_cycle.invalid", "months: 0 ")]
    [InlineData(15, 4, "billing_cycle.invalid", "months: 4 ")]
    public void What_is_out_of_range_is_refused_by_its_name(int day, int months, string code, string detail)
    {
        var refusal = new Life("2026-01-05", PaymentMode.Postpaid, Cn).Do(new SetBillingCycle(1, day, months)).Refusal!;
        Assert.Equal(code, refusal.Code);
        Assert.StartsWith(detail, refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_by_instalments_keeps_the_packs_days_and_one_without_a_pack_has_no_bills()
    {
        var life = new Life("2026-01-05", PaymentMode.Instalments, Cn).To("2026-01-12T10:00:00+08:00");
        Assert.Equal("billing_cycle.instalments", life.Do(new SetBillingCycle(1, 15, 1)).Refusal!.Code);
        life.Ok(new SwitchMode(1, PaymentMode.Postpaid, null, "a", "b"));
        Assert.Equal("billing_cycle.instalments", life.Do(new SetBillingCycle(1, 15, 1)).Refusal!.Code);
        life.To("2026-01-21T10:00:00+08:00").Ok(new SetBillingCycle(1, 15, 1));
        life.To("2026-03-20T10:00:00+08:00");
        Assert.Equal(
            [
                "1-20260105 2026-01-05 2026-01-10", "1-20260111 2026-01-11 2026-01-20", "1-202601 2026-01-21 2026-01-31", "1-20260201 2026-02-01 2026-02-15",
                "1-202602 2026-02-16 2026-03-15",
            ],
            Periods(life));
        AssertBilledOnce(life);
        life.Ok(Given.Open(2, "2026-01-05"));
        Assert.Equal("customer.no_policy", life.Do(new SetBillingCycle(2, 15, 1)).Refusal!.Code);
    }

    /// <summary>A quarter began on 1 January. Instalments are agreed on 12 January: the first of their days ends the quarter.</summary>
    [Fact]
    public void Instalments_begin_behind_the_next_of_their_days_and_the_cycle_before_comes_back_after_them()
    {
        var life = new Life("2025-12-05", PaymentMode.Postpaid, Packs.Get("cn-residential", d => d with
        {
            Billing = d.Billing with { InstalmentDays = [15, 31] },
        })).To("2025-12-12T10:00:00+08:00");
        life.Ok(new SetBillingCycle(1, 31, 3));
        life.To("2026-01-12T10:00:00+08:00").Ok(new SwitchMode(1, PaymentMode.Instalments, null, "a", "b"));
        Assert.Equal(Given.Day("2026-01-16"), life.Events<BillingCycleSet>().Last().FromDay);
        life.To("2026-02-20T10:00:00+08:00").Ok(new SwitchMode(1, PaymentMode.Postpaid, null, "a", "b"));
        life.To("2026-06-10T10:00:00+08:00");
        Assert.Equal(
            [
                "1-202512 2025-12-05 2025-12-31", "1-20260101 2026-01-01 2026-01-15", "1-20260116 2026-01-16 2026-01-31", "1-20260201 2026-02-01 2026-02-15",
                "1-20260216 2026-02-16 2026-02-28", "1-202603 2026-03-01 2026-05-31",
            ],
            Periods(life));
        AssertBilledOnce(life);
    }

    [Fact]
    public void A_switch_between_prepaid_and_postpaid_changes_no_period()
    {
        var life = new Life("2026-01-05", PaymentMode.Prepaid, Cn).To("2026-01-12T10:00:00+08:00");
        life.Ok(Given.Pay(1, "500"));
        life.Ok(new SetBillingCycle(1, 15, 1));
        life.To("2026-02-20T10:00:00+08:00").Ok(new SwitchMode(1, PaymentMode.Postpaid, null, "a", "b"));
        life.To("2026-03-25T10:00:00+08:00");
        Assert.Equal(["1-202601 2026-01-05 2026-01-31", "1-20260201 2026-02-01 2026-02-15", "1-202602 2026-02-16 2026-03-15"], Periods(life));
        AssertBilledOnce(life);
    }

    [Fact]
    public void Instalments_of_another_pack_begin_behind_the_next_of_its_days()
    {
        var life = new Life("2026-01-05", PaymentMode.Instalments, Cn);
        var other = Packs.Get("cn-business", d => d with { Billing = d.Billing with { InstalmentDays = [7, 31] } });
        life.Grid.With(6, other);
        life.To("2026-01-12T10:00:00+08:00").Ok(new SetCustomer(1, 6, CustomerClass.Business, CustomerTraits.None));
        life.To("2026-02-20T10:00:00+08:00");
        Assert.Equal(
            [
                "1-20260105 2026-01-05 2026-01-10", "1-20260111 2026-01-11 2026-01-20", "1-20260121 2026-01-21 2026-01-31",
                "1-20260201 2026-02-01 2026-02-07",
            ],
            Periods(life));
    }

    [Fact]
    public void Pack_versions_change_instalments_that_begin_under_them()
    {
        var life = new Life("2026-01-01", PaymentMode.Instalments, Cn);
        life.Grid.With(5, Packs.Get("cn-residential", d => d with { Billing = d.Billing with { InstalmentDays = [5, 25, 31] } }), Given.Day("2026-01-14"));
        life.To("2026-02-10T10:00:00+08:00");
        Assert.Equal(["2026-01-10", "2026-01-20", "2026-01-25", "2026-01-31", "2026-02-05"],
            life.Partition.Bills.Select(b => Instants.DayToText(b.Facts.ToDay)));
        AssertPeriodsFollow(life);
    }

    [Theory]
    [InlineData("10, 20", "rising days of the month from 1, the last of them 31")]
    [InlineData("20, 10, 31", "rising")]
    [InlineData("0, 31", "rising")]
    [InlineData("", "rising")]
    public void Instalment_days_of_a_pack_rise_to_the_months_end(string days, string expected)
    {
        var pack = Cn.Definition;
        var list = days.Length == 0 ? [] : days.Split(", ").Select(d => int.Parse(d, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var problem = Assert.Single(PolicyCompiler.Compile(pack with { Billing = pack.Billing with { InstalmentDays = list } }).Problems);
        Assert.StartsWith($"billing.instalmentDays: '{days}' is not ", problem.Detail, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Detail, StringComparison.Ordinal);
    }

    /// <summary>Any changes at any time, an account that is closed at the end or not: the bills follow each other, and the audit has nothing to say.</summary>
    [Fact]
    public void Any_changes_leave_every_day_on_one_bill()
    {
        var changed = Gen.Select(Gen.Int[1, 40], Gen.Int[0, 5], Gen.Int[1, 31], Gen.Int[1, 3]).Array[1, 5];
        Gen.Select(changed, Gen.Bool, Gen.Bool, Gen.Bool).Sample((changes, closes, pays, tiers) =>
        {
            var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn, standing: "0.30",
                tariff: tiers ? Given.Tou() with { Tiers = Given.Tiers(), TaxBasisPoints = 1_300, StandingPerDay = "0.30" } : null);
            foreach (var (wait, what, day, months) in changes)
            {
                life.To(Instants.ToText(life.NowMs + (wait * Instants.MsPerDay)));
                _ = life.Do(what switch
                {
                    0 => new SwitchMode(1, PaymentMode.Instalments, null, "a", "b"),
                    1 => new SwitchMode(1, PaymentMode.Postpaid, null, "a", "b"),
                    2 when pays => Given.Pay(1, "300"),
                    _ => new SetBillingCycle(1, day, months),
                });
            }

            if (closes)
            {
                MoveOutTests.MoveOut(life);
            }

            life.To(Instants.ToText(life.NowMs + (110 * Instants.MsPerDay)));
            AssertBilledOnce(life);
            Assert.Equal(closes, life.Customer.Overdue.IsFinalBilled);
        }, iter: PropertyRuns.Of(25), threads: 1);
    }

    private static List<string> Periods(Life life) =>
        [.. life.Partition.Bills.Select(b => $"{b.Id} {Instants.DayToText(b.Facts.FromDay)} {Instants.DayToText(b.Facts.ToDay)}")];

    private static void AssertPeriodsFollow(Life life)
    {
        var bills = life.Partition.Bills;
        Assert.All(bills.Zip(bills.Skip(1)), b => Assert.Equal(b.First.Facts.ToDay + 1, b.Second.Facts.FromDay));
        Assert.Equal(bills.Count, bills.Select(b => b.Id).Distinct().Count());
    }

    /// <summary>What is charged is billed or waits to be, to the last fen and with what is carried; the audit says the same of every bill.</summary>
    private static void AssertBilledOnce(Life life)
    {
        AssertPeriodsFollow(life);
        var charged = life.Partition.Entries.Where(e => e.Kind is EntryKind.Charge or EntryKind.Correction or EntryKind.Standing).Sum(e => -e.Amount.Nano);
        var waits = life.Customer.Overdue.Unbilled.Aggregate(WideMoney.Zero, (sum, m) => sum + m.Total).ToMoney().Nano;
        Assert.Equal(charged, life.Partition.Bills.Sum(b => b.Facts.Amount.Nano) + life.Customer.Overdue.Carried.Nano + waits);
        AuditHistoryTests.AssertAgrees(life);
    }
}
