using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Levies and taxes by name; the arithmetic beside each.</summary>
public sealed class LevyTaxTests
{
    /// <summary>0.02 on what lies between 200 and 500 kWh of a month.</summary>
    private static readonly TariffDefinition Levied = Given.Flat() with
    {
        Levies = [new LevyDefinition { Name = "renewables", PerKwh = "0.02", AboveWh = 200_000, UpToWh = 500_000 }],
    };

    private static TaxDefinition Vat => new() { Name = "VAT", BasisPoints = 1_900, Included = true };

    /// <summary>450 kWh: 225 and 250 × 0.02 = 5. 600 kWh: 300 and 300 × 0.02 = 6, as at 500.</summary>
    [Theory]
    [InlineData(200_000, "0.000000000", "100.000000000")]
    [InlineData(200_001, "0.000020000", "100.000520000")]
    [InlineData(450_000, "5.000000000", "230.000000000")]
    [InlineData(500_000, "6.000000000", "256.000000000")]
    [InlineData(500_001, "6.000000000", "256.000500000")]
    [InlineData(600_000, "6.000000000", "306.000000000")]
    public void A_levy_is_on_the_energy_between_its_borders(long wh, string levy, string total)
    {
        var parts = Charge(Levied, wh, 0);
        Assert.Equal((levy, total), (parts.Levies.ToString(), parts.Total.ToString()));
        Assert.Equal(wh > 200_000 ? levy : null, parts.Named?.Items.Single(n => n is { Kind: AmountKind.Levy, Name: "renewables" }).Amount.ToString());
    }

    [Fact]
    public void A_border_counts_over_versions_of_a_month_and_again_with_the_next()
    {
        // 150 kWh to 15 March and 100 after it: 50 above 200, 1.00. April 150: nothing. 400 × 0.50 = 200; together 201.
        var grid = new FoldHarness(1, Levied, Levied with { Version = 2 });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        grid[0].Append(0, Given.Reading(7, "2026-03-15T00:00+08:00", 150_000));
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-16"))).Refusal);
        grid[0].Append(0, Given.Reading(7, "2026-03-16T00:00+08:00", 150_000), Given.Reading(7, "2026-04-01T00:00+08:00", 250_000),
            Given.Reading(7, "2026-05-01T00:00+08:00", 400_000));
        grid.Settle();
        Assert.Equal("-201.000000000", grid.Account(1).Balance.ToString());
    }

    [Fact]
    public void A_tax_that_prices_include_changes_no_total_and_one_beside_it_is_on_the_rest()
    {
        // Energy 100, ten days of 1.00, a levy of 1.19. VAT in them: 100 × 19/119 = 15.966386555, 10 × 19/119 = 1.596638655, 1.19 × 19/119 = 0.19.
        // The duty of 5 % is on energy without VAT: 84.033613445 × 0.05 = 4.20168067225, rounded 4.201680672. Together 111.19 + 4.201680672.
        var parts = Charge(Given.Flat() with
        {
            StandingPerDay = "1",
            Levies = [new LevyDefinition { Name = "fund", PerKwh = "0.00595" }],
            Taxes = [Vat, new TaxDefinition { Name = "duty", BasisPoints = 500, On = ["energy"] }],
        }, 200_000, 10);
        Assert.Equal("115.391680672", parts.Total.ToString());
        Assert.Equal(["Levy fund 1.190000000", "Tax duty 4.201680672", "IncludedTax VAT 17.753025210"],
            parts.Named!.Items.Select(n => $"{n.Kind} {n.Name} {n.Amount}"));
    }

    [Fact]
    public void Two_taxes_in_one_price_share_it_by_their_rates()
    {
        // 100 with 20 % and 5 %: the price without them is 80, of which they are 16 and 4.
        var parts = Charge(Given.Flat() with { Taxes = [Vat with { BasisPoints = 2_000 }, Vat with { Name = "local", BasisPoints = 500 }] }, 200_000, 0);
        Assert.Equal("100.000000000", parts.Total.ToString());
        Assert.Equal(["VAT 16.000000000", "local 4.000000000"], parts.Named!.Items.Select(n => $"{n.Name} {n.Amount}"));
    }

