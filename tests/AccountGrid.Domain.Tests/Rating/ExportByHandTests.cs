using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>What exported energy brings, worked out by hand; prices are flat 0.50, peak 0.80 and valley 0.20 a kWh where nothing else is said.</summary>
public sealed class ExportByHandTests
{
    /// <summary>10 kWh × 0.50 = 5.00, less 4 kWh × 0.08 = 0.32.</summary>
    [Fact]
    public void A_feed_in_tariff_credits_each_kWh() =>
        Assert.Equal("4.680000000", Charge(Given.Flat() with { Export = Given.FeedIn("0.08") }, ("2026-03-02T12:00+08:00", 10_000, 4_000)));

    /// <summary>
    /// 5.00 with 13 % is 5.65. The credit of 0.32 has 19 % of its own, 0.0608, and 10 % of it, 0.032, is withheld: 0.32 + 0.0608 - 0.032 = 0.3488.
    /// </summary>
    [Fact]
    public void Its_taxes_are_its_own()
    {
        var tariff = Given.Flat() with
        {
            TaxBasisPoints = 1_300,
            Export = Given.FeedIn("0.08", new ExportTaxDefinition { Name = "VAT", BasisPoints = 1_900 },
                new ExportTaxDefinition { Name = "income tax", BasisPoints = 1_000, Withheld = true }),
        };
        Assert.Equal("5.301200000", Charge(tariff, ("2026-03-02T12:00+08:00", 10_000, 4_000)));
    }

    /// <summary>3 Wh at 0.000001 a kWh are 3 nano units; half of them is 1.5, to even 2. Wh by Wh it would be 0 each time.</summary>
    [Theory]
    [InlineData(1, "-0.000000001")]
    [InlineData(3, "-0.000000005")]
    [InlineData(5, "-0.000000007")]
    public void A_tax_rounds_once_a_period_half_to_even(int wh, string charge)
    {
        var export = Given.FeedIn("0.000001", new ExportTaxDefinition { Name = "tax", BasisPoints = 5_000 });
        Assert.Equal(charge, Charge(Given.Flat() with { Export = export },
            [.. Enumerable.Range(1, wh).Select(i => ($"2026-03-02T{i:00}:00+08:00", 0L, (long)i))]));
    }

    /// <summary>From 17:00 to 19:00 2 kWh go out, 1 of them in the peak from 18:00: 0.08 + 0.30.</summary>
    [Fact]
    public void Prices_can_differ_by_rate()
    {
        var feedIn = new FeedInDefinition { PricePerKwh = "0.08", Prices = new Dictionary<string, string> { ["peak"] = "0.30" } };
        Assert.Equal("-0.380000000", Charge(
            Given.Tou() with { Export = new ExportDefinition { FeedIn = feedIn } }, ("2026-03-02T17:00+08:00", 0, 0), ("2026-03-02T19:00+08:00", 0, 2_000)));
    }

    /// <summary>A price below zero is one that the customer pays: 4 kWh × 0.05.</summary>
    [Fact]
    public void A_price_below_zero_is_paid() =>
        Assert.Equal("0.200000000", Charge(Given.Flat() with { Export = Given.FeedIn("-0.05") }, ("2026-03-02T12:00+08:00", 0, 4_000)));

    /// <summary>
    /// 300 kWh: 150 + 60 × 0.05 = 153 whatever goes out. A levy of 0.02 above 100 kWh is on 200: 4. A feed-in tariff of 0.01 credits 3 of the 157. Netting
    /// 300 kWh
    /// takes 300 × 0.50 off: 3 + 4 are left.
    /// </summary>
    [Theory]
    [InlineData(false, "154.000000000")]
    [InlineData(true, "7.000000000")]
    public void Export_counts_into_no_tier_and_no_levy(bool isNet, string charge)
    {
        var tariff = Given.Flat() with
        {
            Tiers = Given.Tiers(),
            Levies = [new LevyDefinition { Name = "levy", PerKwh = "0.02", AboveWh = 100_000 }],
            Export = isNet ? Given.Net("total", 12) : Given.FeedIn("0.01"),
        };
        Assert.Equal(charge, Charge(tariff, ("2026-03-31T00:00+08:00", 300_000, 300_000)));
    }

