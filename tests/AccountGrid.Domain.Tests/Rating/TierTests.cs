using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Tiers by season, by household, in a first year, and where months and years follow each other; the arithmetic beside each.</summary>
public sealed class TierTests
{
    /// <summary>Steps of 240 and 400 kWh a month, of 320 and 520 from June to September, and none in December.</summary>
    private static readonly TierDefinition Seasonal = Given.Tiers() with
    {
        Seasons = [new TierSeason([6, 7, 8, 9], [new TierStep(320_000, "0.05"), new TierStep(520_000, "0.30")]), new TierSeason([12], [])],
    };

    /// <summary>2,880 and 4,800 kWh a year.</summary>
    private static readonly TierDefinition Yearly = new() { Per = "year", Steps = [new TierStep(2_880_000, "0.05"), new TierStep(4_800_000, "0.30")] };

    [Theory]
    [InlineData("2026-05-31", "240000 400000")]
    [InlineData("2026-06-01", "320000 520000")]
    [InlineData("2026-09-30", "320000 520000")]
    [InlineData("2026-10-01", "240000 400000")]
    [InlineData("2026-12-01", "")]
    public void Months_of_a_season_have_its_steps(string day, string limits) =>
        Assert.Equal(limits, Limits(Compile(Seasonal), default, Given.Day(day)));

    [Fact]
    public void Each_month_is_charged_by_its_own_steps()
    {
        // 330 kWh each of May, June and December at 0.50 are 495. May: 90 × 0.05 = 4.50; June: 10 × 0.05 = 0.50; December: nothing. Together 500.
        var grid = Grid("2026-05-01", Given.Flat() with { Tiers = Seasonal });
        Read(grid, ("2026-06-01", 330_000), ("2026-07-01", 660_000), ("2026-12-01", 660_000), ("2027-01-01", 990_000));
        Assert.Equal("-500.000000000", grid.Account(1).Balance.ToString());
    }

    /// <summary>Base four: 100 kWh more from the fifth person on whoever else lives there, 60 kWh more for each person, or both.</summary>
    [Theory]
    [InlineData(0, 100_000, 0, "240000 400000")]
    [InlineData(4, 100_000, 0, "240000 400000")]
    [InlineData(5, 100_000, 0, "340000 500000")]
    [InlineData(7, 100_000, 0, "340000 500000")]
    [InlineData(4, 0, 60_000, "240000 400000")]
    [InlineData(5, 0, 60_000, "300000 460000")]
    [InlineData(7, 0, 60_000, "420000 580000")]
    [InlineData(5, 100_000, 60_000, "400000 560000")]
    [InlineData(7, 100_000, 60_000, "520000 680000")]
    public void A_larger_household_has_more_flat_or_per_head(byte persons, long flat, long perHead, string limits) =>
        Assert.Equal(limits,
            Limits(Compile(Given.Tiers() with { HouseholdBase = 4, ExtraWhFlat = flat, ExtraWhPerPerson = perHead }), new(persons, false),
                Given.Day("2026-03-01")));

    /// <summary>
    /// By months the one in which it begins counts whole: 2,880 × 6 / 12 = 1,440 from July on. By days: 2,880 × 170 / 365 = 1,341.369 from 15 July on, rounded
    /// down to the watt-hour; of a leap year 366.
    /// </summary>
    [Theory]
    [InlineData("whole", "2026-07-15", "2880000 4800000")]
    [InlineData("months", "2025-07-15", "2880000 4800000")]
    [InlineData("months", "2026-01-01", "2880000 4800000")]
    [InlineData("months", "2026-01-31", "2880000 4800000")]
    [InlineData("months", "2026-02-01", "2640000 4400000")]
    [InlineData("months", "2026-07-01", "1440000 2400000")]
    [InlineData("months", "2026-07-31", "1440000 2400000")]
    [InlineData("months", "2026-12-31", "240000 400000")]
    [InlineData("days", "2026-01-01", "2880000 4800000")]
    [InlineData("days", "2026-01-02", "2872109 4786849")]
    [InlineData("days", "2026-07-15", "1341369 2235616")]
    [InlineData("days", "2026-12-31", "7890 13150")]
    [InlineData("days", "2028-01-02", "2872131 4786885")]
    public void A_first_year_has_the_part_that_the_tariff_says(string policy, string begin, string limits)
    {
        var tariff = Compile(Yearly with { FirstPeriod = policy });
        var start = tariff.PeriodStartOf(Given.Day(begin[..4] is "2025" ? "2026-01-01" : begin));
        Assert.Equal(limits, Limits(tariff, default, start, tariff.TierPartFrom(start, Given.Day(begin))));
    }

