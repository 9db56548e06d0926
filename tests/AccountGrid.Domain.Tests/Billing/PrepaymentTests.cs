using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Tests.Billing;

/// <summary>Days under another tariff, and how they would have gone on a prepaid account.</summary>
public sealed class PrepaymentTests
{
    private const long HourMs = 3_600_000;
    private static readonly int First = new DateOnly(2026, 3, 1).DayNumber;

    private static readonly Tariff Flat = Compile(1, new() { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });

    /// <summary>0.40 for the first 100 kWh of a month and 0.60 above, 0.10 a day, 10 % tax.</summary>
    private static readonly Tariff Tiers = Compile(2, new()
    {
        Id = "tiers",
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Rates = [new("flat", "0.40")],
        StandingPerDay = "0.10",
        TaxBasisPoints = 1_000,
        Tiers = new() { Steps = [new(100_000, "0.20")] },
    });

    /// <summary>1.00 from 08:00 to 20:00 and 0.20 at night.</summary>
    private static readonly Tariff Times = Compile(3, new()
    {
        Id = "times",
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Rates = [new("night", "0.20"), new("day", "1.00")],
        Schedule = [new() { Rate = "day", From = "08:00", To = "20:00" }],
    });

    [Fact]
    public void Days_of_a_month_sum_to_its_charge_and_the_dearer_tier_falls_on_later_days()
    {
        var days = Enumerable.Range(0, 31).Select(i => new UsedDay(First + i, Tiers, [5_000])).ToList();
        var costs = Costs(days, Tiers, First, First, First + 30);

        // 20 days of 5 kWh at 0.40, 11 at 0.60, 31 days of 0.10; and 10 % on the sum of 76.10.
        Assert.Equal("83.710000000", costs.Aggregate(WideMoney.Zero, (a, b) => a + b).ToString());
        Assert.Equal(["2.310000000", "2.310000000", "3.410000000"], new[] { 0, 19, 20 }.Select(i => costs[i].ToString()));

        // The same days in another order, and shown from the second half on, cost the same each.
        Assert.Equal(costs, Costs(days.AsEnumerable().Reverse(), Tiers, First, First, First + 30));
        Assert.Equal(costs.Skip(15), Costs(days, Tiers, First, First + 15, First + 30));
    }

    [Fact]
    public void Days_without_use_have_the_standing_charge_and_days_before_the_opening_none()
    {
        var costs = Costs([new(First + 2, Tiers, [1_000]), new(First + 4, Tiers, [1_000])], Tiers, First + 1, First, First + 5);
        Assert.Equal(["0.000000000", "0.110000000", "0.550000000", "0.110000000", "0.550000000", "0.110000000"], costs.Select(c => c.ToString()));
        Assert.Equal([WideMoney.Zero, WideMoney.Zero], Costs([], Flat, First, First, First + 1));
    }

    [Fact]
    public void A_month_under_two_versions_counts_its_tiers_on()
    {
        var other = Compile(4, Tiers.Definition with { Version = 2 });
        UsedDay[] days = [new(First, Tiers, [90_000]), new(First + 1, other, [20_000])];
        var costs = Rerating.DailyCosts(days, default, day => day == First ? Tiers : other, (First, int.MaxValue), First, First + 1);

        // 90 kWh at 0.40; then 10 at 0.40 and 10 at 0.60: 36.10 and 10.10 with the standing charge, and 10 %.
        Assert.Equal(["39.710000000", "11.110000000"], costs.Select(c => c.ToString()));
    }

