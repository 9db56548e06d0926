using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Charges by prices of intervals, worked out by hand.</summary>
public sealed class DynamicByHandTests
{
    /// <summary>
    /// The dearest and the cheapest hour of August 2025 in the German day-ahead auction, 283.89 EUR a MWh in hour 20 of the 14th and -61.08 in hour 13 of the
    /// 10th; all other hours at the month's mean of 76.99 (energycharts.enerchase.de, review of the spot market of August 2025). On top a supplier's 2.00 ct,
    /// 9.00 ct for the network and, by name, electricity tax of 2.05 ct (StromStG, section 3) and the network levies of 2025: KWKG 0.277 ct, offshore 0.816 ct,
    /// special use of the network 1.558 ct (netztransparenz.de). VAT of 19 % on all of it, also where the energy is credited.
    /// </summary>
    [Fact]
    public void Two_days_of_a_German_dynamic_tariff()
    {
        var grid = new DynamicGrid("2025-08-10T00:00+02:00", DynamicGrid.Tariff(surcharge: "0.02", floor: "-0.5", cap: "4") with
        {
            Rates = [new("network", "0.09")],
            Levies =
            [
                new LevyDefinition { Name = "Stromsteuer", PerKwh = "0.0205" }, new LevyDefinition { Name = "KWKG", PerKwh = "0.00277" },
                new LevyDefinition { Name = "Offshore", PerKwh = "0.00816" }, new LevyDefinition { Name = "StromNEV 19", PerKwh = "0.01558" },
            ],
            Taxes = [new TaxDefinition { Name = "USt", BasisPoints = 1_900 }],
        });
        var days = grid.Whole("2025-08-10", 5, _ => 76_990);
        days.RemoveAll(p => (p.Day == Given.Day("2025-08-10") && p.Index == 12) || (p.Day == Given.Day("2025-08-14") && p.Index == 19));
        days.AddRange(DynamicGrid.Of("2025-08-10", 12, -61_080));
        days.AddRange(DynamicGrid.Of("2025-08-14", 19, 283_890));
        grid.Publish("2025-08-09T13:00+02:00", days);

        // 10 August: 1 kWh until 12:00, 3 kWh from 12:00 to 13:00, 2 kWh until midnight.
        grid.Use("2025-08-10T12:00+02:00", 0);
        grid.Use("2025-08-10T13:00+02:00", 3_000);
        grid.Settle();

        // 3 kWh at -0.06108 + 0.02 + 0.09 = 0.04892: 0.14676. Levies of 0.04701 a kWh: 0.14103. Together 0.28779, VAT 0.0546801.
        Assert.Equal("-0.342470100", grid.Balance);
        grid.Use("2025-08-10T14:00+02:00", 500);
        grid.Settle();

        // 0.5 kWh at 0.07699 + 0.11 = 0.18699: 0.093495. Levies on 3.5 kWh: 0.164535. 0.14676 + 0.093495 + 0.164535 = 0.40479, VAT 0.0769101.
        Assert.Equal("-0.481700100", grid.Balance);
        grid.Use("2025-08-14T19:00+02:00", 0);
        grid.Use("2025-08-14T20:00+02:00", 2_000);
        grid.Settle();

        // 2 kWh at 0.28389 + 0.11 = 0.39389: 0.78778. Levies on 5.5 kWh: 0.258555. Energy 0.240255 + 0.78778 = 1.028035; with levies 1.28659, VAT 0.2444521.
        Assert.Equal("-1.531042100", grid.Balance);
    }

    /// <summary>-500 EUR a MWh, the German day-ahead price of 2 July 2023 from 14:00 to 15:00 (EPEX SPOT, reported by eep-consulting.com).</summary>
    [Theory]
    [InlineData(-500_000, "-0.50", "1", "1", "0", "0.500000000")]
    [InlineData(-500_000, "-0.10", "1", "1", "0", "0.100000000")]
    [InlineData(-500_000, "0", "1", "1", "0", "0.000000000")]
    [InlineData(-500_000, "-0.50", "1", "1", "0.03", "0.470000000")]
    [InlineData(-500_000, "-1", "1", "1.19", "0.03", "0.565000000")]
    [InlineData(936_280, "-0.50", "0.40", "1", "0", "-0.400000000")]
    [InlineData(936_280, "-0.50", "0.40", "0", "0.25", "-0.250000000")]
    public void Price_times_factor_and_surcharge_lies_between_floor_and_cap(
        long micro, string floor, string cap, string factor, string surcharge, string balance)
    {
        foreach (var packs in new[] { true, false })
        {
            var grid = new DynamicGrid("2023-07-02T14:00+02:00", DynamicGrid.Tariff(60, factor, surcharge, floor, cap), packs);
            grid.Publish("2023-07-01T13:00+02:00", DynamicGrid.Of("2023-07-02", 14, micro));
            grid.Use("2023-07-02T14:30+02:00", 400);
            grid.Use("2023-07-02T15:00+02:00", 600);
            grid.Settle();
            Assert.Equal(balance, grid.Balance);
        }
    }