    /// <summary>1 kWh goes out in the peak and 2 come in there, 3 in the valley: 1 × 0.80 + 3 × 0.20 = 1.40, taxed 10 %: 1.54.</summary>
    [Fact]
    public void Energy_is_netted_by_rate_and_taxed_on_what_is_left() => Assert.Equal("1.540000000", Charge(
        Given.Tou() with { Export = Given.Net("rate", 12), TaxBasisPoints = 1_000 },
        ("2026-03-02T18:00+08:00", 0, 0), ("2026-03-02T20:00+08:00", 2_000, 1_000), ("2026-03-02T23:00+08:00", 2_000, 1_000),
        ("2026-03-03T02:00+08:00", 5_000, 1_000)));

    /// <summary>
    /// 5 kWh go out in the peak; 1 comes in there and 4 in the valley. By rate 1 × 0.80 is saved and 4 kWh of peak are left: 0.80 is charged. Together the
    /// rates
    /// are netted as they are listed, flat, peak, valley: 1 + 4 kWh, nothing is charged. By worth 5 × 0.80 = 4.00 pays 0.80 + 0.80 and leaves 2.40.
    /// </summary>
    [Theory]
    [InlineData("rate", "0.800000000", 4_000L)]
    [InlineData("total", "0.000000000", null)]
    [InlineData("value", "0.000000000", 2_400_000_000L)]
    public void Netting_is_by_rate_together_or_by_worth(string per, string charge, long? left)
    {
        var grid = Of(Given.Tou() with { Export = Given.Net(per, 12) });
        Feed(grid, ("2026-03-02T18:00+08:00", 0, 0), ("2026-03-02T20:00+08:00", 1_000, 5_000), ("2026-03-02T23:00+08:00", 1_000, 5_000),
            ("2026-03-03T03:00+08:00", 5_000, 5_000));
        Assert.Equal(charge, Text(grid));
        var account = grid.Account(1);
        var net = account.TariffByNumber(1).Export!.Net(account.Periods[0].Live.ByRate, default);
        Assert.Equal(left, per == "value" ? net.Left![0] : net.Left?.Sum());
    }

    /// <summary>The levy in the price is on all that is imported: 2 kWh × 0.52, less 1 kWh × 0.50.</summary>
    [Fact]
    public void Levies_are_not_netted() => Assert.Equal("0.540000000", Charge(
        Given.Flat() with { LevyPerKwh = "0.02", Export = Given.Net("total", 12) }, ("2026-03-02T12:00+08:00", 2_000, 1_000)));

    /// <summary>
    /// March leaves 8 of 10 kWh. April takes 5 of them and leaves 3, which expire or are paid 0.04 each, once anything is known of May.
    /// </summary>
    [Theory]
    [InlineData("0", "0.000000000", "0.500000000")]
    [InlineData("0.04", "0.000000000", "0.380000000")]
    public void What_is_left_is_carried_until_it_is_settled(string rest, string before, string after)
    {
        var grid = Of(Given.Flat() with { Export = Given.Net("total", 4, rest) });
        Feed(grid, ("2026-03-31T00:00+08:00", 2_000, 10_000), ("2026-04-01T00:00+08:00", 2_000, 10_000), ("2026-05-01T00:00+08:00", 7_000, 10_000));
        Assert.Equal(before, Text(grid));
        Feed(grid, ("2026-05-01T01:00+08:00", 8_000, 10_000));
        Assert.Equal(after, Text(grid));
    }