    [Theory]
    [InlineData("no reading", new int[0], new long[0], 12_000, 12_000)]
    [InlineData("all at night", new[] { 0, 8, 24 }, new long[] { 0, 500, 500 }, 24_000, 0)]
    [InlineData("half and half", new[] { 0, 8, 20, 24 }, new long[] { 0, 300, 1_000, 1_400 }, 12_000, 12_000)]
    [InlineData("one reading for the day", new[] { 0, 24 }, new long[] { 0, 900 }, 12_000, 12_000)]
    [InlineData("a fall says nothing", new[] { 0, 8, 20, 24 }, new long[] { 900, 1_000, 0, 0 }, 24_000, 0)]
    [InlineData("a reading over both borders", new[] { -12, 36 }, new long[] { 0, 19_200 }, 12_000, 12_000)]
    public void A_days_energy_lies_as_its_readings_say(string what, int[] hours, long[] values, long night, long day)
    {
        var start = Times.PlanOf(First).StartMs;
        var points = hours.Zip(values, (h, v) => new Point(start + (h * HourMs), v, 0)).ToList();
        var used = Rerating.Under(Times, First, 24_000, points);
        Assert.True(used.RateWh.SequenceEqual([night, day]), $"{what}: {string.Join(", ", used.RateWh)}");
        Assert.Equal([24_000L], Rerating.Under(Flat, First, 24_000, points).RateWh);
    }

    [Theory]
    [InlineData("nothing is used", new long[] { 0, 0, 0 }, 0, 1, 0, 100)]
    [InlineData("above the level by the least", new long[] { 69 }, 0, 1, 0, 31)]
    [InlineData("to the level", new long[] { 70 }, 1, 2, 0, 30)]
    [InlineData("twice a descent", new long[] { 70, 100 }, 2, 3, 0, 30)]
    [InlineData("to zero", new long[] { 100 }, 1, 2, 0, 0)]
    [InlineData("below zero by the least", new long[] { 101 }, 1, 2, 1, -1)]
    [InlineData("a day of several top-ups", new long[] { 350 }, 1, 4, 1, -250)]
    [InlineData("just not one more", new long[] { 369 }, 1, 4, 1, -269)]
    [InlineData("one more", new long[] { 370 }, 1, 5, 1, -270)]
    [InlineData("a correction pays back", new long[] { 60, -60, 60 }, 0, 1, 0, 40)]
    public void A_warning_comes_at_the_level_and_the_amount_is_paid_until_above_it(string what, long[] costs, int warnings, int topUps, int below, long lowest)
    {
        var outlook = PrepaymentOutlook.Of(costs.Select(c => (WideMoney)Money.FromUnits(c)), Money.FromUnits(30), Money.FromUnits(100));
        Assert.True(outlook == new PrepaymentOutlook(warnings, topUps, below, Money.FromUnits(lowest)), $"{what}: {outlook}");
    }

    [Theory]
    [InlineData("2026-03-01", "2026-04-01")]
    [InlineData("2026-03-31", "2026-04-01")]
    [InlineData("2026-12-31", "2027-01-01")]
    public void Terms_change_at_the_border_of_months(string day, string border) =>
        Assert.Equal(DateOnly.Parse(border, null), PrepaymentOutlook.BorderAfter(DateOnly.Parse(day, null)));

    /// <summary>Silent days over a change of price have the standing charge of their own version, and days behind the account's last one have none.</summary>
    [Fact]
    public void Silent_days_have_the_standing_charge_of_their_version_until_the_accounts_last_day()
    {
        var dear = Compile(5, Tiers.Definition with { Version = 2, StandingPerDay = "1" });
        var costs = Rerating.DailyCosts(
            [new(First, Tiers, [1_000])], default, day => day < First + 2 ? Tiers : dear, (First, First + 3), First, First + 5);
        Assert.Equal(
            ["0.550000000", "0.110000000", "1.100000000", "1.100000000", "0.000000000", "0.000000000"], costs.Select(c => c.ToString()));
    }

    private static IReadOnlyList<WideMoney> Costs(IEnumerable<UsedDay> days, Tariff tariff, int opened, int from, int to) =>
        Rerating.DailyCosts(days, default, _ => tariff, (opened, int.MaxValue), from, to);

    private static Tariff Compile(int number, TariffDefinition definition)
    {
        var (tariff, refusal) = TariffCompiler.Compile(number, definition);
        Assert.True(tariff is not null, refusal?.Detail);
        return tariff;
    }
}