    /// <summary>Price times factor is rounded once, half to even at the sixth decimal: 0.000005 × 0.5 is 0.000002, 0.000007 × 0.5 is 0.000004.</summary>
    [Theory]
    [InlineData(5, "-0.000002000")]
    [InlineData(7, "-0.000004000")]
    [InlineData(-5, "0.000002000")]
    public void The_product_rounds_half_to_even(long micro, string balance)
    {
        var grid = new DynamicGrid("2023-07-02T14:00+02:00", DynamicGrid.Tariff(60, "0.5"));
        grid.Publish("2023-07-01T13:00+02:00", DynamicGrid.Of("2023-07-02", 14, micro));
        grid.Use("2023-07-02T15:00+02:00", 1_000);
        grid.Settle();
        Assert.Equal(balance, grid.Balance);
    }

    /// <summary>
    /// Days of 23 and 25 hours: interval n costs n thousandths. With 1 kWh an hour: 0 + 1 + ... + 22 = 253, and 0 + ... + 24 = 300. By the
    /// quarter of an hour with 1 kWh each: 0 + ... + 91 = 4,186, and 0 + ... + 99 = 4,950.
    /// </summary>
    [Theory]
    [InlineData("2026-03-29", "+01:00", 60, "-0.253000000")]
    [InlineData("2026-10-25", "+02:00", 60, "-0.300000000")]
    [InlineData("2026-03-29", "+01:00", 15, "-4.186000000")]
    [InlineData("2026-10-25", "+02:00", 15, "-4.950000000")]
    public void Each_interval_of_a_day_on_which_clocks_change_has_its_price(string day, string offset, int resolution, string balance)
    {
        var grid = new DynamicGrid($"{day}T00:00{offset}", DynamicGrid.Tariff(resolution));
        grid.Publish($"{day}T00:00{offset}", grid.Whole(day, 1, i => i * 1_000));
        var count = grid.Series.CountOf(Given.Day(day));
        for (var i = 1; i <= count; i++)
        {
            grid.Use(Instants.ToText(grid.Series.StartOf(Given.Day(day), i)), 1_000);
        }

        grid.Settle();
        Assert.Equal(balance, grid.Balance);
        grid.Check(Instants.ToText(grid.Series.StartOf(Given.Day(day) + 2, 12)));
        grid.Grid[0].Flush();
        var row = Assert.Single(grid.Grid[0].AllDays(7));
        Assert.Equal(Enumerable.Repeat(1_000L, count), row.RateWh);
        Assert.Equal(1, row.PricesThrough);
        Assert.Equal(grid.Balance, grid.Account.LedgerBalance.ToString());
    }

    /// <summary>
    /// A reading over 3 hours, with nothing known of the meter's use by hour, is spread evenly: 1,000 Wh are 333, 333 and 334 at 1, 2 and 3. Over part of an
    /// interval its part counts: from 12:30 to 14:00 a third lies before 13:00.
    /// </summary>
    [Theory]
    [InlineData("2026-06-10T12:00+02:00", 1_000, "-2.001000000")]
    [InlineData("2026-06-10T12:30+02:00", 900, "-1.980000000")]
    public void A_reading_over_several_intervals_is_spread(string start, long wh, string balance)
    {
        var grid = new DynamicGrid(start);
        grid.Publish("2026-06-09T13:00+02:00", DynamicGrid.Of("2026-06-10", 12, 1_000_000, 2_000_000, 3_000_000));
        grid.Use("2026-06-10T15:00+02:00", wh);
        grid.Settle();
        Assert.Equal(balance, grid.Balance);
    }

