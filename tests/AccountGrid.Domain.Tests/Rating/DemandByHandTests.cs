using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>The demand charge worked out by hand: 48 per kW and month, at least 40 % of the contract, twice above 105 %. The contract is 300 kW.</summary>
public sealed class DemandByHandTests
{
    /// <summary>40 % of 300 are 120 kW, 105 % are 315 kW. 316 kW cost 316 + 1 times the price.</summary>
    [Theory]
    [InlineData(0, 120)]
    [InlineData(119, 120)]
    [InlineData(120, 120)]
    [InlineData(121, 121)]
    [InlineData(314, 314)]
    [InlineData(315, 315)]
    [InlineData(316, 317)]
    [InlineData(400, 485)]
    public void The_maximum_is_charged_from_the_minimum_on_and_twice_above_the_border(int kW, int charged)
    {
        var grid = April();
        Quarter(grid, "2026-04-10T10:00+08:00", kW);
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal(new Money(charged * 48 * Money.NanoPerUnit).ToString(), TwoPart.First(grid));
        Assert.Equal(
            (kW * 1_000L, kW == 0 ? 0 : Given.At("2026-04-10T10:00+08:00")), grid.Account(1).Periods[0].Closed.TwoPart!.Maximum);
        Assert.Equal(grid.Account(1).Balance, grid.Account(1).LedgerBalance);
    }

    /// <summary>The same energy, 50 kWh from 10:00 to 10:15, in other readings.</summary>
    [Theory]
    [InlineData("10:00=0,10:05=10000,10:10=45000,10:15=50000", 200)] // Five minutes each: the quarter's average counts.
    [InlineData("10:00=0,10:15=50000,10:30=50000", 200)]
    [InlineData("10:00=0,10:30=50000", 100)] // Half an hour's average.
    [InlineData("10:00=0,11:00=50000", 50)] // An hour's.
    [InlineData("10:00=0,11:01=50000", 0)] // What a longer interval hides is not known.
    [InlineData("10:07=0,10:22=50000,10:37=100000", 200)] // Not on the quarters of the clock: from 10:15 to 10:30 it is known all the same.
    [InlineData("10:07=0,10:22=50000", 0)] // No quarter is known whole.
    [InlineData("10:00=0,10:15=50000e", 0)] // Estimates are no demand.
    [InlineData("10:00=0e,10:15=50000", 0)]
    [InlineData("10:00=0,10:15=49999", 199)] // 199,996 W.
    public void Intervals_of_the_clock_count_where_they_are_known_whole(string readings, int kW)
    {
        var grid = April();
        foreach (var text in readings.Split(','))
        {
            var (time, value, isEstimate) = (text[..5], long.Parse(text[6..].TrimEnd('e')), text.EndsWith('e'));
            grid[0].Append(0, Given.Reading(7, $"2026-04-10T{time}+08:00", value) with { Quality = isEstimate ? ReadingQuality.Estimated : 0 });
        }

        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal(kW, grid.Account(1).Periods[0].Closed.TwoPart!.Maximum.W / 1_000);
    }

    /// <summary>60 kW for a quarter of an hour, and nothing else, are 15 kW of an hour.</summary>
    [Theory]
    [InlineData(15, 60_000)]
    [InlineData(30, 30_000)]
    [InlineData(60, 15_000)]
    public void The_tariff_says_how_long_an_interval_is(int minutes, long w)
    {
        var grid = April(interval: minutes);
        grid[0].Append(0, [.. Enumerable.Range(0, 9).Select(i =>
            Given.Reading(7, $"2026-04-10T{10 + (i / 4)}:{i % 4 * 15:00}+08:00", i >= 3 ? 15_000 : 0))]);
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal(w, grid.Account(1).Periods[0].Closed.TwoPart!.Maximum.W);
    }

    /// <summary>Twenty days of April: (20 / 30) × 200 × 48 = 6,400; opened on the 11th, or closed with the 20th.</summary>
    [Theory]
    [InlineData("2026-04-11", null)]
    [InlineData("2026-04-01", "2026-04-20")]
    public void A_part_of_a_month_costs_its_days(string first, string? last)
    {
        var grid = April(first);
        Quarter(grid, "2026-04-15T10:00+08:00", 200);
        if (last is not null)
        {
            Assert.Null(grid.Execute(0, new ReleaseMeter(7, 0, 0, Given.At("2026-04-21T00:00+08:00"), 50_000)).Refusal);
            Assert.Null(grid.Execute(0, new CloseAccount(1, Given.Day(last), "moved"), Given.At("2026-04-22T00:00+08:00")).Refusal);
        }

        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal("6400.000000000", TwoPart.First(grid));
    }

