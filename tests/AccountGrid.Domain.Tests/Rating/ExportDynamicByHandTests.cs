using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Export on a tariff that follows a price series, by hand: 0.0812 a kWh by day and 0.117 from 22:00 to 06:00, whatever it says.</summary>
public sealed class ExportDynamicByHandTests
{
    /// <summary>
    /// 1 kWh goes out in each quarter of an hour. The night of 29 March has 7 hours, 28 quarters: 28 × 0.117 + 64 × 0.0812 = 8.4728. That of 25 October has
    /// 9: 36 × 0.117 + 64 × 0.0812 = 9.4088.
    /// </summary>
    [Theory]
    [InlineData("2026-03-29", "+01:00", "8.472800000")]
    [InlineData("2026-10-25", "+02:00", "9.408800000")]
    public void Export_is_paid_by_the_rate_of_its_time_where_clocks_change(string day, string offset, string balance)
    {
        var grid = new DynamicGrid($"{day}T00:00{offset}", Tariff(15), exports: true);
        grid.Publish($"{day}T00:00{offset}", grid.Whole(day, 1, i => i * 1_000));
        var count = grid.Series.CountOf(Given.Day(day));
        for (var i = 1; i <= count; i++)
        {
            grid.Deliver(Instants.ToText(grid.Series.StartOf(Given.Day(day), i)), 1_000);
        }

        grid.Settle();
        Assert.Equal(balance, grid.Balance);
        grid.Check(Instants.ToText(grid.Series.StartOf(Given.Day(day) + 2, 12)));
        Assert.Equal((balance, grid.Account.Balance), (grid.Balance, grid.Account.LedgerBalance));
    }

    /// <summary>
    /// 1 kWh a day at 1.00 is 3.00. 2 kWh out from midnight to noon are 1 at night and 1 by day, 0.117 + 0.0812 = 0.1982. The second day at 2.00 is 1.00 more
    /// for the 1 kWh that lies on it. Behind it 1 kWh more that went out from noon to noon: 416 Wh up to 22:00, 84 and 250 at night, 250 from 06:00, which is
    /// 666 Wh × 0.0812 + 334 Wh × 0.117 = 0.0931572. 4.00 - 0.1982 - 0.0931572.
    /// </summary>
    [Fact]
    public void A_register_that_was_silent_closes_with_the_others_when_a_price_comes_late()
    {
        var grid = new DynamicGrid("2026-06-01T00:00+02:00", Tariff(60), exports: true);
        grid.Publish("2026-06-01T00:00+02:00", grid.Whole("2026-06-01", 6, _ => 1_000_000));
        grid.Deliver("2026-06-01T12:00+02:00", 2_000);
        grid.Use("2026-06-01T12:00+02:00", 1_000);
        grid.Use("2026-06-02T12:00+02:00", 1_000);
        grid.Use("2026-06-03T12:00+02:00", 1_000);
        grid.Check("2026-06-04T12:00+02:00");
        grid.Publish("2026-06-04T13:00+02:00", grid.Whole("2026-06-02", 1, _ => 2_000_000));
        grid.Check("2026-06-04T13:30+02:00");
        Assert.Equal(grid.Account.Meters[0].ClosedThroughDay, grid.Account.Meters[0].Export!.ClosedThroughDay);
        grid.Deliver("2026-06-02T12:00+02:00", 1_000, "2026-06-04T14:00+02:00");
        grid.Use("2026-06-03T15:00+02:00", 0, "2026-06-04T14:00+02:00");
        grid.Check("2026-06-08T12:00+02:00");
        grid.Grid[0].Flush();
        Assert.Equal(3_000, grid.Grid[0].AllDays(7).Where(d => d.Key.Register == RegisterKind.Export).Sum(d => d.Energy.Wh));
        Assert.Equal("-3.708642800", grid.Balance);
        Assert.Equal(grid.Account.Balance, grid.Account.LedgerBalance);
    }

    /// <summary>A day of 100 quarters of an hour that is opened again is stored, and can be read.</summary>
    [Fact]
    public void A_day_of_a_hundred_intervals_that_is_opened_again_is_stored()
    {
        var grid = new DynamicGrid("2026-10-25T00:00+02:00", Tariff(15), exports: true);
        grid.Publish("2026-10-25T00:00+02:00", grid.Whole("2026-10-25", 2, _ => 1_000_000));
        grid.Use("2026-10-25T12:00+01:00", 5_000);
        grid.Deliver("2026-10-25T12:00+01:00", 5_000);
        grid.Check("2026-10-27T12:00+01:00");
        grid.Deliver("2026-10-25T18:00+01:00", 1_000, "2026-10-27T13:00+01:00");
        grid.Settle();
        Assert.Equal(100, grid.Account.Meters[0].Export!.Reopened!.Single().RateWh!.Length);
        var balance = grid.Balance;
        grid.Grid[0].Flush();
        grid.Grid[0].Crash();
        grid.Check("2026-10-28T12:00+01:00");
        Assert.Equal((balance, grid.Account.Balance), (grid.Balance, grid.Account.LedgerBalance));
    }

    private static TariffDefinition Tariff(int resolution) => DynamicGrid.Tariff(resolution) with
    {
        Rates = [new("day", "0"), new("night", "0")],
        Schedule = [new RateRule { Rate = "night", From = "22:00", To = "06:00" }],
        Export = new ExportDefinition
        {
            FeedIn = new FeedInDefinition { PricePerKwh = "0.0812", Prices = new Dictionary<string, string> { ["night"] = "0.117" } },
        },
    };
}