    /// <summary>April, the month of the settlement, has nothing: what March left is settled all the same, and May begins without.</summary>
    [Fact]
    public void A_settlement_in_a_month_without_readings_holds()
    {
        var grid = Of(Given.Flat() with { Export = Given.Net("total", 4, "0.04") });
        Feed(grid, ("2026-03-31T00:00+08:00", 2_000, 10_000), ("2026-05-01T00:00+08:00", 2_000, 10_000), ("2026-05-01T01:00+08:00", 3_000, 10_000));

        // 1 kWh × 0.50, less 8 × 0.04.
        Assert.Equal("0.180000000", Text(grid));
    }

    /// <summary>Late export of March, closed long ago, goes into April: what it had to pay is given back, and stands in April.</summary>
    [Fact]
    public void Late_export_is_carried_into_months_that_are_closed()
    {
        var grid = Of(Given.Flat() with { Export = Given.Net("total", 12) });
        grid[0].Append(0, Given.Reading(7, "2026-03-31T00:00+08:00", 1_000), Given.Reading(7, "2026-04-01T00:00+08:00", 1_000),
            Given.Reading(7, "2026-04-20T00:00+08:00", 5_000), Given.Export(7, "2026-04-20T00:00+08:00", 6_000));
        Close(grid, "2026-04-25T00:00+08:00");

        // Of 50 days, 31 are March's: 6,000 × 31 / 50 = 3,720 Wh net 1,000 of March and leave 2,720; April nets 4,000 with 2,280 + 2,720.
        Assert.Equal("0.000000000", Text(grid));
        var before = grid[0].Entries.Count;
        grid[0].Append(Given.At("2026-04-26T00:00+08:00"), Given.Export(7, "2026-04-01T00:00+08:00", 500));
        Close(grid, "2026-04-28T00:00+08:00");

        // March nets 500 of 1,000: 0.25. April's 5,500 net all of its 4,000.
        Assert.Equal("0.250000000", Text(grid));
        Assert.Equal(grid.Account(1).Balance, grid.Account(1).LedgerBalance);
        Assert.All(grid[0].Entries.Skip(before), e => Assert.Equal("correction", e.Kind.ToString().ToLowerInvariant()));
        Assert.Equal(-0.25m, grid[0].Entries.Sum(e => (decimal)e.Amount.Nano) / Money.NanoPerUnit);
    }