    /// <summary>On the day on which clocks go back an hour comes twice; on the other one none. Each interval is its own.</summary>
    [Theory]
    [InlineData("2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-26", 96)]
    [InlineData("2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-30", 96)]
    public void Days_of_23_and_25_hours(string first, string second, string next, int kW)
    {
        var month = first[..8];
        var grid = new FoldHarness(1, TwoPart.ByDemand("Europe/Berlin"));
        grid.Execute(0, TwoPart.Open(month + "01", 300));
        grid.Execute(0, Given.Meter(7, 1, month + "20T00:00+01:00"));
        var wh = 0L;
        foreach (var at in new[] { first, second })
        {
            grid[0].Append(0, new Reading(7, RegisterKind.Import, Given.At(at), wh, 0, 0));
            grid[0].Append(0, new Reading(7, RegisterKind.Import, Given.At(at) + 900_000, wh += 24_000, 0, 0));
        }

        TwoPart.Check(grid, next + "T23:00+00:00");
        TwoPart.Check(grid, next[..8] + "31T23:30+00:00");
        Assert.Equal((kW * 1_000L, Given.At(first)), grid.Account(1).Periods[0].Closed.TwoPart!.Maximum);
    }

    /// <summary>
    /// Two meters at once are two supply points: 100 + 150 kW, at whatever times. One that replaces another is the same: the higher counts.
    /// </summary>
    [Theory]
    [InlineData(false, 250_000)]
    [InlineData(true, 150_000)]
    public void Supply_points_are_added(bool isExchange, long w)
    {
        var grid = April();
        Quarter(grid, "2026-04-10T10:00+08:00", 100);
        if (isExchange)
        {
            Assert.Null(grid.Execute(0, new ExchangeMeter(7, 8, Given.At("2026-04-10T12:00+08:00"), 25_000, 0, default)).Refusal);
        }
        else
        {
            grid.Execute(0, Given.Meter(8, 1, "2026-04-10T12:00+08:00"));
        }

        Quarter(grid, "2026-04-10T16:00+08:00", 150, meter: 8);
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal(w, grid.Account(1).Periods[0].Closed.TwoPart!.Maximum.W);
    }

    /// <summary>A meter that is assigned to its account again, to measure more, is the same supply point.</summary>
    [Fact]
    public void Other_registers_make_no_other_supply_point()
    {
        var grid = April();
        Quarter(grid, "2026-04-10T10:00+08:00", 100);
        Assert.Null(grid.Execute(0, new ReleaseMeter(7, 1, 0, Given.At("2026-04-10T12:00+08:00"), 25_000, ReactiveVarh: 0, MeasuresReactive: true)).Refusal);
        grid[0].Append(0, Given.Reading(7, "2026-04-10T16:00+08:00", 25_000), Given.Reading(7, "2026-04-10T16:15+08:00", 45_000));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal(100_000, grid.Account(1).Periods[0].Closed.TwoPart!.Maximum.W);
    }

    /// <summary>
    /// 200 kW on the 10th, and the readings of a higher quarter on the 20th come in May: 316 kW cost 317 × 48 = 15,216 instead of 9,600, and the entry corrects
    /// the first one of its day. A correction of the register takes it back.
    /// </summary>
    [Fact]
    public void A_late_reading_changes_a_closed_month()
    {
        var grid = April();
        Quarter(grid, "2026-04-10T10:00+08:00", 200);
        grid[0].Append(0, Given.Reading(7, "2026-04-20T10:00+08:00", 50_000), Given.Reading(7, "2026-04-20T12:00+08:00", 129_000));
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal("9600.000000000", TwoPart.First(grid));
        var before = grid[0].Entries.Count;

        grid[0].Append(Given.At("2026-05-05T10:00+08:00"), Given.Reading(7, "2026-04-20T10:15+08:00", 129_000));
        TwoPart.Check(grid, "2026-05-07T12:00+08:00");
        Assert.Equal("15216.000000000", TwoPart.First(grid));
        var correction = grid[0].Entries.Skip(before).Single(e => e.Kind == EntryKind.Correction);
        Assert.Equal(("-5616.000000000", Given.Day("2026-04-20")), (correction.Amount.ToString(), correction.Day));
        Assert.Equal(grid[0].AllDays(7).Single(d => d.Key.Day == correction.Day).EntryPosition, correction.CorrectsPosition);

        grid[0].Append(Given.At("2026-05-08T10:00+08:00"), Given.Reading(7, "2026-04-20T10:15+08:00", 60_000, revision: 1));
        TwoPart.Check(grid, "2026-05-10T12:00+08:00");
        Assert.Equal("9600.000000000", TwoPart.First(grid));
        Assert.Equal(grid.Account(1).Balance, grid.Account(1).LedgerBalance);
    }