    /// <summary>The levy inside the price of energy is a levy for a tax: 100 kWh at 0.50 and 0.10 are 50 and 10.</summary>
    [Theory]
    [InlineData("energy", "5.000000000")]
    [InlineData("levies", "1.000000000")]
    [InlineData("standing", "0.300000000")]
    [InlineData("energy levies", "6.000000000")]
    [InlineData("", "6.300000000")]
    public void A_tax_is_on_the_parts_that_it_names(string on, string tax)
    {
        var parts = Charge(Given.Flat() with
        {
            LevyPerKwh = "0.10",
            StandingPerDay = "0.30",
            Taxes = [new TaxDefinition { Name = "tax", BasisPoints = 1_000, On = on.Split(' ', StringSplitOptions.RemoveEmptyEntries) }],
        }, 100_000, 10);
        Assert.Equal(tax, parts.Tax.ToString());
        Assert.Equal(parts.Tax, parts.Named!.Items.Single().Amount);
    }

    /// <summary>10 % to the end of June and 12 % from July on; 100 kWh are 50.</summary>
    [Theory]
    [InlineData("2026-06-30", "5.000000000")]
    [InlineData("2026-07-01", "6.000000000")]
    public void A_rate_changes_with_a_month(string day, string tax) => Assert.Equal(tax, Charge(Given.Flat() with
    {
        Taxes =
        [
            new TaxDefinition { Name = "to June", BasisPoints = 1_000, Until = new DateOnly(2026, 6, 30) },
            new TaxDefinition { Name = "from July", BasisPoints = 1_200, From = new DateOnly(2026, 7, 1) },
        ],
    }, 100_000, 0, Given.Day(day)).Tax.ToString());

    /// <summary>Tax on a sum of a period that grows reading by reading is the tax on the whole, whatever the parts.</summary>
    [Fact]
    public void Parts_of_a_period_sum_to_its_charge_and_the_total_is_that_of_its_parts() =>
        Gen.Select(Gen.Int[0, Structures.All.Count - 1], Gen.Long[0, 90_000].Array[1, 20], Gen.Int[0, 31], Gen.Int[0, 400]).Sample((kind, parts, days, at) =>
        {
            var tariff = TariffCompiler.Compile(1, Structures.All[kind]).Tariff!;
            var terms = new TierTerms(default, tariff.PeriodStartOf(Given.Day("2026-01-01") + at), 0);
            var (sums, sum) = (new Sums(Energy.Zero, WideMoney.Zero, 0), default(ChargeParts));
            foreach (var (i, wh) in parts.Index())
            {
                var next = new Sums(sums.Energy + new Energy(wh), sums.Base + (tariff.PriceOf(i % tariff.RateCount) * new Energy(wh)), Math.Min(i, days));
                sum += ChargePeriod.ChargeOf(next, tariff, terms, Energy.Zero) - ChargePeriod.ChargeOf(sums, tariff, terms, Energy.Zero);
                sums = next;
                Assert.Equal(sum.Total, ChargePeriod.TotalOf(sums, tariff, terms, Energy.Zero));
            }

            Assert.Equal(ChargePeriod.ChargeOf(sums, tariff, terms, Energy.Zero), sum);
            var named = sum.Named?.Items ?? [];
            Assert.Equal(sum.Levies, named.Where(n => n.Kind == AmountKind.Levy).Aggregate(WideMoney.Zero, (s, n) => s + n.Amount));
        }, iter: PropertyRuns.Of(500));

