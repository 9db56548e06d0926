using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Metering;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>A further version of a product takes effect for each account on it at its local midnight, without an event of the account.</summary>
public sealed class PriceChangeTests
{
    /// <summary>Zones with the day of the change: plain days, both changes of the clock, and a day that begins at one o'clock.</summary>
    [Theory]
    [InlineData("Asia/Shanghai", "2026-03-16", "2026-03-15T15:59Z", "2026-03-15T16:00Z", "2026-03-15T16:01Z")]
    [InlineData("Europe/London", "2026-03-29", "2026-03-28T23:59Z", "2026-03-29T00:00Z", "2026-03-29T00:01Z")]
    [InlineData("Europe/London", "2026-03-30", "2026-03-29T22:59Z", "2026-03-29T23:00Z", "2026-03-29T23:01Z")]
    [InlineData("Europe/London", "2026-10-26", "2026-10-25T23:59Z", "2026-10-26T00:00Z", "2026-10-26T00:01Z")]
    [InlineData("America/Los_Angeles", "2026-11-02", "2026-11-02T07:59Z", "2026-11-02T08:00Z", "2026-11-02T08:01Z")]
    [InlineData("Africa/Cairo", "2026-04-24", "2026-04-23T21:59Z", "2026-04-23T22:00Z", "2026-04-23T22:01Z")]
    [InlineData("Africa/Cairo", "2026-04-25", "2026-04-24T20:59Z", "2026-04-24T21:00Z", "2026-04-24T21:01Z")]
    public void It_takes_effect_at_the_local_midnight_of_its_day(string zone, string day, string before, string midnight, string after)
    {
        foreach (var packs in new[] { true, false })
        {
            var grid = FoldHarness.WithProduct(packs, Given.Flat("1", zone), Given.Flat("10", zone) with { Version = 2, EffectiveFrom = On(day) });
            grid.Execute(0, Open());
            grid.Execute(0, Given.Meter(7, 1, before));
            grid[0].Append(Given.At(midnight), Given.Reading(7, midnight, 1_000));
            grid[0].Append(Given.At(after), Given.Reading(7, after, 2_000));
            grid.Settle();
            Assert.Equal("-11.000000000", Given.Text(grid.Account(1).Balance));
        }
    }

    [Theory]
    [InlineData(true, "-11.000000000")]
    [InlineData(false, "-2.000000000")]
    public void An_agreement_on_a_version_keeps_its_price(bool follows, string balance)
    {
        var grid = FoldHarness.WithProduct(true, Given.Flat("1"), Second("10"));
        grid.Execute(0, Open() with { Follows = follows });
        grid.Execute(0, Given.Meter(7, 1, "2026-03-15T00:00+08:00"));
        Read(grid, "2026-03-16T00:00+08:00", 1_000);
        Read(grid, "2026-03-17T00:00+08:00", 2_000);
        Assert.Equal(balance, Given.Text(grid.Account(1).Balance));
    }

