using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Billing;
using CsCheck;

namespace AccountGrid.Host.Tests.Billing;

/// <summary>The lines of a bill's document: whatever the tables say, they sum to the frozen total.</summary>
public sealed class BillLinesTests
{
    private static readonly Gen<long> Nano = Gen.Long[-50_000_000_000, 500_000_000_000];

    private static readonly Gen<ChargeParts> AnyParts =
        Gen.Select(Nano, Nano, Nano, Nano).Select(n => BillSamples.Parts(n.Item1, n.Item2, n.Item3, n.Item4));

    [Fact]
    public void Lines_sum_to_the_total_whatever_the_tables_say() =>
        Gen.Select(AnyParts, AnyParts, AnyParts.Array[0, 3], Nano, Gen.Int[0, 900_000], Gen.OneOf(Gen.Const("EUR"), Gen.Const("JPY"), Gen.Const("KWD"))).Sample(
            (parts, own, earlier, rest, wh, currency) =>
            {
                var corrections = earlier.Select((p, i) => Correction(p, i)).ToList();
                var total = earlier.Aggregate(own.Total, (sum, p) => sum + p.Total) + new WideMoney(rest);
                var facts = BillSamples.Facts(parts, total, 0, currency);
                var source = BillSamples.Source(1_900, own, corrections, new BillEnergy("flat", wh, new Price(123_457), new Price(1_001), 1_900));
                var bill = BillSamples.Document(facts, source);
                Assert.Equal(facts.Amount.Nano, Sum(bill.Lines).Nano);
                Assert.Equal(own.Tax + parts.Tax + earlier.Aggregate(WideMoney.Zero, (s, p) => s + p.Tax), Sum(bill.Lines.Where(l => l.Kind == "tax")));
                Assert.Equal(new WideMoney(rest), Sum(bill.Lines.Where(l => l.Kind == "corrections-other")));
                Assert.All(bill.Lines, l => Assert.NotEqual(l.EnergyWh is null ? "0.000000000" : "", l.Amount));
            }, iter: 2_000);

    [Fact]
    public void Levy_is_a_line_of_its_own_and_a_days_correction_before_the_closing_is_in_the_energy()
    {
        var own = BillSamples.Parts(-1_000_000_000, 0, 0, 0);
        var facts = BillSamples.Facts(BillSamples.Parts(33_000_000_000, 0, 0, 0), own.Total);
        var bill = BillSamples.Document(facts, BillSamples.Source(0, own, null, new BillEnergy("day", 100_000, new Price(300_000), new Price(20_000), 0)));
        Assert.Equal([("energy", "30.000000000"), ("levy", "2.000000000")], bill.Lines.Select(l => (l.Kind, l.Amount)));
        Assert.Equal("32.000000000", bill.Total);
    }

    [Theory]
    [InlineData(EntryKind.Charge, 5, 0, "late")]
    [InlineData(EntryKind.Correction, 5, 0, "readings")]
    [InlineData(EntryKind.Correction, -5, 1, "readings")]
    [InlineData(EntryKind.Correction, 0, 1, "tiers")]
    [InlineData(EntryKind.Standing, 0, 0, "standing")]
    public void A_correction_names_its_cause(EntryKind kind, long energy, long tiers, string cause)
    {
        var entry = Correction(BillSamples.Parts(energy, tiers, -2, 1), 0) with { Kind = kind };
        var bill = BillSamples.Document(BillSamples.Facts(default, entry.Parts.Total), BillSamples.Source(1_900, corrections: [entry]));
        Assert.Equal(("2026-02-27", cause), (bill.Corrections![0].Day, bill.Corrections[0].Cause));
        Assert.Equal(entry.Parts.Total, BillMoney.Parse(bill.Corrections[0].Amount) + BillMoney.Parse(bill.Corrections[0].Tax));
    }

    /// <summary>What changes no energy is of the contract, with the reason that was given, or of the maximum demand; else of the factor.</summary>
    [Theory]
    [InlineData(0, 5, 1, "second transformer", "capacity", "second transformer")]
    [InlineData(0, -5, 0, null, "capacity", null)]
    [InlineData(0, 0, 5, null, "power-factor", null)]
    [InlineData(3, 5, 1, null, "readings", null)]
    [InlineData(0, 5, 0, "prices:7", "prices", null)]
    public void A_correction_of_capacity_or_power_factor_is_none_of_tiers(
        long energy, long capacity, long factor, string? reference, string cause, string? reason)
    {
        var parts = BillSamples.Parts(energy, 0, 0, 1) with { Capacity = new WideMoney(capacity), PowerFactor = new WideMoney(factor) };
        var entry = Correction(parts, 0) with { Reference = reference };
        var bill = BillSamples.Document(BillSamples.Facts(default, entry.Parts.Total), BillSamples.Source(1_900, corrections: [entry]));
        Assert.Equal((cause, reason), (bill.Corrections![0].Cause, bill.Corrections[0].Reason));
        Assert.All(BillTexts.Languages, l => Assert.NotEqual(cause, BillTexts.Of(l).Of("cause", cause)));
    }

