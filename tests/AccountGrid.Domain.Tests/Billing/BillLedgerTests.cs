using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;
using CsCheck;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>What a bill says is what the ledger holds, entry by entry.</summary>
public sealed class BillLedgerTests
{
    private static Policy Cn => Packs.Get("cn-residential");

    /// <summary>Drawn lives with payments, debits, reversals, refunds, silent meters and late readings: nothing of a bill is not in the ledger.</summary>
    [Fact]
    public void Every_bill_is_the_entries_of_its_period() =>
        Gen.Select(Gen.Int[0, 9].Array[20, 40], Gen.Int[1, 20_000].Array[40], Gen.OneOf(Gen.Const("0"), Gen.Const("0.37"), Gen.Const("1.005"))).Sample(
            (acts, cents, standing) =>
            {
                var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn, standing: standing) { Delivers = false };
                var payments = new List<long>();
                for (var i = 0; i < acts.Length; i++)
                {
                    Act(life, acts[i], cents[i] * 10_000_000L, payments);
                }

                foreach (var bill in life.Partition.Bills)
                {
                    Compare(life.Partition, bill);
                }
            }, iter: PropertyRuns.Of(15));

    [Fact]
    public void A_late_reading_across_the_month_corrects_the_next_bill_and_not_its_own_again()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = null };
        life.To("2026-01-31T12:00:00+08:00").Use(100_000);
        life.To("2026-02-01T12:00:00+08:00").Use(24_000);
        life.Until(l => l.Partition.Bills.Count == 1, 20);

        // Half of it was spread over January; the reading at midnight says that all of it was used in February.
        life.Partition.Append(life.NowMs, new Reading(Life.Meter, RegisterKind.Import, Given.At("2026-02-01T00:00:00+08:00"), 100_000, default, 0));
        life.Grid.Settle();
        life.Until(l => l.Partition.Bills.Count == 2, 60);
        var (statement, facts) = (StatementOf(life.Partition, life.Partition.Bills[1]), life.Partition.Bills[1].Facts);
        var correction = Assert.Single(statement.Corrections);
        Assert.Equal((EntryKind.Correction, "2026-01-31"), (correction.Kind, Instants.DayToText(correction.Day)));
        Assert.True(correction.Amount > Money.Zero, $"It is a credit: {correction}");
        Assert.Equal(facts.Corrections, statement.OwnCorrections.Total + correction.Parts.Total);
        Assert.All(life.Partition.Bills, b => Compare(life.Partition, b));
    }

    [Fact]
    public void Arrears_are_listed_by_due_day_and_debits_by_what_made_them()
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = 0, Delivers = false };
        life.To("2026-01-06T10:00:00+08:00").Use(200_000);
        life.To("2026-02-10T10:00:00+08:00").Use(100_000);
        var debit = life.Ok(new AdjustBalance(1, new(-30_000_000_000), "call-out"));
        life.Until(l => l.Partition.Bills.Count == 2, 40);
        var (first, second) = (life.Partition.Bills[0].Facts, life.Partition.Bills[1].Facts);
        Assert.Equal(
            [new BillItem(ItemKind.Debit, 0, new(30_000_000_000), debit, 0), new BillItem(ItemKind.Bill, first.DueDay, new(100_000_000_000), 0, 1)],
                second.Items!);
        Assert.Equal((first.Amount, second.Amount), (first.Open, second.Open));
        Assert.Empty(first.Items!);
    }

    [Theory]
    [InlineData("40", "60")]
    [InlineData("100", "0")]
    [InlineData("250", "0")]
    public void What_was_paid_ahead_leaves_less_of_the_bills_own_amount_open(string paid, string open)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Cn) { HourlyWh = 0, Delivers = false };
        life.To("2026-01-06T10:00:00+08:00").Use(200_000);
        life.Pay(paid);
        life.Until(l => l.Partition.Bills.Count == 1, 40);
        Assert.Equal(($"100.000000000", $"{open}.000000000"), (life.Partition.Bills[0].Facts.Amount.ToString(), life.Partition.Bills[0].Facts.Open.ToString()));
    }

    /// <summary>Each line: what the bill lists as unpaid of day 20, of day 30 and of what it asks for, and how many of them the audit names.</summary>
    [Theory]
    [InlineData(100, 50, 7, 0)]
    [InlineData(99, 50, 7, 1)]
    [InlineData(101, 49, 7, 2)]
    [InlineData(100, 50, 0, 1)]
    [InlineData(0, 150, 7, 2)]
    public void The_audit_names_what_a_bill_lists_otherwise_than_its_own_items(long first, long second, long asked, int differences)
    {
        var items = new AuditItems();
        items.Owe("bill", 60, 0, 20, feesFirst: false);
        items.Owe("debit", 40, 3, 20, feesFirst: false);
        items.Owe("bill", 50, 0, 30, feesFirst: false);
        items.Owe("debit", 7, 4, 0, feesFirst: false);
        items.Owe("fee", 5, 0, 0, feesFirst: false);
        var listed = new[] { (20, first), (30, second), (0, asked) }.Where(l => l.Item2 > 0)
            .Select(l => new BillItem(ItemKind.Bill, l.Item1, new(l.Item2), 0, 1)).ToList();
        var facts = new BillFacts(2, 1, 2, 40, "CNY", 0, default, default, default, default, default, default, default, default, default, default, "p", listed);
        Assert.Equal(differences, AuditBills.Compare("bill 1", items, facts).Count());
    }

    private static void Act(Life life, int act, long nano, List<long> payments)
    {
        // A meter that is silent, or that is read late, makes days that are closed again.
        life.HourlyWh = act == 6 ? null : nano / 10_000_000;
        life.To(Instants.ToText(life.NowMs + ((act + 2) * Instants.MsPerDay)));
        GridCommand? command = act switch
        {
            0 or 1 or 2 => new TakePayment(1, new(nano), "bank", null),
            3 => new AdjustBalance(1, new(nano / 10), "goodwill"),
            4 => new AdjustBalance(1, new(-nano / 10), "call-out"),
            5 when payments.Count > 0 => new ReversePayment(1, payments[^1], "bounced"),
            7 => new RefundCredit(1, new(Math.Max(1, life.State.Balance.Nano / 3)), "asked for"),
            8 => new MoveToDebt(1, new(Math.Max(1, -life.State.Balance.Nano / 2)), 1_000, new(1_000_000_000), "moved"),
            _ => null,
        };
        if (command is not null && life.Do(command) is { Accepted: true } outcome && command is TakePayment)
        {
            payments.Add(outcome.Position);
        }
    }

    private static void Compare(SimPartition partition, BillEffect bill)
    {
        var (facts, statement) = (bill.Facts, StatementOf(partition, bill));
        Assert.Equal(facts.Payments.Nano, statement.Credits.Sum(e => e.Amount.Nano));
        Assert.Equal(facts.Corrections, statement.Corrections.Aggregate(statement.OwnCorrections.Total, (sum, e) => sum + e.Parts.Total));
        Assert.Equal(facts.Arrears.Nano, facts.Items!.Where(i => i.DueDay != 0).Sum(i => i.Amount.Nano));
        Assert.Equal(facts.Debits.Nano, facts.Items!.Where(i => i.DueDay == 0).Sum(i => i.Amount.Nano));
        Assert.InRange(facts.Open.Nano, 0, Math.Max(0, facts.Amount.Nano));

        // Charges of the bill's own days, and the balance at both ends.
        var (begun, at) = (Place<CustomerSet>(partition, _ => true), Place<BillClosed>(partition, e => e.Id == bill.Id));
        var charges = partition.Entries.Where(e => In(e) && e.Kind is EntryKind.Charge or EntryKind.Standing && PlaceOf(e) > begun && PlaceOf(e) < at
            && e.Amount < Money.Zero).Aggregate(default(ChargeParts), (sum, e) => sum + e.Parts);
        Assert.Equal(facts.Parts, charges);
        Assert.Equal(facts.Amount.Nano + CarriedAfter(facts), (facts.Parts.Total + facts.Corrections).Nano + facts.Carried.Nano);
        var before = partition.Bills.TakeWhile(b => b != bill).LastOrDefault()?.Facts.Balance
            ?? partition.Entries.LastOrDefault(e => PlaceOf(e) < begun)?.Balance ?? Money.Zero;
        Assert.Equal(facts.Balance.Nano, statement.Moved.Aggregate((WideMoney)before, (sum, m) => sum + m.Amount).Nano);

        bool In(LedgerEntry entry) => entry.Day >= facts.FromDay && entry.Day <= facts.ToDay;
    }

    private static long CarriedAfter(BillFacts facts)
    {
        var exact = (long)(facts.Parts.Total + facts.Corrections).Nano + facts.Carried.Nano;
        return exact - new Money(exact).RoundedTo(2).Nano;
    }

    private static BillStatement StatementOf(SimPartition partition, BillEffect bill)
    {
        var begun = Place<CustomerSet>(partition, _ => true);
        var before = partition.Bills.TakeWhile(b => b != bill).LastOrDefault();
        var after = before is null ? begun : Place<BillClosed>(partition, e => e.Id == before.Id);
        return BillLedger.Of(partition.Entries, begun, after, Place<BillClosed>(partition, e => e.Id == bill.Id), bill.Facts.FromDay, bill.Facts.ToDay);
    }

    private static LedgerPlace PlaceOf(LedgerEntry entry) => new(entry.Position, entry.Sequence);

    private static LedgerPlace Place<T>(SimPartition partition, Func<T, bool> isIt)
        where T : AccountEvent =>
        partition.Events.Where(e => e.Event is T happened && isIt(happened)).Select(e => new LedgerPlace(e.Position, e.Sequence)).First();
}