    /// <summary>A network charge by time of use on top, and a levy in the price: 0.30 + 0.10 + 0.02 by day, 0.30 + 0.04 + 0.02 at night.</summary>
    [Fact]
    public void Rates_by_schedule_and_the_levy_come_on_top()
    {
        var tariff = DynamicGrid.Tariff() with
        {
            Rates = [new("day", "0.10"), new("night", "0.04")],
            Schedule = [new RateRule { Rate = "night", From = "22:00", To = "06:00" }],
            LevyPerKwh = "0.02",
        };
        var grid = new DynamicGrid("2026-06-10T20:00+02:00", tariff);
        grid.Publish("2026-06-09T13:00+02:00", grid.Whole("2026-06-10", 1, _ => 300_000));
        grid.Use("2026-06-10T21:00+02:00", 1_000);
        grid.Use("2026-06-10T22:00+02:00", 0);
        grid.Use("2026-06-10T23:00+02:00", 1_000);
        grid.Settle();
        Assert.Equal("-0.780000000", grid.Balance);
    }

    /// <summary>
    /// 1 kWh an hour at 0.10, but for two hours a day at -0.05: a day costs 22 × 0.10 - 2 × 0.05 = 2.10. After three of them 10.50 less 6.30 is 4.20, two days'
    /// worth by prices that are known; without any for the days to come they cost the month's average, 2.10 / 24 = 0.0875, the same.
    /// </summary>
    [Theory]
    [InlineData(40)]
    [InlineData(3)]
    public void A_balance_lasts_by_known_prices_and_by_the_average_beyond_them(int days)
    {
        var grid = new DynamicGrid("2026-06-01T00:00+02:00", mode: PaymentMode.Prepaid);
        grid.Publish("2026-05-31T13:00+02:00", grid.Whole("2026-06-01", days, i => i is 12 or 13 ? -50_000 : 100_000));
        grid.Grid.Execute(0, Given.Pay(1, "10.50"), Given.At("2026-06-01T00:00+02:00"));
        for (var hour = 1; hour <= 72; hour++)
        {
            grid.Use(Instants.ToText(Given.At("2026-06-01T00:00+02:00") + (hour * Instants.MsPerHour)), 1_000);
        }

        grid.Settle();
        Assert.Equal("4.200000000", grid.Balance);
        Assert.Equal(20, BalanceForecast.Of(grid.Account, null, Given.At("2026-06-04T00:00+02:00"))?.TenthsOfDaysLeft());
    }

    [Theory]
    [InlineData("dynamic.series", "a b")]
    [InlineData("dynamic.factor", "-1")]
    [InlineData("dynamic.factor", "1000.000001")]
    [InlineData("dynamic.surchargePerKwh", "x")]
    [InlineData("dynamic.floorPerKwh", "11")]
    [InlineData("dynamic.capPerKwh", "10000001")]
    [InlineData("dynamic.resolutionMinutes", "30")]
    [InlineData("schedule", "00:30 to 01:00")]
    public void A_tariff_that_is_wrong_is_refused_with_the_field(string field, string value)
    {
        var good = DynamicGrid.Tariff() with { Rates = [new("a", "0"), new("b", "1")] };
        Assert.NotNull(TariffCompiler.Compile(1, good).Tariff);
        var d = good.Dynamic!;
        var refusal = TariffCompiler.Compile(1, good with
        {
            Schedule = field == "schedule" ? [new RateRule { Rate = "b", From = "00:30", To = "01:00" }] : [],
            Dynamic = field switch
            {
                "dynamic.series" => d with { Series = value },
                "dynamic.factor" => d with { Factor = value },
                "dynamic.surchargePerKwh" => d with { SurchargePerKwh = value },
                "dynamic.floorPerKwh" => d with { FloorPerKwh = value },
                "dynamic.capPerKwh" => d with { CapPerKwh = value },
                "dynamic.resolutionMinutes" => d with { ResolutionMinutes = 30 },
                _ => d,
            },
        }).Refusal;
        Assert.StartsWith($"{field}: '{value}' is not ", refusal?.Detail, StringComparison.Ordinal);
    }

    /// <summary>At a floor of -2 and a cap of 1 with a rate of 0.5 a kWh costs at most 2.5 on either side: a billion is 400,000,000 kWh.</summary>
    [Fact]
    public void The_largest_difference_follows_from_floor_and_cap() => Assert.Equal(
        400_000_000_000, TariffCompiler.Compile(1, DynamicGrid.Tariff(floor: "-2", cap: "1") with { Rates = [new("network", "0.5")] }).Tariff!.DifferenceMaxWh);
}
