using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>Capacity, interval, register width and transformer ratio of a meter from an instant on: what is charged anew, and what speaks against it.</summary>
public sealed class MeterFactTests
{
    private const long Micro = MeterRating.One;

    /// <summary>
    /// Three days of 10 kWh by the register, the last two of which are behind transformers of 60: 10 + 600 + 600 kWh × 0.50. The two days were closed with 5.00
    /// each, and their corrections name those entries.
    /// </summary>
    [Fact]
    public void A_ratio_from_a_past_day_corrects_each_day_since()
    {
        var grid = Days(3);
        Assert.Equal("-15.000000000", grid.Account(1).Balance.ToString());
        Assert.Null(Set(grid, "2026-03-02T00:00+08:00", ratio: 60).Refusal);
        Assert.Equal(("-605.000000000", 1_210_000), (grid.Account(1).Balance.ToString(), grid.Account(1).Meters[0].TotalCharged.Wh));
        Check(grid, "2026-03-08T12:00+08:00");
        var days = grid[0].Entries.Where(e => e.Kind == EntryKind.Charge && e.Day > 0).ToDictionary(e => e.Day, e => e.Position);
        var corrections = grid[0].Entries.Where(e => e.Kind == EntryKind.Correction).ToList();
        Assert.Equal([Given.Day("2026-03-02"), Given.Day("2026-03-03")], corrections.Select(e => e.Day));
        Assert.All(corrections, e => Assert.Equal((days[e.Day], "-295.000000000"), (e.CorrectsPosition, e.Amount.ToString())));
        Assert.Equal(grid.Account(1).Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
        var told = Assert.Single(grid[0].Events.Select(e => e.Event).OfType<MeterFactsSet>());
        Assert.Equal((1_180_000, 0, 590_000_000_000, true), (told.ChargedWh, told.HeldWh, told.Charge.Nano, told.Approved));

        // Set right: 50 instead of 60 from the installation on.
        Assert.Null(Set(grid, "2026-03-02T00:00+08:00", ratio: 1).Refusal);
        Assert.Null(Set(grid, "2026-03-01T00:00+08:00", ratio: 50).Refusal);
        Assert.Null(Set(grid, "2026-03-02T00:00+08:00", ratio: 50).Refusal);
        Assert.Equal("-750.000000000", grid.Account(1).Balance.ToString());
    }

    /// <summary>A reading of 30 kWh in an hour is held by 20 kW and by 29, and charged by 30.</summary>
    [Theory]
    [InlineData(20_000, 0, 30_000)]
    [InlineData(28_999, 0, 30_000)]
    [InlineData(29_000, 30_000, 0)]
    [InlineData(0, 30_000, 0)]
    public void A_spike_is_judged_by_the_capacity_of_its_time(long capacityW, long chargedWh, long heldWh)
    {
        var grid = Grid(capacityW: 20_000);
        grid[0].Append(Given.At("2026-03-02T03:00+08:00"), Given.Reading(7, "2026-03-02T01:00+08:00", 0), Given.Reading(7, "2026-03-02T02:00+08:00", 30_000));
        grid.Settle();
        Assert.Equal(30_000, grid.Account(1).Meters[0].TotalHeld.Wh);
        Assert.Null(Set(grid, "2026-03-02T01:30+08:00", capacityW: capacityW).Refusal);
        var meter = grid.Account(1).Meters[0];
        Assert.Equal((chargedWh, heldWh), (meter.TotalCharged.Wh, meter.TotalHeld.Wh));
        Assert.Equal(heldWh != 0, grid[0].Exceptions.Any(e => e.Key.Outcome == VeeOutcome.Spike && e.Value.Open));

        // What ends before the instant is judged as it was.
        Assert.Null(Set(grid, "2026-03-02T02:00+08:00", capacityW: 1).Refusal);
        Assert.Equal(chargedWh, grid.Account(1).Meters[0].TotalCharged.Wh);
    }

    [Fact]
    public void A_width_makes_a_fall_a_rollover_and_an_interval_makes_gaps()
    {
        var grid = Grid();
        grid[0].Append(Given.At("2026-03-02T05:00+08:00"), Given.Reading(7, "2026-03-02T01:00+08:00", 99_000),
            Given.Reading(7, "2026-03-02T02:00+08:00", 1_000));
        grid.Settle();
        Assert.Equal(-98_000, grid.Account(1).Meters[0].TotalHeld.Wh);
        Assert.Null(Set(grid, "2026-03-01T00:00+08:00", widthWh: 100_000).Refusal);
        Assert.Equal((101_000, 0), (grid.Account(1).Meters[0].TotalCharged.Wh, grid.Account(1).Meters[0].TotalHeld.Wh));
        Assert.DoesNotContain(grid[0].Exceptions, e => e.Value.Open);
        Assert.Null(Set(grid, "2026-03-02T01:00+08:00", intervalMs: 1_800_000).Refusal);
        var gap = Assert.Single(grid[0].Exceptions, e => e.Value.Open);
        Assert.Equal((VeeOutcome.Gap, Given.At("2026-03-02T02:00+08:00")), (gap.Key.Outcome, gap.Key.TimeMs));
    }

    /// <summary>The rate registers, 2.8.0 and 3.8.0 of a meter are behind the same transformers as its 1.8.0.</summary>
    [Fact]
    public void All_registers_of_a_meter_have_its_ratio()
    {
        var grid = new FoldHarness(1, Given.Registers() with { Export = Given.FeedIn("0.10") });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid.Execute(0, Given.RateMeter(7, 1, "2026-03-01T00:00+08:00", 0, 0, 0) with { ExportWh = 0, ReactiveVarh = 0 });
        const string At = "2026-03-01T01:00+08:00";
        grid[0].Append(Given.At("2026-03-01T02:00+08:00"), Given.Reading(7, At, 6_000), Given.Rate(7, 1, At, 1_000), Given.Rate(7, 2, At, 2_000),
            Given.Rate(7, 3, At, 3_000), Given.Export(7, At, 400), new Reading(7, RegisterKind.Reactive, Given.At(At), 500, 0, 0));
        grid.Settle();
        Assert.Null(Set(grid, "2026-03-01T00:00+08:00", ratio: 10).Refusal);
        var meter = grid.Account(1).Meters[0];
        Assert.Equal((60_000, 4_000, 5_000), (meter.TotalCharged.Wh, meter.Export!.Charged.Wh, meter.Reactive!.Charged.Wh));

        // 10 × 0.80 + 20 × 0.50 + 30 × 0.20 − 4 × 0.10.
        Assert.Equal("-23.600000000", grid.Account(1).Balance.ToString());
    }

    [Theory]
    [InlineData(null, null, "meter.facts_missing")]
    [InlineData("2026-02-28T23:59+08:00", 60L, "meter.facts_time")]
    [InlineData("2026-03-09T00:00+08:00", 60L, "meter.facts_time")]
    [InlineData("2026-03-02T06:00+08:00", 60L, "meter.facts_reading")]
    [InlineData("2026-03-02T00:00+08:00", 0L, "meter.ratio_invalid")]
    [InlineData("2026-03-02T00:00+08:00", 20_000_001L, "meter.ratio_invalid")]
    [InlineData("2026-03-02T00:00+08:00", 20L, null)]
    public void Refusals(string? from, long? ratio, string? code) =>
        Assert.Equal(code, Set(Days(3), from ?? "2026-03-02T00:00+08:00", ratio: ratio).Refusal?.Code.Text);

    [Fact]
    public void A_meter_remembers_so_many_changes()
    {
        var grid = Grid();
        CommandOutcome Set(int minute) => grid.Execute(0, new SetMeterFacts(1, 7, new(Given.At("2026-03-01T00:00+08:00") + (minute * 60_000), minute), "more",
            "a"), Given.At("2026-03-08T00:00+08:00"));
        Assert.All(Enumerable.Range(1, Limits.MeterFactsMax), minute => Assert.Null(Set(minute).Refusal));
        Assert.Equal("meter.facts_too_many", Set(0).Refusal?.Code.Text);
        Assert.Null(Set(Limits.MeterFactsMax).Refusal);
    }

    /// <summary>Two days behind transformers of 60 are 590.00 more, of 200 are 1,990.00: above 1,000 a second must agree.</summary>
    [Theory]
    [InlineData(60, null, null)]
    [InlineData(101, null, null)]
    [InlineData(102, null, "approval.needed")]
    [InlineData(200, "a", "approval.needed")]
    [InlineData(200, "b", null)]
    public void Above_what_one_person_may_move_a_second_agrees(long ratio, string? agreed, string? code)
    {
        var grid = Days(3);
        Assert.Equal(code, Set(grid, "2026-03-02T00:00+08:00", ratio: ratio, agreed: agreed).Refusal?.Code.Text);
        Assert.Equal(code is null ? -5 - (10 * ratio) : -15, grid.Account(1).Balance.Nano / Money.NanoPerUnit);
    }

    /// <summary>A pack that allows one month back: on 10 May no difference that begins before 10 April brings more, and each may bring less.</summary>
    [Theory]
    [InlineData("2026-04-09T23:59+08:00", 2, "meter.facts_time")]
    [InlineData("2026-04-10T00:00+08:00", 2, null)]
    public void Days_behind_the_packs_limit_never_become_dearer(string from, long ratio, string? code)
    {
        var grid = Customer(PaymentMode.Postpaid, d => d with { BackBillingMonths = 1 });
        for (var day = Given.Day("2026-03-02"); day <= Given.Day("2026-05-10"); day++)
        {
            var at = Given.At($"{Instants.DayToText(day)}T00:00+08:00");
            grid[0].Append(at, new Reading(7, RegisterKind.Import, at, (day - Given.Day("2026-03-01")) * 1_000L, 0, 0));
            grid.Settle();
        }

        Check(grid, "2026-05-10T12:00+08:00");
        var refusal = Set(grid, from, ratio: ratio, now: "2026-05-10T13:00+08:00").Refusal;
        Assert.Equal(code, refusal?.Code.Text);
        Assert.True(code is null || refusal!.Detail.Contains("2026-04-09T16:00", StringComparison.Ordinal), refusal?.Detail);
    }

    /// <summary>What is used behind transformers nobody knew of takes a prepaid customer below zero: it is debt, and nobody is cut for it.</summary>
    [Fact]
    public void A_prepaid_customer_is_not_cut_for_what_is_corrected()
    {
        var grid = Customer(PaymentMode.Prepaid, d => d);
        grid.Execute(0, Given.Pay(1, "100"), Given.At("2026-03-01T00:00+08:00"));
        Read(grid, 3);
        Assert.Equal("85.000000000", grid.Account(1).Balance.ToString());
        Assert.Null(Set(grid, "2026-03-02T00:00+08:00", ratio: 60, now: "2026-03-05T13:00+08:00").Refusal);
        var account = grid.Account(1);
        Assert.Equal(("0.000000000", "505.000000000"), (account.Balance.ToString(), account.Customer!.Debt.Left.ToString()));
        Assert.Contains(account.Customer.Cases, c => c.Kind == CaseKind.DebtTerms);
        Assert.Equal(Relay.On, account.Customer.Supply.Relay);
    }

    /// <summary>
    /// Transformers of 60 since 3 March, and the meter on another account since 2 March: the two are told in either order, and the new account is charged for
    /// 10 and 600 kWh of 2 and 3 March.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_move_takes_later_facts_with_it(bool movesFirst)
    {
        var grid = new FoldHarness(2, Given.Flat(), Given.Flat() with { Id = "other" });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid.Execute(1, Given.Open(2, "2026-03-01", 2));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        Read(grid, 3);
        var (now, at) = (Given.At("2026-03-05T13:00+08:00"), Given.At("2026-03-02T00:00+08:00"));
        if (movesFirst)
        {
            Assert.Null(grid.Execute(0, new ReleaseMeter(7, 2, 1, at, null), now).Refusal);
            Assert.Equal("meter.not_on_account", Set(grid, "2026-03-03T00:00+08:00", ratio: 60, now: "2026-03-05T13:00+08:00").Refusal?.Code.Text);
            Assert.Null(grid.Execute(1, new SetMeterFacts(2, 7, new(at + Instants.MsPerDay, RatioMicro: 60 * Micro), "wrong", "a", "b"), now).Refusal);
        }
        else
        {
            Assert.Null(Set(grid, "2026-03-03T00:00+08:00", ratio: 60, now: "2026-03-05T13:00+08:00").Refusal);
            Assert.Null(grid.Execute(0, new ReleaseMeter(7, 2, 1, at, null), now).Refusal);
        }

        Assert.Equal(("-5.000000000", "-305.000000000"), (grid.Account(1).Balance.ToString(), grid.Account(2).Balance.ToString()));
    }

    /// <summary>Transformers belong to the place: the next device is behind them, unless others are named.</summary>
    [Theory]
    [InlineData(null, 60)]
    [InlineData(80, 80)]
    [InlineData(1, 1)]
    public void An_exchange_keeps_the_ratio_of_its_place(int? named, int ratio)
    {
        var grid = Days(1);
        Assert.Null(Set(grid, "2026-03-01T00:00+08:00", ratio: 60).Refusal);
        Assert.Null(grid.Execute(0, new ExchangeMeter(7, 8, Given.At("2026-03-02T00:00+08:00"), 10_000, 500, new(0, 0, 0), RatioMicro: named * Micro)).Refusal);
        grid[0].Append(Given.At("2026-03-02T01:00+08:00"), Given.Reading(8, "2026-03-02T01:00+08:00", 1_500));
        grid.Settle();
        Assert.Equal(1_000 * ratio, grid.Account(1).Meters.Single(m => m.Number == 8).TotalCharged.Wh);
    }

    /// <summary>A meter is removed, is in stock with a reading of the test bench, and comes to another account at transformers that have to be named.</summary>
    [Theory]
    [InlineData(null, "meter.ratio_invalid", 0)]
    [InlineData(1, null, 1_000)]
    [InlineData(40, null, 40_000)]
    public void A_meter_from_the_stock_says_its_ratio(int? ratio, string? code, long chargedWh)
    {
        var grid = new FoldHarness(2, Given.Flat(), Given.Flat() with { Id = "other" });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid.Execute(1, Given.Open(2, "2026-03-01", 2));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        Read(grid, 1);
        Assert.Null(Set(grid, "2026-03-01T00:00+08:00", ratio: 60).Refusal);
        var at = Given.At("2026-03-03T00:00+08:00");
        Assert.Null(grid.Execute(0, new ReleaseMeter(7, 0, 0, at, 12_000)).Refusal);
        Assert.Equal("assignment.same_account", grid.Execute(0, new ReleaseMeter(7, 0, 0, at + 1, null)).Refusal?.Code.Text);
        Assert.Equal("-360.000000000", grid.Account(1).Balance.ToString());
        grid[0].Append(at + 1_000, new Reading(7, RegisterKind.Import, at + 1_000, 12_100, 0, 0));
        grid.Settle();
        Assert.Equal("-360.000000000", grid.Account(1).Balance.ToString());
        Assert.Equal(6_000, grid[0].State.FindMeter(7)!.TotalHeld.Wh);
        Assert.Equal(code, grid.Execute(0, new ReleaseMeter(7, 2, 1, at + 9_000, null, RatioMicro: ratio * Micro)).Refusal?.Code.Text);
        if (code is null)
        {
            grid[1].Append(at + Instants.MsPerHour, new Reading(7, RegisterKind.Import, at + Instants.MsPerHour, 13_100, 0, 0));
            grid.Settle();
            Assert.Equal(chargedWh, grid.Account(2).Meters[0].TotalCharged.Wh);
        }
    }

    private static FoldHarness Grid(long capacityW = 0)
    {
        var grid = new FoldHarness(1, Given.Flat());
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00", capacityW: capacityW));
        return grid;
    }

    /// <summary>Days of 10 kWh from 1 March on, closed.</summary>
    private static FoldHarness Days(int days)
    {
        var grid = Grid();
        Read(grid, days);
        return grid;
    }

    private static void Read(FoldHarness grid, int days)
    {
        for (var day = 1; day <= days; day++)
        {
            var at = Given.At("2026-03-01T00:00+08:00") + (day * Instants.MsPerDay);
            grid[0].Append(at, new Reading(7, RegisterKind.Import, at, day * 10_000L, 0, 0));
            grid.Settle();
        }

        Check(grid, "2026-03-05T12:00+08:00");
    }

    private static FoldHarness Customer(PaymentMode mode, Func<PolicyDefinition, PolicyDefinition> change)
    {
        var grid = new FoldHarness(1, Given.Flat()).With(1, Packs.Get("cn-residential", change));
        grid.Execute(0, Given.Open(1, "2026-03-01") with { Mode = mode }, Given.At("2026-03-01T00:00+08:00"));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"), Given.At("2026-03-01T00:00+08:00"));
        grid.Execute(0, new SetCustomer(1, 1, CustomerClass.Residential, CustomerTraits.None, "form 1"), Given.At("2026-03-01T00:00+08:00"));
        return grid;
    }

    private static void Check(FoldHarness grid, string at)
    {
        grid[0].Append(new Domain.Commands.Check(Given.At(at), [1]), Given.At(at));
        grid.Settle();
    }

    private static CommandOutcome Set(FoldHarness grid, string from, long? ratio = null, long? capacityW = null, long? widthWh = null, int? intervalMs = null,
        string? agreed = "b", string now = "2026-03-08T00:00+08:00") =>
        grid.Execute(0, new SetMeterFacts(1, 7, new(Given.At(from), capacityW, widthWh, intervalMs, ratio * Micro), "wrong", "a", agreed), Given.At(now));
}
