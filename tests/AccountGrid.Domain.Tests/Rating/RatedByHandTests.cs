using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Bills worked out by hand, the arithmetic beside each.</summary>
public sealed class RatedByHandTests
{
    [Fact]
    public void A_flat_tariff_costs_energy_times_price()
    {
        // 12.345 kWh × 0.4883 = 6.0280635
        Assert.Equal("6.028063500", Charge(Given.Flat("0.4883"), ("2026-03-01T00:00+08:00", 0), ("2026-03-01T10:00+08:00", 12_345)));
    }

    [Fact]
    public void Tiers_surcharge_what_lies_above_their_border()
    {
        // 450 kWh in March at 0.4883: 450 × 0.4883 = 219.735; 160 kWh (240 to 400) × 0.05 = 8; 50 kWh × 0.30 = 15; together 242.735.
        var tariff = Given.Flat("0.4883") with { Tiers = Given.Tiers() };
        Assert.Equal("242.735000000",
            Charge(tariff, ("2026-03-01T00:00+08:00", 0), ("2026-03-10T00:00+08:00", 239_999), ("2026-03-20T00:00+08:00", 240_001),
                ("2026-03-31T00:00+08:00", 450_000)));
    }

    [Fact]
    public void Tier_counters_begin_again_with_the_month()
    {
        // 300 kWh by 1 April 00:00 local: 150 + 60 × 0.05 = 153. 100 kWh after it: 50. Together 203.
        var tariff = Given.Flat() with { Tiers = Given.Tiers() };
        Assert.Equal("203.000000000", Charge(tariff, ("2026-03-01T00:00+08:00", 0), ("2026-04-01T00:00+08:00", 300_000), ("2026-04-02T00:00+08:00", 400_000)));
    }

    [Fact]
    public void Yearly_tiers_count_over_months()
    {
        // 400 kWh over March and April: 200 + 160 × 0.05 = 208; monthly tiers would have cost 203.
        var tariff = Given.Flat() with { Tiers = Given.Tiers("year") };
        Assert.Equal("208.000000000", Charge(tariff, ("2026-03-01T00:00+08:00", 0), ("2026-04-01T00:00+08:00", 300_000), ("2026-04-02T00:00+08:00", 400_000)));
    }

    /// <summary>Tiers of a year count months of their own only: 100 kWh each of January to March are not in them, nor is January alone.</summary>
    [Theory]
    [InlineData("2026-02-01", "225.000000000")]
    [InlineData("2026-04-01", "200.000000000")]
    public void Yearly_tiers_that_begin_in_mid_year_count_from_there(string from, string charge)
    {
        var month = Given.Flat() with { Id = "m", Tiers = new TierDefinition { Per = "month", Steps = [new TierStep(1_000_000, "0.30")] } };
        var year = Given.Flat() with { Id = "y", Tiers = new TierDefinition { Per = "year", Steps = [new TierStep(250_000, "0.50")] } };
        var grid = new FoldHarness(1, month, year);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.Meter(7, 1, "2026-01-01T00:00+08:00"));
        string[] months = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"];
        for (var i = 1; i < months.Length; i++)
        {
            if (months[i] == from)
            {
                Assert.Null(grid.Execute(0, new Domain.Commands.ChangeTariff(1, 2, Given.Day(from))).Refusal);
            }

            grid[0].Append(0, Given.Reading(7, $"{months[i]}T00:00+08:00", i * 100_000));
            grid.Settle();
        }

