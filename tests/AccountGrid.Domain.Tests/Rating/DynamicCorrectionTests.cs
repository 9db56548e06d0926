using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Prices that come late, or are corrected, after energy was charged by others.</summary>
public sealed class DynamicCorrectionTests
{
    /// <summary>
    /// Three days of 1 kWh from 08:00 to 09:00. Of 10 June the hour is missing: charged at 0.25, the mean of what is known of the month to its end. When it
    /// comes, days closed long ago, the day is charged again: 0.40 - 0.25 = 0.15, in one correction that names the day's entry and the publication.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_price_that_comes_late_corrects_its_day(bool crash)
    {
        var grid = ThreeDays();
        Assert.Equal("-0.750000000", grid.Balance);
        grid.Grid[0].Flush();
        var late = DynamicGrid.Of("2026-06-10", 8, 400_000);
        grid.Publish("2026-06-14T10:00+02:00", late);
        grid.Settle();

        // Named in the log, and not carried in before the check, which is due at once.
        Assert.Equal(("-0.750000000", 1), (grid.Balance, grid.Account.PricedThrough));
        Assert.Equal(Given.At("2026-06-14T10:00+02:00"), grid.Account.DueAtMs);
        if (crash)
        {
            grid.Grid[0].Flush();
            grid.Grid[0].Crash();
        }

        grid.Check("2026-06-14T10:01+02:00");
        Assert.Equal(("-0.900000000", "-0.900000000", default(int?)), (grid.Balance, grid.Account.LedgerBalance.ToString(), grid.Account.PricedThrough));
        var first = grid.Grid[0].Entries.Single(e => e.Kind == EntryKind.Charge && e.Day == Given.Day("2026-06-10"));
        var correction = Assert.Single(grid.Grid[0].Entries, e => e.Kind == EntryKind.Correction);
        Assert.Equal(("-0.150000000", first.Position, first.Day, "prices:day-ahead:2"),
            (correction.Amount.ToString(), correction.CorrectsPosition, correction.Day, correction.Reference));
        grid.Grid[0].Flush();
        Assert.Equal([1, 2, 1], grid.Grid[0].AllDays(7).Select(d => d.PricesThrough));

        // Once more, and nothing follows.
        grid.Grid.Send(2, Given.Day("2026-06-10"), Given.At("2026-06-14T10:02+02:00"));
        grid.Grid.Send(1, Given.Day("2026-06-01"), Given.At("2026-06-14T10:02+02:00"));
        grid.Check("2026-06-14T10:03+02:00");
        Assert.Single(grid.Grid[0].Entries, e => e.Kind == EntryKind.Correction);
    }

    /// <summary>Prices of days to come touch nobody: no account is pinned, none is due, none is unpacked.</summary>
    [Fact]
    public void Prices_of_days_to_come_change_no_account()
    {
        var grid = ThreeDays();
        var (due, before) = (grid.Account.DueAtMs, grid.Grid[0].StateText());
        grid.Publish("2026-06-14T13:00+02:00", grid.Whole("2026-06-17", 1, _ => 111_000));
        grid.Settle();
        Assert.Equal((null, due, before), (grid.Account.PricedThrough, grid.Account.DueAtMs, grid.Grid[0].StateText()));
    }

    /// <summary>
    /// Two publications, of which the later one is named in the log first. The one before it is part of what counts through it: nothing is missed when its own
    /// record comes last, or never.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_publication_that_is_named_late_or_never_counts_all_the_same(bool isNamed)
    {
        var grid = ThreeDays();
        var late = grid.Grid.Publish(grid.Series, 0, DynamicGrid.Of("2026-06-10", 8, 400_000), isSent: false);
        grid.Publish("2026-06-14T13:00+02:00", grid.Whole("2026-06-17", 1, _ => 111_000));
        if (isNamed)
        {
            grid.Grid.Send(late, Given.Day("2026-06-10"), Given.At("2026-06-14T13:01+02:00"));
        }

        grid.Check("2026-06-14T13:02+02:00");
        Assert.Equal("-0.900000000", grid.Balance);
    }