    /// <summary>A version of the same product goes on with what is left, wherever it lists the rate; another product does not.</summary>
    [Theory]
    [InlineData(true, "0.000000000")]
    [InlineData(false, "0.800000000")]
    public void Versions_go_on_with_what_is_left(bool isSame, string charge)
    {
        var first = Given.Tariff("Asia/Shanghai", ("flat", "0.50"), ("valley", "0.20")) with { Export = Given.Net("rate", 12) };
        var second = Given.Tariff("Asia/Shanghai", ("new", "0.90"), ("valley", "0.10"), ("flat", "0.40")) with
        {
            Id = isSame ? first.Id : "other",
            Version = 2,
            Schedule = [new RateRule { Rate = "flat", From = "00:00", To = "24:00" }],
            Export = Given.Net("rate", 12),
        };
        var grid = new FoldHarness(1, first, second);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.ExportMeter(7, 1, "2026-03-01T00:00+08:00"));
        Feed(grid, ("2026-03-31T00:00+08:00", 0, 10_000));
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-04-01"))).Refusal);
        Feed(grid, ("2026-04-01T00:00+08:00", 0, 10_000), ("2026-04-02T00:00+08:00", 2_000, 10_000));
        Assert.Equal(charge, Text(grid));
    }

    /// <summary>
    /// A version that begins in mid-month splits it: export of its second half is not taken off what came in before. 10 kWh × 0.50 in the first half; 10 kWh
    /// that
    /// go out in the second are left.
    /// </summary>
    [Fact]
    public void A_version_within_a_month_splits_it()
    {
        var first = Given.Flat() with { Export = Given.Net("total", 12) };
        var grid = new FoldHarness(1, first, first with { Version = 2 });
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.ExportMeter(7, 1, "2026-03-01T00:00+08:00"));
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-16"))).Refusal);
        Feed(grid, ("2026-03-16T00:00+08:00", 10_000, 0), ("2026-03-17T00:00+08:00", 10_000, 10_000), ("2026-04-02T00:00+08:00", 14_000, 10_000));
        Assert.Equal("5.000000000", Text(grid));
    }

    /// <summary>The import of a meter that does not measure export is not netted: 2 kWh × 0.50.</summary>
    [Fact]
    public void Other_meters_are_not_netted()
    {
        var grid = Of(Given.Flat() with { Export = Given.Net("total", 12) });
        grid.Execute(0, Given.Meter(8, 1, "2026-03-01T00:00+08:00"));
        grid[0].Append(0, Given.Export(7, "2026-03-02T00:00+08:00", 9_000), Given.Reading(8, "2026-03-02T00:00+08:00", 2_000));
        grid.Settle();
        Assert.Equal("1.000000000", Text(grid));
    }

    /// <summary>Rate registers and 2.8.0: 1.8.1 counts 2 kWh of peak, and 1 that goes out at 19:00 is taken off it.</summary>
    [Fact]
    public void Rate_registers_are_netted_too()
    {
        var grid = new FoldHarness(1, Given.Registers() with { Export = Given.Net("rate", 12) });
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.RateMeter(7, 1, "2026-03-02T18:00+08:00", 0, 0, 0) with { ExportWh = 0 });
        grid[0].Append(0, Given.Rate(7, 1, "2026-03-02T20:00+08:00", 2_000), Given.Export(7, "2026-03-02T20:00+08:00", 1_000));
        grid.Settle();
        Assert.Equal("0.800000000", Text(grid));
    }

    /// <summary>The account's last day settles what is left: 8 kWh × 0.04 are paid, though the settlement's date is far.</summary>
    [Fact]
    public void The_last_day_settles_what_is_left()
    {
        var grid = Of(Given.Flat() with { Export = Given.Net("total", 12, "0.04") });
        Feed(grid, ("2026-03-10T00:00+08:00", 2_000, 10_000));
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 0, 0, Given.At("2026-03-10T00:00+08:00"), 2_000, null, null, 10_000)).Accepted);
        Close(grid, "2026-03-15T00:00+08:00");
        Assert.Equal("0.000000000", Text(grid));
        Assert.Null(grid.Execute(0, new CloseAccount(1, Given.Day("2026-03-12"), "moved"), Given.At("2026-03-15T00:00+08:00")).Refusal);
        Assert.Equal("-0.320000000", Text(grid));
        Assert.Equal("0.320000000", grid.Account(1).LedgerBalance.ToString());
    }

    /// <summary>
    /// A Californian time-of-use plan with net metering, rebuilt from public figures: prices of PG&amp;E's plan E-TOU-B of 2024, summer peak 0.60370 and
    /// off-peak
    /// 0.48064, winter peak 0.46706 and off-peak 0.42826 a kWh, peak from 16:00 to 21:00 (pge.com, Electric Rates, schedule E-TOU-B); of them 0.03 are taken as
    /// non-bypassable charges, which net metering leaves on each imported kWh ("two to three cents", CPUC decision 16-01-044). Each exported kWh is worth its
    /// period's price without them, credits pay energy charges and go into later months, at the year's true-up unused ones are reset to zero, and a net surplus
    /// of kWh is paid about 0.04 each (pge.com, "Net Energy Metering True-up Statement").
    /// </summary>
    [Fact]
    public void A_Californian_year_of_net_metering()
    {
        var grid = new FoldHarness(1, California());
        grid.Execute(0, Given.Open(1, "2026-07-01"));
        grid.Execute(0, Given.ExportMeter(7, 1, "2026-07-01T00:00-07:00"));

        // July. 100 kWh in at peak and 40 out, 60 in off-peak and 200 out. In: 100 × 0.57370 + 60 × 0.45064 = 57.37 + 27.0384 = 84.4084. Out: 40 × 0.57370 +
        // 200 × 0.45064 = 22.948 + 90.128 = 113.076, which pays all of it and leaves 28.6676. What is left to pay is 160 × 0.03 = 4.80.
        Feed(grid, ("2026-07-10T16:00-07:00", 0, 0), ("2026-07-10T21:00-07:00", 100_000, 40_000), ("2026-07-11T16:00-07:00", 160_000, 240_000),
            ("2026-08-01T00:00-07:00", 160_000, 240_000));
        Assert.Equal("4.800000000", Text(grid));

        // December. 50 kWh in at peak, 150 off-peak, 30 out off-peak: in 50 × 0.43706 + 150 × 0.39826 = 21.853 + 59.739 = 81.592; out 30 × 0.39826 = 11.9478,
        // with 28.6676 of July's 40.6154: 40.9766 and 200 × 0.03 = 6 are to pay; together with July 51.7766.
        Feed(grid, ("2026-12-10T16:00-08:00", 160_000, 240_000), ("2026-12-10T21:00-08:00", 210_000, 240_000),
            ("2026-12-11T16:00-08:00", 360_000, 270_000), ("2027-01-01T00:00-08:00", 360_000, 270_000));
        Assert.Equal("51.776600000", Text(grid));

        // April. 500 kWh out off-peak are worth 199.13 and pay nothing, as nothing comes in. At the true-up behind June they lapse; 770 kWh went out in the
        // year
        // and 360 came in, so that 410 × 0.04 = 16.40 are paid: 35.3766.
        Feed(grid, ("2027-04-10T00:00-07:00", 360_000, 270_000), ("2027-04-10T12:00-07:00", 360_000, 770_000), ("2027-07-01T00:00-07:00", 360_000, 770_000));
        Assert.Equal("51.776600000", Text(grid));
        Feed(grid, ("2027-07-01T01:00-07:00", 360_000, 770_001));
        Assert.Equal("35.376600000", Text(grid));
    }

    private static TariffDefinition California() => new()
    {
        Id = "e-tou",
        Currency = "USD",
        Zone = "America/Los_Angeles",
        LevyPerKwh = "0.03",
        Rates = [new("winter-off", "0.39826"), new("winter-peak", "0.43706"), new("summer-off", "0.45064"), new("summer-peak", "0.57370")],
        Schedule =
        [
            new RateRule { Rate = "summer-peak", From = "16:00", To = "21:00", SeasonFrom = "06-01", SeasonTo = "09-30" },
            new RateRule { Rate = "summer-off", From = "21:00", To = "16:00", SeasonFrom = "06-01", SeasonTo = "09-30" },
            new RateRule { Rate = "winter-peak", From = "16:00", To = "21:00", SeasonFrom = "10-01", SeasonTo = "05-31" },
        ],
        Export = Given.Net("value", 6, "0.04"),
    };

    private static FoldHarness Of(TariffDefinition tariff)
    {
        var grid = new FoldHarness(1, tariff);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.ExportMeter(7, 1, "2026-03-01T00:00+08:00"));
        return grid;
    }

    private static string Charge(TariffDefinition tariff, params (string At, long ImportWh, long ExportWh)[] readings)
    {
        var grid = Of(tariff);
        Feed(grid, readings);
        return Text(grid);
    }

    private static void Feed(FoldHarness grid, params (string At, long ImportWh, long ExportWh)[] readings)
    {
        foreach (var (at, import, export) in readings)
        {
            grid[0].Append(0, Given.Reading(7, at, import), Given.Export(7, at, export));
        }

        grid.Settle();
    }

    private static void Close(FoldHarness grid, string at)
    {
        grid[0].Append(new Domain.Commands.Check(Given.At(at), [1]), Given.At(at));
        grid.Settle();
    }

    private static string Text(FoldHarness grid) => (-grid.Account(1).Balance).ToString();
}