        Assert.Equal(charge, Given.Text(-grid.Account(1).Balance));
    }

    [Fact]
    public void Time_of_use_prices_each_window()
    {
        // 06:00-07:00 1 kWh valley 0.20; 07:00-18:00 11 kWh flat 5.50; 18:00-21:00 3 kWh peak 2.40; 21:00-23:00 2 kWh flat 1.00: 9.10
        Assert.Equal(
            "9.100000000",
            Charge(Given.Tou(), ("2026-03-02T06:00+08:00", 0), ("2026-03-02T07:00+08:00", 1_000), ("2026-03-02T18:00+08:00", 12_000),
                ("2026-03-02T21:00+08:00", 15_000), ("2026-03-02T23:00+08:00", 17_000)));
    }

    [Fact]
    public void A_border_inside_an_interval_splits_it_by_time()
    {
        // 17:30 to 18:30, 1001 Wh: floor(1001 × 30/60) = 500 Wh flat = 0.25, the other 501 Wh peak = 0.4008; together 0.6508.
        Assert.Equal("0.650800000", Charge(Given.Tou(), ("2026-03-02T17:30+08:00", 0), ("2026-03-02T18:30+08:00", 1_001)));
    }

    [Fact]
    public void Tiers_and_time_of_use_together_add_up()
    {
        // 250 kWh, all in the valley hours 23:00 to 07:00 of eight nights is one difference each; 250 × 0.20 = 50 + 10 × 0.05 = 0.50.
        var points = new List<(string, long)> { ("2026-03-01T23:00+08:00", 0) };
        for (var night = 1; night <= 5; night++)
        {
            points.Add(($"2026-03-{night + 1:00}T07:00+08:00", night * 50_000));
            points.Add(($"2026-03-{night + 1:00}T23:00+08:00", night * 50_000));
        }

        Assert.Equal("50.500000000", Charge(Given.Tou() with { Tiers = Given.Tiers() }, [.. points]));
    }

    [Fact]
    public void A_day_of_23_hours_has_its_night_cut_short()
    {
        // Berlin, 29 March 2026: clocks go from 02:00 to 03:00. Valley 23:00-07:00: from 00:00 to 07:00 local are 6 hours.
        // 7 kWh from 00:00 to 08:00 local (7 hours real): 6 kWh valley 1.20 + 1 kWh flat 0.50 = 1.70.
        Assert.Equal("1.700000000", Charge(Given.Tou("Europe/Berlin"), ("2026-03-29T00:00+01:00", 0), ("2026-03-29T08:00+02:00", 7_000)));
    }

    [Fact]
    public void A_day_of_25_hours_has_its_hour_twice()
    {
        // Berlin, 25 October 2026: 00:00 to 08:00 local are 9 hours, of which 8 are valley: 9 kWh = 8 × 0.20 + 1 × 0.50 = 2.10.
        Assert.Equal("2.100000000", Charge(Given.Tou("Europe/Berlin"), ("2026-10-25T00:00+02:00", 0), ("2026-10-25T08:00+01:00", 9_000)));
    }

    [Fact]
    public void A_leap_day_belongs_to_february()
    {
        // 29 February 2028: 300 kWh in February (3 surcharge), then 100 kWh on 1 March begin a new count: 150 + 3 + 50 = 203.
        var tariff = Given.Flat() with { Tiers = Given.Tiers() };
        Assert.Equal("203.000000000", Charge(tariff, ("2028-02-28T00:00+08:00", 0), ("2028-03-01T00:00+08:00", 300_000), ("2028-03-01T12:00+08:00", 400_000)));
    }

    [Fact]
    public void Seasons_and_day_types_choose_the_rate()
    {
        // Saturday 14 Feb 2026 is a moved workday, Sunday 15 Feb a weekend, 17 Feb a holiday; winter peak applies from December to February only.
        var tariff = Given.Tariff("Asia/Shanghai", ("flat", "0.50"), ("winter-peak", "1.00"), ("weekend", "0.30"), ("holiday", "0.10")) with
        {
            Calendar = new CalendarDefinition { Holidays = [new DateOnly(2026, 2, 17)], MovedWorkdays = [new DateOnly(2026, 2, 14)] },
            Schedule =
            [
                new RateRule { Rate = "holiday", Days = ["holiday"] },
                new RateRule { Rate = "weekend", Days = ["weekend"] },
                new RateRule { Rate = "winter-peak", From = "18:00", To = "20:00", SeasonFrom = "12-01", SeasonTo = "02-28" },
            ],
        };
        // 1 kWh at 18:00-19:00 each: Sat (moved workday) 1.00, Sun 0.30, Tue holiday 0.10, Mon 2 March (season over) 0.50.
        Assert.Equal("1.000000000", Charge(tariff, ("2026-02-14T18:00+08:00", 0), ("2026-02-14T19:00+08:00", 1_000)));
        Assert.Equal("0.300000000", Charge(tariff, ("2026-02-15T18:00+08:00", 0), ("2026-02-15T19:00+08:00", 1_000)));
        Assert.Equal("0.100000000", Charge(tariff, ("2026-02-17T18:00+08:00", 0), ("2026-02-17T19:00+08:00", 1_000)));
        Assert.Equal("0.500000000", Charge(tariff, ("2026-03-02T18:00+08:00", 0), ("2026-03-02T19:00+08:00", 1_000)));
    }

    [Fact]
    public void Levies_do_not_float_and_tax_rounds_once_on_the_sum()
    {
        // 1 Wh valley and 2 Wh peak with a levy of 0.027: 1 × 0.227 + 2 × 0.827 = 1.881 thousandths; 13 % = 0.24453 thousandths: 0.002125530 to the nano,
        // exactly.
        var tariff = Given.Tou() with { LevyPerKwh = "0.027", TaxBasisPoints = 1300 };
        Assert.Equal("0.002125530",
            Charge(tariff, ("2026-03-02T06:59+08:00", 0), ("2026-03-02T07:00+08:00", 1), ("2026-03-02T18:00+08:00", 1), ("2026-03-02T18:01+08:00", 3)));
    }

    [Fact]
    public void Household_allowances_and_free_units_shift_the_tiers()
    {
        // Five persons, base four, 100 kWh more: steps at 340 and 500. 400 kWh: 200 + 60 × 0.05 = 203; protected with 15 kWh free at 0.50: − 7.50 = 195.50.
        var tiers = Given.Tiers() with { HouseholdBase = 4, ExtraWhPerPerson = 100_000, ProtectedFreeWh = 15_000, FreePricePerKwh = "0.50" };
        var (tariff, _) = TariffCompiler.Compile(1, Given.Flat() with { Tiers = tiers });
        Assert.Equal("3.000000000", tariff!.Tiers.Surcharge(new Energy(400_000), new(new Household(5, false), 0, 0)).ToString());
        Assert.Equal("-4.500000000", tariff.Tiers.Surcharge(new Energy(400_000), new(new Household(5, true), 0, 0)).ToString());
        Assert.Equal("8.000000000", tariff.Tiers.Surcharge(new Energy(400_000), new(new Household(4, false), 0, 0)).ToString());
    }

    [Fact]
    public void A_standing_charge_is_taken_for_each_day_that_has_begun()
    {
        // 0.30 a day from 1 March; checked on 3 March 12:00 local: three days, 0.90.
        var grid = new FoldHarness(1, Given.Flat() with { StandingPerDay = "0.30" });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid[0].Append(new Check(Given.At("2026-03-03T12:00+08:00"), [1]), Given.At("2026-03-03T12:00+08:00"));
        grid.Settle();
        Assert.Equal("-0.900000000", grid.Account(1).Balance.ToString());
        Assert.Equal("-0.900000000", grid[0].Entries.Single().Amount.ToString());
        Assert.Equal(Given.At("2026-03-04T00:00+08:00") / 86_400_000, grid[0].DueOf(1) / 86_400_000);
    }

    [Fact]
    public void A_new_version_in_mid_month_goes_on_with_the_same_count()
    {
        // 300 kWh at 0.50 to 15 March (surcharge 3), then 100 kWh at 0.60: they lie from 300 to 400 kWh, 5 surcharge. 150 + 3 + 60 + 5 = 218.
        var grid = new FoldHarness(1, Given.Flat() with { Tiers = Given.Tiers() }, Given.Flat("0.60") with { Tiers = Given.Tiers() });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        grid[0].Append(0, Given.Reading(7, "2026-03-15T00:00+08:00", 300_000));
        Assert.True(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-16"))).Accepted);
        grid[0].Append(0, Given.Reading(7, "2026-03-16T00:00+08:00", 300_000), Given.Reading(7, "2026-03-20T00:00+08:00", 400_000));
        grid.Settle();
        Assert.Equal("-218.000000000", grid.Account(1).Balance.ToString());
    }

    private static string Charge(TariffDefinition tariff, params (string At, long Wh)[] points)
    {
        var grid = new FoldHarness(1, tariff);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.Meter(7, 1, points[0].At, points[0].Wh));
        foreach (var (at, wh) in points.Skip(1))
        {
            grid[0].Append(0, Given.Reading(7, at, wh));
        }

        grid.Settle();
        return (-grid.Account(1).Balance).ToString();
    }
}