    [Fact]
    public void Lines_of_tiers_sum_to_what_the_period_costs_more()
    {
        var tariff = BillSamples.Tariff(new TierDefinition
        {
            Steps = [new(100_000, "0.05"), new(250_000, "0.3")],
            HouseholdBase = 4,
            ExtraWhPerPerson = 20_000,
            ProtectedFreeWh = 15_000,
            FreePricePerKwh = "0.5",
        });
        var day = new DateOnly(2026, 2, 10).DayNumber;
        Gen.Select(Gen.Long[0, 600_000], Gen.Long[0, 600_000], Gen.Byte[0, 8], Gen.Bool).Sample((before, more, size, isProtected) =>
        {
            var household = new Household(size, isProtected);
            var lines = BillTiers.Of(tariff, household, day, before, before + more);
            Assert.Equal(
                tariff.Tiers.Surcharge(new Energy(before + more), new(household, day, 0)) - tariff.Tiers.Surcharge(new Energy(before), new(household, day, 0)),
                Sum(lines));
        }, iter: 2_000);
        Assert.Equal([("2", 150_000L, 100_000L), ("3", 50_000L, 250_000L)],
            BillTiers.Of(tariff, default, day, 0, 300_000).Select(l => (l.Name, l.EnergyWh!.Value, l.AboveWh!.Value)));
    }

    /// <summary>Each line: quality, the word on the bill.</summary>
    [Theory]
    [InlineData(ReadingQuality.None, "measured")]
    [InlineData(ReadingQuality.Valid | ReadingQuality.Late, "measured")]
    [InlineData(ReadingQuality.Manual, "manual")]
    [InlineData(ReadingQuality.Manual | ReadingQuality.Edited, "edited")]
    [InlineData(ReadingQuality.ClockSuspect | ReadingQuality.Manual, "questionable")]
    [InlineData(ReadingQuality.Estimated | ReadingQuality.Questionable, "estimated")]
    [InlineData(ReadingQuality.Projected, "estimated")]
    public void A_registers_quality_is_one_word(ReadingQuality quality, string word) => Assert.Equal(word, BillMeters.QualityOf(quality));

    [Fact]
    public void What_lies_next_to_an_estimate_is_shown_as_estimated()
    {
        var before = new Point(0, 1_000);
        var points = new List<Point> { new(1, 1_100), new(2, 1_250, ReadingQuality.Estimated), new(3, 1_300), new(4, 1_400) };
        var meter = Assert.Single(BillMeters.Add([], isSame: false, "M", before, points, 390));
        Assert.Equal((200L, 390L, 1_000L, 1_400L), (meter.EstimatedWh, meter.EnergyWh, meter.FromWh, meter.ToWh));
        Assert.Equal(("measured", "measured", "1"), (meter.FromQuality, meter.ToQuality, meter.Multiplier));
        meter = Assert.Single(BillMeters.Add([meter], isSame: true, "M", points[^1], [new(5, 1_500, ReadingQuality.Manual)], 100));
        Assert.Equal((200L, 490L, 1_500L, "manual"), (meter.EstimatedWh, meter.EnergyWh, meter.ToWh, meter.ToQuality));
    }

    [Fact]
    public void The_latest_credits_are_listed_and_the_others_are_one_sum()
    {
        var credits = Enumerable.Range(1, 203)
            .Select(i => new LedgerEntry(i, 0, 7, EntryKind.Payment, new Money(i), Money.Zero, i, 0, 0, default, $"r{i}")).ToList();
        var source = BillSamples.Source(0);
        var bill = BillSamples.Document(BillSamples.Facts(default, WideMoney.Zero), source with { Statement = source.Statement with { Credits = credits } });
        Assert.Equal((200, "r4", "0.000000006"), (bill.Credits!.Count, bill.Credits[0].Reference, bill.MoreCredits));
    }

    private static WideMoney Sum(IEnumerable<BillLine> lines) => lines.Aggregate(WideMoney.Zero, (sum, l) => sum + BillMoney.Parse(l.Amount));

    private static LedgerEntry Correction(ChargeParts parts, int number) => new(
        number, 0, 7, EntryKind.Correction, (-parts.Total).ToMoney(), Money.Zero, 0, BillSamples.FromDay - 2 - number, 3, parts, null);
}