    /// <summary>From an agreement back to the product, and from the product to an agreement on the version before.</summary>
    [Fact]
    public void An_agreement_ends_and_begins_with_a_command()
    {
        var grid = FoldHarness.WithProduct(true, Given.Flat("1"), Second("10"));
        grid.Execute(0, Open() with { Follows = false });
        grid.Execute(0, Given.Meter(7, 1, "2026-03-15T00:00+08:00"));
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-18"), Follows: true)).Refusal);
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 1, Given.Day("2026-03-20"))).Refusal);
        for (var day = 16; day <= 21; day++)
        {
            Read(grid, $"2026-03-{day}T00:00+08:00", (day - 15) * 1_000);
        }

        // 15, 16 and 17 March at 1, 18 and 19 at 10, 20 March at 1.
        Assert.Equal("-24.000000000", Given.Text(grid.Account(1).Balance));
    }

    /// <summary>Withdrawn, it never holds: neither for who follows the product nor for who agreed on it before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_withdrawn_version_never_holds(bool follows)
    {
        var grid = FoldHarness.WithProduct(true, Given.Flat("1"), Second("10"), Given.Flat("3") with { Version = 3, EffectiveFrom = On("2026-03-18") });
        grid.Execute(0, Open());
        grid.Execute(0, Given.Meter(7, 1, "2026-03-15T00:00+08:00"));
        if (!follows)
        {
            Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-16"))).Refusal);
        }

        grid.Tariff(1).Product.Withdraw(grid.Tariff(2), Given.At("2026-03-15T12:00+08:00"));
        for (var day = 16; day <= 19; day++)
        {
            Read(grid, $"2026-03-{day}T00:00+08:00", (day - 15) * 1_000);
        }

        // 15 to 17 March at 1, and the version after it on its day: 18 March at 3.
        Assert.Equal("-6.000000000", Given.Text(grid.Account(1).Balance));
        Assert.DoesNotContain(grid.Account(1).Periods, p => p.Tariff == 2);
        var late = Given.At("2026-03-19T00:00+08:00");
        Assert.Equal("tariff.withdrawn", grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-04-01")), late).Refusal?.Code);
        Assert.Equal("tariff.withdrawn", grid.Execute(0, Given.Open(2, "2026-04-01", 2), late).Refusal?.Code);
    }

    /// <summary>
    /// 250 kWh at 0.50 to 15 March (surcharge 0.50), then 200 kWh at 0.60: 150 kWh of them lie up to 400 (7.50), 50 above (15). 125.5 + 120 + 22.5 = 268. A row
    /// has room for the energy before the change, so the account stays packed.
    /// </summary>
    [Fact]
    public void In_mid_month_the_tiers_go_on_counting_and_the_account_stays_packed()
    {
        var (tiers, grid) = (Given.Tiers(), default(FoldHarness));
        foreach (var packs in new[] { false, true })
        {
            grid = FoldHarness.WithProduct(packs, Given.Flat() with { Tiers = tiers }, Second("0.60") with { Tiers = tiers });
            grid.Execute(0, Open(), Given.At("2026-03-01T00:00+08:00"));
            grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"), Given.At("2026-03-01T00:00+08:00"));
            for (var hour = 1; hour <= 15 * 24; hour++)
            {
                Read(grid, Given.At("2026-03-01T00:00+08:00") + (hour * Instants.MsPerHour), hour * 250_000L / 360);
            }

            for (var hour = 1; hour <= 200; hour++)
            {
                Read(grid, Given.At("2026-03-16T00:00+08:00") + (hour * Instants.MsPerHour), 250_000 + (hour * 1_000L) + (hour < 200 ? hour % 7 : 0));
            }

            Assert.Equal("-268.000000000", Given.Text(grid.Account(1).Balance));
            Assert.Equal(packs ? 0 : 1, grid[0].State.UnpackedCount);
        }

        Assert.True(grid![0].PlainCount > 500, $"Only {grid[0].PlainCount} of 560 readings went the short way.");
    }

    /// <summary>A version that is announced while accounts are packed, and flushed, changes them at its midnight all the same, live and replayed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_version_that_is_announced_later_gives_what_it_gives_when_it_was_known_from_the_start(bool crash)
    {
        var states = new List<string>();
        foreach (var isKnown in new[] { true, false })
        {
            var grid = FoldHarness.WithProduct(true, Given.Flat("1"));
            var announced = Given.At("2026-03-13T23:59+08:00");
            if (isKnown)
            {
                grid.Announce(Second("10"), announced + Limits.TariffKnownMs);
            }

            grid.Execute(0, Open(), Given.At("2026-03-10T00:00+08:00"));
            grid.Execute(0, Given.Meter(7, 1, "2026-03-10T00:00+08:00"), Given.At("2026-03-10T00:00+08:00"));
            for (var hour = 1; hour <= 9 * 24; hour++)
            {
                var at = Given.At("2026-03-10T00:00+08:00") + (hour * Instants.MsPerHour);
                if (!isKnown && at - Instants.MsPerHour < announced && at >= announced)
                {
                    grid.Announce(Second("10"), announced + Limits.TariffKnownMs);
                    if (crash)
                    {
                        grid[0].Flush();
                    }
                }

                Read(grid, at, hour * 1_000L);
            }

            if (crash && !isKnown)
            {
                grid[0].Crash();
                grid.Settle();
            }

            Assert.Equal(-((6 * 24 * 1L) + (3 * 24 * 10)), grid.Account(1).Balance.Nano / Money.NanoPerUnit);
            states.Add(grid[0].StateText());
        }

        Assert.Equal(states[0], states[1]);
    }

    /// <summary>A silent account on a product without a standing charge is looked at each day, and has the one of a later version on its first day.</summary>
    [Fact]
    public void A_standing_charge_that_a_later_version_brings_is_taken_of_a_silent_account()
    {
        var grid = FoldHarness.WithProduct(true, Given.Flat("1"));
        grid.Execute(0, Open("2026-03-01"), Given.At("2026-03-01T00:00+08:00"));
        var (now, isAnnounced, checks) = (Given.At("2026-03-01T00:00+08:00"), false, 0);
        while (grid[0].DueOf(1) is var due && due < Given.At("2026-03-19T00:00+08:00"))
        {
            if (!isAnnounced && due > Given.At("2026-03-14T23:00+08:00"))
            {
                grid.Announce(Second("1") with { StandingPerDay = "0.5" }, Given.At("2026-03-14T23:00+08:00") + Limits.TariffKnownMs);
                isAnnounced = true;
            }

            Assert.True(due > now, "It is due in the past.");
            now = due;
            checks++;
            grid[0].Append(new Domain.Commands.Check(now, [1]), now);
            grid.Settle();
            Assert.Equal(Math.Max(0, grid.Tariff(1).Calendar.DayOf(now) - Given.Day("2026-03-15")) * 500_000_000L, -grid.Account(1).Balance.Nano);
        }

        Assert.InRange(checks, 17, 19);
    }

    [Fact]
    public void An_account_that_agreed_on_a_version_without_a_standing_charge_is_not_looked_at()
    {
        var grid = FoldHarness.WithProduct(true, Given.Flat("1"));
        grid.Execute(0, Open("2026-03-01") with { Follows = false }, Given.At("2026-03-01T00:00+08:00"));
        Assert.Equal(long.MaxValue, grid[0].DueOf(1));
    }

    /// <summary>The same points give the same money with a change of price among them, in whatever order and however often they come, packed or not.</summary>
    [Fact]
    public void Any_order_and_any_resending_give_the_same_money_over_a_change_of_price() =>
        Gen.Select(
            Gen.Select(Gen.Int[5, 600], Gen.Int[0, 40_000]).Array[5, 80], Gen.Int[0, OrderOfArrivalTests.Zones.Length - 1], Gen.Int[0, 3], Gen.Int[2, 25],
            Gen.Int[0, 79].Array[0, 4], Gen.Int)
            .Sample((steps, zone, kind, day, checks, seed) =>
            {
                var readings = ReadingsOf(steps, OrderOfArrivalTests.Zones[zone]);
                Reading[] disorder = [.. readings, .. readings.Where((_, i) => i % 3 == 0)];
                new Random(seed).Shuffle(disorder);
                var inOrder = Run(readings, zone, kind, day, [], packs: true);
                Assert.Equal(inOrder, Run(readings, zone, kind, day, checks, packs: false));
                Assert.Equal(inOrder, Run(disorder, zone, kind, day, checks, packs: true));
                Assert.Equal(inOrder, Run([.. readings.Reverse()], zone, kind, day, checks, packs: true));
            }, iter: PropertyRuns.Of(300));

    [Fact]
    public void Products_are_complete_before_anything_is_decided_by_them()
    {
        var seen = new List<long>();
        var tariff = TariffCompiler.Compile(1, Given.Flat()).Tariff!;
        var fold = new PartitionFold(new PartitionState(0, _ => tariff), _ => tariff, products: seen.Add);
        fold.Apply(Open(), 0, 5_000, new Effects());
        fold.Apply(Given.Reading(7, "2026-03-16T00:00+08:00", 1), 1, 6_000, new Effects());
        Assert.Equal([5_000, 6_000], seen);
    }

    private static Reading[] ReadingsOf((int Minutes, int Wh)[] steps, string zone)
    {
        var (at, wh) = (LocalCalendar.Find(zone)!.StartOf(Given.Day("2026-03-05")), 1_000_000L);
        return [.. steps.Select(s => new Reading(7, RegisterKind.Import, at += s.Minutes * 60_000L, wh += s.Wh, ReadingQuality.None, 0))];
    }

    /// <summary>Balance, entries' sum and days, after all days are closed; two further versions begin on and after a day.</summary>
    private static string Run(Reading[] readings, int zone, int kind, int day, int[] checks, bool packs)
    {
        var name = OrderOfArrivalTests.Zones[zone];
        var first = kind switch
        {
            0 => Given.Flat("0.50", name),
            1 => Given.Flat("0.50", name) with { Tiers = Given.Tiers(), StandingPerDay = "0.3", TaxBasisPoints = 777 },
            2 => Given.Tou(name) with { Tiers = Given.Tiers() },
            _ => Given.Flat("0.50", name) with { Tiers = Given.Tiers("year") },
        };
        var start = LocalCalendar.Find(name)!.StartOf(Given.Day("2026-03-05"));
        var grid = FoldHarness.WithProduct(
            packs, first, first with { Version = 2, EffectiveFrom = new(2026, 3, 5 + day), Rates = Dearer(first) },
            Given.Flat("0.70", name) with { Version = 3, EffectiveFrom = new(2026, 3, 6 + day), Tiers = first.Tiers });
        grid.Execute(0, Open("2026-03-05"), start);
        grid.Execute(0, new InstallMeter(7, 1, new MeterRating(0, 0, 0), start, 1_000_000), start);
        grid.Feed(readings, checks, start, i => Math.Max(start + (i * Instants.MsPerHour), readings[i].TimeMs));
        var end = start + (100 * Instants.MsPerDay);
        grid[0].Append(new Domain.Commands.Check(end, [1]), end);
        grid.Settle();
        var account = grid.Account(1);
        Assert.Equal(account.Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
        var rows = grid[0].AllDays(7).Where(d => d.Points.Count > 0 || d.Energy.Wh != 0)
            .Select(d => $"{Instants.DayToText(d.Key.Day)} {d.Tariff} {string.Join('/', d.RateWh)} {d.Base}");
        return $"{account.Balance}\n{string.Join('\n', rows)}";
    }

    private static RateDefinition[] Dearer(TariffDefinition first) => [.. first.Rates.Select(r => r with { PricePerKwh = $"1{r.PricePerKwh[1..]}" })];

    private static OpenAccount Open(string day = "2026-01-01") => Given.Open(1, day) with { Follows = true };

    private static TariffDefinition Second(string price) => Given.Flat(price) with { Version = 2, EffectiveFrom = On("2026-03-16") };

    private static DateOnly On(string day) => DateOnly.FromDayNumber(Given.Day(day));

    private static void Read(FoldHarness grid, string at, long wh) => Read(grid, Given.At(at), wh);

    private static void Read(FoldHarness grid, long at, long wh)
    {
        grid[0].Append(at, new Reading(7, RegisterKind.Import, at, wh, ReadingQuality.None, 0));
        grid.Settle();
    }
}