    /// <summary>Rate registers are charged, and the demand is that of 1.8.0 beside them.</summary>
    [Fact]
    public void Rate_registers_have_the_demand_of_the_total()
    {
        var grid = new FoldHarness(1, Given.Registers() with { Demand = TwoPart.ByDemand().Demand });
        grid.Execute(0, TwoPart.Open("2026-04-01", 300));
        grid.Execute(0, Given.RateMeter(7, 1, "2026-04-01T00:00+08:00", 0, 0, 0));
        Quarter(grid, "2026-04-10T10:00+08:00", 130);
        TwoPart.Check(grid, "2026-05-04T12:00+08:00");
        Assert.Equal("6240.000000000", TwoPart.First(grid));
    }

    [Fact]
    public void A_contract_is_agreed_on_before_its_month()
    {
        var grid = April();
        string? Told(string from, string at) =>
            grid.Execute(0, new SetContractedCapacity(1, 400_000, Given.Day(from), "more"), Given.At(at)).Refusal?.Code.Text;
        Assert.Equal("capacity.day", Told("2026-04-01", "2026-04-11T00:00+08:00"));
        Assert.Equal("capacity.day", Told("2026-05-02", "2026-04-11T00:00+08:00"));
        Assert.Null(Told("2026-05-01", "2026-04-30T23:00+08:00"));
        TwoPart.Check(grid, "2026-05-31T12:00+08:00");

        // 40 % of 400 in May.
        Assert.Equal("7680.000000000", grid.Account(1).Periods[1].Charge.ToString());
    }

    /// <summary>What was agreed on under another tariff does not begin within a month of this one either, in whichever order it is said.</summary>
    [Theory]
    [InlineData("2026-06-15", "2026-05-01", "capacity.day")]
    [InlineData("2026-06-15", "2026-07-01", null)]
    [InlineData("2026-06-01", "2026-05-01", null)]
    [InlineData("2026-04-15", "2026-05-01", null)]
    public void A_contract_of_before_does_not_begin_within_a_month(string contract, string change, string? code)
    {
        var grid = new FoldHarness(1, Given.Flat(), TwoPart.ByDemand() with { Id = "demand" });
        Assert.Null(grid.Execute(0, TwoPart.Open("2026-04-01", 300)).Refusal);
        Assert.Null(grid.Execute(0, new SetContractedCapacity(1, 400_000, Given.Day(contract), "more"), Given.At("2026-04-02T00:00+08:00")).Refusal);
        Assert.Equal(code, grid.Execute(0, new ChangeTariff(1, 2, Given.Day(change)), Given.At("2026-04-02T00:00+08:00")).Refusal?.Code.Text);
    }

    /// <summary>A product's version brings the demand charge to an account without a contract: its first one is for whole months too.</summary>
    [Theory]
    [InlineData("2026-05-10", "capacity.day")]
    [InlineData("2026-05-01", null)]
    [InlineData("2026-06-01", null)]
    public void The_first_contract_begins_with_its_month(string from, string? code)
    {
        var grid = FoldHarness.WithProduct(true, Given.Flat(), TwoPart.ByDemand() with { Version = 2, EffectiveFrom = new(2026, 5, 1) });
        Assert.Null(grid.Execute(0, Given.Open(1, "2026-04-01") with { Follows = true }).Refusal);
        TwoPart.Check(grid, "2026-05-20T12:00+08:00");
        var first = new SetContractedCapacity(1, 1_000, Given.Day(from), "first");
        Assert.Equal(code, grid.Execute(0, first, Given.At("2026-05-20T12:00+08:00")).Refusal?.Code.Text);
    }

    private static FoldHarness April(string first = "2026-04-01", int interval = 15)
    {
        var grid = new FoldHarness(1, TwoPart.ByDemand(interval: interval));
        Assert.Null(grid.Execute(0, TwoPart.Open(first, 300)).Refusal);
        Assert.Null(grid.Execute(0, Given.Meter(7, 1, first + "T00:00+08:00")).Refusal);
        return grid;
    }

    /// <summary>A quarter of an hour of a demand, from 0 on.</summary>
    private static void Quarter(FoldHarness grid, string at, int kW, int meter = 7)
    {
        grid[0].Append(0, Given.Reading(meter, at, 0), new Reading(meter, RegisterKind.Import, Given.At(at) + 900_000, kW * 250L, 0, 0));
        grid.Settle();
    }
}