    [Theory]
    [InlineData("2026-02-01", "240000 400000")]
    [InlineData("2026-02-02", "231428 385714")] // 27 days of 28.
    [InlineData("2026-02-28", "8571 14285")]
    public void A_first_month_has_the_share_of_its_days(string begin, string limits)
    {
        var (tariff, start) = (Compile(Given.Tiers() with { FirstPeriod = "days" }), Given.Day("2026-02-01"));
        Assert.Equal(limits, Limits(tariff, default, start, tariff.TierPartFrom(start, Given.Day(begin))));
    }

    [Fact]
    public void Household_and_free_units_are_shared_like_the_steps()
    {
        // (2,880 + 1,200) × 6 / 12 = 2,040 kWh; free are 180 × 6 / 12 = 90 kWh at 0.50: 2,100 kWh cost 60 × 0.05 − 45 = −42.
        var tariff = Compile(Yearly with
        {
            FirstPeriod = "months",
            HouseholdBase = 4,
            ExtraWhFlat = 1_200_000,
            ProtectedFreeWh = 180_000,
            FreePricePerKwh = "0.50",
        });
        var start = Given.Day("2026-01-01");
        var terms = new TierTerms(new(5, true), start, tariff.TierPartFrom(start, Given.Day("2026-07-04")));
        Assert.Equal("-42.000000000", tariff.Tiers.Surcharge(new Energy(2_100_000), terms).ToString());
        Assert.Equal("-45.000000000", tariff.Tiers.Surcharge(new Energy(2_040_000), terms).ToString());
    }

    [Fact]
    public void An_account_that_is_opened_in_July_has_half_a_year_and_then_a_whole_one()
    {
        // 1,500 kWh in 2026: 750 + 60 × 0.05 = 753. 2,880 kWh in 2027: 1,440, and nothing more: 2,193.
        var grid = Grid("2026-07-15", Given.Flat() with { Tiers = Yearly with { FirstPeriod = "months" } });
        Read(grid, ("2026-09-01", 1_500_000), ("2027-01-01", 1_500_000));
        Assert.Equal("-753.000000000", grid.Account(1).Balance.ToString());
        Read(grid, ("2027-06-01", 4_380_000));
        Assert.Equal("-2193.000000000", grid.Account(1).Balance.ToString());
    }

    /// <summary>
    /// 300 kWh a month at 0.50, 3,600 kWh in the year, whichever way it changes. A month's surcharge is 60 × 0.05 = 3.
    /// From months to years in July: six months are 18; 1,800 kWh under years lie 360 above 1,440, 18.00.
    /// From years to months in July: 1,800 kWh lie below 2,880, nothing; six months are 18.
    /// </summary>
    [Theory]
    [InlineData("month", "year", false, "1836.000000000")]
    [InlineData("year", "month", false, "1818.000000000")]
    [InlineData("month", "year", true, "1836.000000000")]
    [InlineData("year", "month", true, "1818.000000000")]
    public void A_change_between_months_and_years_counts_each_kilowatt_hour_once(string first, string second, bool isOfProduct, string charge)
    {
        TariffDefinition Of(string per) => Given.Flat() with { Id = per, Tiers = per == "year" ? Yearly with { FirstPeriod = "months" } : Given.Tiers() };
        var grid = isOfProduct
            ? FoldHarness.WithProduct(true, Of(first), Of(second) with { Version = 2, EffectiveFrom = new(2026, 7, 1) })
            : new FoldHarness(1, Of(first), Of(second));
        grid.Execute(0, Given.Open(1, "2026-01-01") with { Follows = isOfProduct });
        grid.Execute(0, Given.Meter(7, 1, "2026-01-01T00:00+08:00"));
        for (var month = 1; month <= 12; month++)
        {
            Read(grid, (month == 12 ? "2027-01-01" : $"2026-{month + 1:00}-01", month * 300_000));
            if (month == 5 && !isOfProduct)
            {
                Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-07-01"))).Refusal);
            }
        }

        var account = grid.Account(1);
        Assert.Equal(charge, (-account.Balance).ToString());
        Assert.Equal(3_600_000, account.Periods.Sum(p => p.Live.Energy.Wh));
    }