    /// <summary>
    /// Between the record that names a price and the account's check, readings of the same day come, late ones take differences apart, and a tariff is
    /// corrected: all by the prices that the account was charged by. Then all of it costs what it costs.
    /// </summary>
    [Fact]
    public void What_comes_between_is_charged_by_the_old_prices_and_then_by_the_new_ones()
    {
        var grid = new DynamicGrid("2026-06-10T00:00+02:00");
        grid.Publish("2026-06-09T13:00+02:00", grid.Whole("2026-06-10", 1, _ => 200_000));
        grid.Use("2026-06-10T10:00+02:00", 1_000);
        grid.Settle();
        grid.Publish("2026-06-10T10:05+02:00", DynamicGrid.Of("2026-06-10", 9, 1_000_000, 1_000_000));
        grid.Settle();
        Assert.Equal(1, grid.Account.PricedThrough);
        grid.Use("2026-06-10T11:00+02:00", 1_000);
        grid.Settle();
        Assert.Equal("-0.400000000", grid.Balance);
        grid.Check("2026-06-10T11:01+02:00");

        // A tenth of the first kWh lies in the hour from 09:00 on: 0.9 at 0.2 and 0.1 at 1, then 1 at 1.
        Assert.Equal("-1.280000000", grid.Balance);
        Assert.Null(grid.Account.PricedThrough);
        Assert.Empty(grid.Grid[0].Entries);
    }

    /// <summary>A prepaid balance that a late price takes below zero is debt, and nobody is cut for it.</summary>
    [Fact]
    public void A_prepaid_customer_is_not_cut_for_a_price_that_came_late()
    {
        var life = new Life("2026-06-01", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent) { HourlyWh = 100 };
        var series = life.Grid.Book.Add(DynamicGrid.SeriesOf(60) with { Zone = "Asia/Shanghai", Currency = "CNY" });
        life.Grid.Publish(series, 0, [new PublishedPrice(Given.Day("2026-05-01"), 0, 100_000)]);
        var number = life.Grid.AddProduct(DynamicGrid.Tariff() with { Zone = "Asia/Shanghai", Currency = "CNY" });
        Assert.True(life.Do(new CorrectTariff(1, number, Given.Day("2026-06-01"), false, "dynamic", "ann", "bob")).Accepted);
        life.Pay("5");
        life.To("2026-06-05T12:00:00+08:00");
        var before = life.State.Balance;
        Assert.True(before > Money.Zero);
        life.Grid.Publish(
            series, Given.At("2026-06-05T12:00:00+08:00"),
            [.. Enumerable.Range(0, 24).Select(i => new PublishedPrice(Given.Day("2026-06-03"), i, 9_000_000))]);
        life.To("2026-06-05T14:00:00+08:00");
        Assert.True(life.Customer.Debt.Left > Money.Zero);
        Assert.Contains(life.Customer.Cases, c => c.Kind == CaseKind.DebtTerms);
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
    }

    /// <summary>1 kWh from 08:00 to 09:00 on 9, 10 and 11 June, the month at 0.25, and the hour of 10 June missing; all days closed.</summary>
    private static DynamicGrid ThreeDays()
    {
        var grid = new DynamicGrid("2026-06-09T00:00+02:00");
        var prices = grid.Whole("2026-06-01", 14, _ => 250_000);
        prices.RemoveAll(p => p.Day == Given.Day("2026-06-10") && p.Index == 8);
        grid.Publish("2026-05-31T13:00+02:00", prices);
        foreach (var day in new[] { "09", "10", "11" })
        {
            grid.Use($"2026-06-{day}T08:00+02:00", 0);
            grid.Use($"2026-06-{day}T09:00+02:00", 1_000);
        }

        grid.Check("2026-06-14T04:00+02:00");
        return grid;
    }
}
