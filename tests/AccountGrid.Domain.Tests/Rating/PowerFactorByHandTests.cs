using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Power factors and what they change of charges, worked out by hand.</summary>
public sealed class PowerFactorByHandTests
{
    /// <summary>
    /// A factor of h - 1/2 hundredths, from which h is rounded up to, has Q/P = √(1/(h - 1/2)² - 1). Of P = 10^9 Wh the largest whole Q below it has h, and one
    /// more has h - 1: each border of the table.
    /// </summary>
    [Fact]
    public void Each_factor_begins_half_a_hundredth_below_it()
    {
        const long P = 1_000_000_000;
        for (var h = 2; h <= 100; h++)
        {
            var edge = (decimal)(h - 0.5) / 100;
            var squared = (decimal)P * P * (1 - (edge * edge)) / (edge * edge);
            var q = (long)Math.Sqrt((double)squared);
            q += (decimal)(q + 1) * (q + 1) <= squared ? 1 : 0;
            q -= (decimal)q * q > squared ? 1 : 0;
            Assert.Equal((h, h - 1), (PowerFactors.Of(P, q), PowerFactors.Of(P, q + 1)));
        }
    }

    /// <summary>3-4-5 is 0.60 and 0.80; 5,115 and 3,090 have 5,115 / 5,975.9 = 0.8559.</summary>
    [Theory]
    [InlineData(3_000, 4_000, 60)]
    [InlineData(4_000, 3_000, 80)]
    [InlineData(5_115, 3_090, 86)]
    [InlineData(1, 0, 100)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, null)]
    [InlineData(4_000_000_000_000_000_000, 3_000_000_000_000_000_000, 80)]
    public void Factors(long activeWh, long reactiveVarh, int? hundredths) => Assert.Equal(hundredths, PowerFactors.Of(activeWh, reactiveVarh));

    /// <summary>The published table at its edges: of the standard, of each kind of step, and of the ends.</summary>
    [Theory]
    [InlineData(90, "1.00=-75,0.95=-75,0.94=-60,0.91=-15,0.90=0,0.89=50,0.80=500,0.71=950,0.70=1000,0.69=1100,0.65=1500,0.64=1700,0.52=4100,0.00=14500")]
    [InlineData(85, "1.00=-110,0.94=-110,0.93=-95,0.91=-65,0.90=-50,0.86=-10,0.85=0,0.84=50,0.65=1000,0.64=1100,0.60=1500,0.59=1700,0.00=13500")]
    [InlineData(80, "1.00=-130,0.92=-130,0.91=-115,0.90=-100,0.81=-10,0.80=0,0.79=50,0.60=1000,0.59=1100,0.55=1500,0.54=1700,0.00=12500")]
    public void The_published_table(int standard, string edges)
    {
        var terms = TariffCompiler.Compile(1, Given.Flat() with { PowerFactor = TwoPart.Published(standard, "energy") }).Tariff!.TwoPart!;
        Assert.Equal(edges, string.Join(',', edges.Split(',').Select(e =>
            $"{e[..4]}={terms.BasisPointsOf((int)(decimal.Parse(e[..4], System.Globalization.CultureInfo.InvariantCulture) * 100))}")));
    }

    /// <summary>
    /// A published example of a Chinese factory's bill: 2,650 kWh at 0.5344 are 1,416.16, 400 kVA at 26 are 10,400, and the month's factor is 0.52 by the
    /// standard
    /// 0.90 (circuity.cn/power/69.html). The table adds 15 % at 0.65 and 2 % for each hundredth below, 41 %: 11,816.16 × 0.41 = 4,844.6256. Together
    /// 16,660.7856. 2,650 and 4,353 kvarh have 2,650 / 5,096.2 = 0.51999.
    /// </summary>
    [Fact]
    public void A_published_bill_by_capacity()
    {
        var tariff = Given.Flat("0.5344") with { Capacity = new CapacityDefinition { PricePerMonth = "26" }, PowerFactor = TwoPart.Published() };
        var grid = April(tariff, 400, (2_650_000, 4_353_000));
        var parts = ClosedParts(grid);
        Assert.Equal(("1416.160000000", "10400.000000000", "4844.625600000"),
            (parts.Energy.ToString(), parts.Capacity.ToString(), parts.PowerFactor.ToString()));
        Assert.Equal("16660.785600000", TwoPart.First(grid));
    }

    /// <summary>
    /// Of another published bill, 5,115 kWh and 3,090 kvarh, the factor 0.86 and the rate of 2 % by the standard 0.90 (daan888.com/show/8366732.html), on what
    /// it names: energy of 3,207.34 and a charge of 28,750 for capacity. The bill itself has 639.97, on 41.16 more that it does not explain.
    /// </summary>
    [Fact]
    public void A_factor_and_rate_of_a_published_bill()
    {
        var tariff = Given.Flat("0.627046") with { Capacity = new CapacityDefinition { PricePerMonth = "23" }, PowerFactor = TwoPart.Published() };
        var grid = April(tariff, 1_250, (5_115_000, 3_090_000));
        Assert.Equal(86, grid.Account(1).TariffOf(Given.Day("2026-04-02")).TwoPart!.FactorOf(grid.Account(1).Periods[0].Closed.TwoPart));

        // 5,115 × 0.627046 = 3,207.34029; (3,207.34029 + 28,750) × 0.02 = 639.1468058.
        Assert.Equal("639.146805800", ClosedParts(grid).PowerFactor.ToString());
    }

    /// <summary>
    /// 10,000 kWh × 0.50, of it a levy of 0.02 in the price of 0.52; 100 kVA × 30 = 3,000; 30 × 1 standing. 0.80 adds 5 %: 250, 150 or 1.50. Levies are
    /// never in it. Tax of 10 % is on all: (5,200 + 3,000 + 30 + adjustment) × 1.1.
    /// </summary>
    [Theory]
    [InlineData("energy", "250.000000000", "9328.000000000")]
    [InlineData("capacity", "150.000000000", "9218.000000000")]
    [InlineData("standing", "1.500000000", "9054.650000000")]
    [InlineData("energy,capacity,standing", "401.500000000", "9494.650000000")]
    public void It_is_on_the_charges_that_the_tariff_names(string on, string adjustment, string charge)
    {
        var tariff = Given.Flat() with
        {
            LevyPerKwh = "0.02",
            StandingPerDay = "1",
            TaxBasisPoints = 1_000,
            Capacity = new CapacityDefinition { PricePerMonth = "30" },
            PowerFactor = TwoPart.Published(90, on.Split(',')),
        };
        var grid = April(tariff, 100, (10_000_000, 7_500_000));
        Assert.Equal((adjustment, charge), (ClosedParts(grid).PowerFactor.ToString(), TwoPart.First(grid)));
    }

    /// <summary>
    /// Taxes with names are on energy with its adjustment, and on what is fixed with its own: (5,000 × 1.05) × 0.13, (3,000 × 1.05) × 0.06.
    /// </summary>
    [Fact]
    public void Taxes_are_on_the_adjustment_by_part()
    {
        var tariff = Given.Flat() with
        {
            Capacity = new CapacityDefinition { PricePerMonth = "30" },
            PowerFactor = TwoPart.Published(),
            Taxes =
            [
                new TaxDefinition { Name = "e", BasisPoints = 1_300, On = ["energy"] },
                new TaxDefinition { Name = "s", BasisPoints = 600, On = ["standing"] },
            ],
        };
        var named = ClosedParts(April(tariff, 100, (10_000_000, 7_500_000))).Named!.Items;
        Assert.Equal(["682.500000000", "189.000000000"], named.Select(n => n.Amount.ToString()));
    }

    /// <summary>
    /// 3.8.0 is silent from the 11th on: only the ten days count on which both are known, 0.80, and not 10,000 by 2,500. Energy of all days is adjusted.
    /// </summary>
    [Fact]
    public void Days_count_on_which_both_are_known()
    {
        var grid = Metered(Given.Flat() with { PowerFactor = TwoPart.Published(90, "energy") }, 0);
        grid[0].Append(0, Given.Reading(7, "2026-04-11T00:00+08:00", 4_000_000), TwoPart.Reactive(7, "2026-04-11T00:00+08:00", 3_000_000),
            Given.Reading(7, "2026-05-01T00:00+08:00", 10_000_000));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        var sums = grid.Account(1).Periods[0].Closed.TwoPart!;
        Assert.Equal((4_000_000, 3_000_000, 10), (sums.ActiveWh, sums.ReactiveVarh, sums.PairedDays));
        Assert.Equal("5250.000000000", TwoPart.First(grid));
    }

    /// <summary>A meter that sends no 3.8.0 has no factor, and nothing is taken off.</summary>
    [Fact]
    public void Without_reactive_energy_nothing_changes()
    {
        var grid = Metered(Given.Flat() with { PowerFactor = TwoPart.Published(90, "energy") }, 0);
        grid[0].Append(0, Given.Reading(7, "2026-05-01T00:00+08:00", 10_000_000));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal("5000.000000000", TwoPart.First(grid));
    }

    /// <summary>The energy of a meter that does not measure 3.8.0 is not adjusted: 5 % of 5,000, and 1,000 as they are.</summary>
    [Fact]
    public void Energy_of_other_meters_is_not_adjusted()
    {
        var grid = Metered(Given.Flat() with { PowerFactor = TwoPart.Published(90, "energy") }, 0);
        grid.Execute(0, Given.Meter(8, 1, "2026-04-01T00:00+08:00"));
        grid[0].Append(0, Given.Reading(7, "2026-05-01T00:00+08:00", 10_000_000), TwoPart.Reactive(7, "2026-05-01T00:00+08:00", 7_500_000),
            Given.Reading(8, "2026-05-01T00:00+08:00", 2_000_000));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal("6250.000000000", TwoPart.First(grid));
    }

    /// <summary>A late value of 3.8.0 makes 0.80 of 0.90: 5 % of 5,000, in a correction that names the entry of its day.</summary>
    [Fact]
    public void Late_reactive_energy_changes_a_closed_month()
    {
        var grid = Metered(Given.Flat() with { PowerFactor = TwoPart.Published(90, "energy") }, 0);
        grid[0].Append(0, Given.Reading(7, "2026-04-11T00:00+08:00", 10_000_000), TwoPart.Reactive(7, "2026-04-11T00:00+08:00", 4_843_000),
            Given.Reading(7, "2026-05-01T00:00+08:00", 10_000_000));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal("5000.000000000", TwoPart.First(grid));
        var before = grid[0].Entries.Count;
        grid[0].Append(Given.At("2026-05-05T12:00+08:00"), TwoPart.Reactive(7, "2026-04-12T00:00+08:00", 7_500_000));
        TwoPart.Check(grid, "2026-05-07T12:00+08:00");
        Assert.Equal("5250.000000000", TwoPart.First(grid));
        var corrections = grid[0].Entries.Skip(before).Where(e => e.Kind == EntryKind.Correction).ToList();
        Assert.Equal(-250_000_000_000, corrections.Sum(e => e.Amount.Nano));
        Assert.All(corrections, e => Assert.NotEqual(0, e.CorrectsPosition));
        Assert.Equal(grid.Account(1).Balance, grid.Account(1).LedgerBalance);
    }

    /// <summary>3.8.0 goes on with the meter to its next account and through an exchange, each with its own energy.</summary>
    [Fact]
    public void Reactive_energy_moves_with_its_meter()
    {
        var grid = Metered(Given.Flat() with { PowerFactor = TwoPart.Published(90, "energy") }, 0);
        grid[0].Append(0, Given.Reading(7, "2026-04-11T00:00+08:00", 1_000_000), TwoPart.Reactive(7, "2026-04-11T00:00+08:00", 750_000));
        grid.Execute(0, Given.Open(2, "2026-04-01"));
        Assert.Equal("meter.reactive_invalid",
            grid.Execute(0, new ExchangeMeter(7, 8, Given.At("2026-04-11T00:00+08:00"), 1_000_000, 0, default)).Refusal?.Code.Text);
        Assert.Null(grid.Execute(0, new ExchangeMeter(7, 8, Given.At("2026-04-11T00:00+08:00"), 1_000_000, 50, default, FinalReactiveVarh: 750_000,
            StartReactiveVarh: 100)).Refusal);
        Assert.Null(grid.Execute(0, new ReleaseMeter(8, 2, 0, Given.At("2026-04-21T00:00+08:00"), 2_000_050, ReactiveVarh: 750_100)).Refusal);
        grid[0].Append(0, Given.Reading(8, "2026-05-01T00:00+08:00", 6_000_050), TwoPart.Reactive(8, "2026-05-01T00:00+08:00", 3_750_100));
        grid.Settle();
        foreach (var account in new[] { 1, 2 })
        {
            grid[0].Append(new Check(Given.At("2026-05-04T12:00+08:00"), [account]), Given.At("2026-05-04T12:00+08:00"));
        }

        grid.Settle();
        (long, long) Of(int account) => grid.Account(account).Periods[0].Closed.TwoPart is { } s ? (s.ActiveWh, s.ReactiveVarh) : default;
        Assert.Equal(((3_000_000, 1_500_000), (4_000_000, 3_000_000)), (Of(1), Of(2)));
    }

    /// <summary>
    /// 1.8.0 is read up to the end and 3.8.0 up to the 5th: the four days count on which both are known, 0.80, and not 10,000 by 3,000. Who reads 1.8.0 at the
    /// end reads 3.8.0 too.
    /// </summary>
    [Fact]
    public void Days_behind_the_last_reading_of_a_meter_that_leaves_do_not_count()
    {
        var grid = Metered(Given.Flat() with { PowerFactor = TwoPart.Published(90, "energy") }, 0);
        grid[0].Append(0, Given.Reading(7, "2026-04-05T00:00+08:00", 4_000_000), TwoPart.Reactive(7, "2026-04-05T00:00+08:00", 3_000_000),
            Given.Reading(7, "2026-05-01T00:00+08:00", 10_000_000));
        grid.Settle();
        var end = new ReleaseMeter(7, 0, 0, Given.At("2026-05-01T00:00+08:00"), 10_000_000);
        var refusal = grid.Execute(0, end).Refusal;
        Assert.Equal("meter.reactive_invalid", refusal?.Code.Text);
        Assert.StartsWith("reactiveVarh: ", refusal!.Detail, StringComparison.Ordinal);
        Assert.Equal("meter.reactive_invalid", grid.Execute(0, end with { MeasuresReactive = false }).Refusal?.Code.Text);
        Assert.Null(grid.Execute(0, end with { RegisterWh = null }).Refusal);
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        var sums = grid.Account(1).Periods[0].Closed.TwoPart!;
        Assert.Equal((4_000_000, 3_000_000, 4), (sums.ActiveWh, sums.ReactiveVarh, sums.PairedDays));
        Assert.Equal("5250.000000000", TwoPart.First(grid));
    }

    private static ChargeParts ClosedParts(FoldHarness grid) => grid[0].Entries.Aggregate(default(ChargeParts), (sum, e) => sum + e.Parts);

    private static FoldHarness April(TariffDefinition tariff, long units, (long Wh, long Varh) month)
    {
        var grid = Metered(tariff, units);
        grid[0].Append(0, Given.Reading(7, "2026-05-01T00:00+08:00", month.Wh), TwoPart.Reactive(7, "2026-05-01T00:00+08:00", month.Varh));

        // On the month's last day all of its days are taken; it closes in the new one, whose first day comes with the check of the day before.
        TwoPart.Check(grid, "2026-04-30T23:00+08:00");
        grid.Execute(0, new ReleaseMeter(7, 0, 0, Given.At("2026-05-01T00:00+08:00"), month.Wh, ReactiveVarh: month.Varh));
        grid.Execute(0, new CloseAccount(1, Given.Day("2026-04-30"), "moved"), Given.At("2026-05-01T01:00+08:00"));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        return grid;
    }

    private static FoldHarness Metered(TariffDefinition tariff, long units)
    {
        var grid = new FoldHarness(1, tariff);
        Assert.Null(grid.Execute(0, TwoPart.Open("2026-04-01", units)).Refusal);
        Assert.Null(grid.Execute(0, Given.Meter(7, 1, "2026-04-01T00:00+08:00") with { ReactiveVarh = 0 }).Refusal);
        return grid;
    }
}