    /// <summary>January's months and its year begin on one day: a comparison counts them apart as the charge does.</summary>
    [Fact]
    public void A_comparison_of_tariffs_counts_months_and_years_apart()
    {
        var (month, year) = (Compile(Given.Tiers()), TariffCompiler.Compile(2, Given.Flat() with { Tiers = Yearly with { FirstPeriod = "days" } }).Tariff!);
        var first = Given.Day("2026-01-01");
        UsedDay[] days = [new(first, month, [250_000]), new(first + 15, year, [2_800_000])];

        // 125 + 10 × 0.05; then 1,400, and 2,880 × 350 / 365 = 2,761.643 are exceeded by 38.357 kWh: 1.91785.
        Assert.Equal(["125.500000000", "1401.917850000"],
            Rerating.DailyCosts(days, default, day => day < first + 15 ? month : year, (first, int.MaxValue), first, first + 15)
                .Where(c => c != WideMoney.Zero).Select(c => c.ToString()));
    }

    [Theory]
    [InlineData("tiers.seasons", "year", "whole", 0, 0, new[] { 6 })]
    [InlineData("tiers.seasons[0].months", "month", "whole", 0, 0, new int[0])]
    [InlineData("tiers.seasons[0].months", "month", "whole", 0, 0, new[] { 0 })]
    [InlineData("tiers.seasons[0].months", "month", "whole", 0, 0, new[] { 13 })]
    [InlineData("tiers.seasons[0].months", "month", "whole", 0, 0, new[] { 6, 6 })]
    [InlineData("tiers.firstPeriod", "year", "none", 0, 0, null)]
    [InlineData("tiers.firstPeriod", "month", "months", 0, 0, null)]
    [InlineData("tiers.extraWhFlat", "month", "whole", 4, -1, null)]
    [InlineData("tiers.householdBase", "month", "whole", 0, 1, null)]
    public void What_cannot_be_is_refused_by_its_field(string field, string per, string first, int householdBase, long flat, int[]? months)
    {
        var tiers = Given.Tiers(per) with
        {
            FirstPeriod = first,
            HouseholdBase = householdBase,
            ExtraWhFlat = flat,
            Seasons = months is null ? [] : [new TierSeason(months, [])],
        };
        Assert.StartsWith($"{field}: ", TariffCompiler.Compile(1, Given.Flat() with { Tiers = tiers }).Refusal!.Detail, StringComparison.Ordinal);
    }

    private static Tariff Compile(TierDefinition tiers) => TariffCompiler.Compile(1, Given.Flat() with { Tiers = tiers }).Tariff!;

    private static string Limits(Tariff tariff, Household household, int day, int part = 0) =>
        string.Join(' ', tariff.Tiers.LimitsWh(new(household, day, part)));

    private static FoldHarness Grid(string from, TariffDefinition tariff)
    {
        var grid = new FoldHarness(1, tariff);
        grid.Execute(0, Given.Open(1, from));
        grid.Execute(0, Given.Meter(7, 1, $"{from}T00:00+08:00"));
        return grid;
    }

    private static void Read(FoldHarness grid, params (string Day, long Wh)[] readings)
    {
        foreach (var (day, wh) in readings)
        {
            grid[0].Append(0, Given.Reading(7, $"{day}T00:00+08:00", wh));
        }

        grid.Settle();
    }
}