    /// <summary>A bill's facts have what its month came to by name: January the levies' and taxes of January, March those of March.</summary>
    [Fact]
    public void A_bill_has_each_by_its_name()
    {
        var life = new Life("2026-01-01", PaymentMode.Postpaid, Packs.Get("cn-residential"), tariff: Structures.All.Single(t => t.Id == "levies"));
        life.To("2026-04-20T10:00:00+08:00");
        Assert.Equal(["above between VAT duty", "above between VAT duty", "above town VAT duty"],
            life.Partition.Bills.Select(b => string.Join(' ', b.Facts.Parts.Named!.Items.Select(n => n.Name))));

        // January's 743.99 kWh, a kWh an hour: 653.99 above 90 at 0.017 and 110 from 10 to 120 at 0.031.
        var (parts, wh) = (life.Partition.Bills[0].Facts.Parts, life.Partition.Bills[0].Facts.EnergyWh);
        Assert.Equal(743_990, wh);
        Assert.Equal(["11.117830000", "3.410000000"], parts.Named!.Items.Where(n => n.Kind == AmountKind.Levy).Select(n => n.Amount.ToString()));
        Assert.Equal("14.527830000", parts.Levies.ToString());
        var account = life.State;
        Assert.Equal(account.LedgerBalance, life.Partition.Entries.Aggregate(Money.Zero, (sum, e) => sum + e.Amount));
    }

    public static TheoryData<string, TariffDefinition> Wrong() => new()
    {
        { "levies.name, taxes.name", Given.Flat() with { Levies = [Levied.Levies[0]], Taxes = [Vat with { Name = "renewables" }] } },
        { "levies.name, taxes.name", Given.Flat() with { Taxes = [Vat with { Name = "" }] } },
        { "levies[0].perKwh", Given.Flat() with { Levies = [Levied.Levies[0] with { PerKwh = "-0.01" }] } },
        { "levies[0].aboveWh", Given.Flat() with { Levies = [Levied.Levies[0] with { AboveWh = -1 }] } },
        { "levies[0].upToWh", Given.Flat() with { Levies = [Levied.Levies[0] with { UpToWh = 200_000 }] } },
        { "levies[0].from: '2026-02-02' is not the first day of a month", Given.Flat() with { Levies = [Levied.Levies[0] with { From = new(2026, 2, 2) }] } },
        { "taxes[0].until: '2026-02-27' is not the last day of a month", Given.Flat() with { Taxes = [Vat with { Until = new(2026, 2, 27) }] } },
        { "taxes[0].from: '2026-07-01' is not the first day of a year",
            Given.Flat() with { Tiers = Given.Tiers("year"), Taxes = [Vat with { From = new(2026, 7, 1) }] } },
        { "taxes[0].until: '2026-01-31' is not 2026-03-01 or later",
            Given.Flat() with { Taxes = [Vat with { From = new(2026, 3, 1), Until = new(2026, 1, 31) }] } },
        { "taxes[0].basisPoints", Given.Flat() with { Taxes = [Vat with { BasisPoints = 0 }] } },
        { "taxes[0].basisPoints", Given.Flat() with { Taxes = [Vat with { BasisPoints = 10_001 }] } },
        { "taxes[0].on", Given.Flat() with { Taxes = [Vat with { On = ["tiers"] }] } },
        { "taxes: '10001'", Given.Flat() with { TaxBasisPoints = 1, Taxes = [Vat with { BasisPoints = 10_000, Included = false }] } },
        { "levies: '10000000.010000000'", Given.Flat() with { LevyPerKwh = "10000000", Levies = [Levied.Levies[0] with { PerKwh = "0.01" }] } },
        { "levies: '9'", Given.Flat() with { Levies = [.. Enumerable.Range(0, 9).Select(i => Levied.Levies[0] with { Name = $"{i}" })] } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_wrong_field_is_named_with_its_value(string field, TariffDefinition definition) =>
        Assert.StartsWith(field, TariffCompiler.Compile(1, definition).Refusal!.Detail, StringComparison.Ordinal);

    private static ChargeParts Charge(TariffDefinition definition, long wh, int days, int day = 0)
    {
        var (tariff, refusal) = TariffCompiler.Compile(1, definition);
        Assert.Null(refusal);
        var sums = new Sums(new Energy(wh), tariff!.PriceOf(0) * new Energy(wh), days);
        return ChargePeriod.ChargeOf(sums, tariff, new(default, day, 0), Energy.Zero);
    }
}
