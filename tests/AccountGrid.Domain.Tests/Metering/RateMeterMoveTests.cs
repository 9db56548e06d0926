using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>A meter of rate registers that moves, is exchanged, or goes over from and to 1.8.0: each register has its own value at the instant.</summary>
public sealed class RateMeterMoveTests
{
    private const string Start = "2026-03-01T00:00+08:00";
    private const string At = "2026-03-02T02:00+08:00";

    private readonly FoldHarness _grid = new(2, Given.Registers(), Given.Flat() with { Id = "flat" });

    public RateMeterMoveTests()
    {
        _grid.Execute(0, Given.Open(1));
        _grid.Execute(1, Given.Open(2));
        _grid.Execute(0, Given.RateMeter(7, 1, Start, 100, 200));
        Push(0, 7, "2026-03-02T01:00+08:00", 1_100, 2_200);
    }

    [Fact]
    public void A_move_divides_each_register_at_its_value()
    {
        Push(0, 7, "2026-03-02T03:00+08:00", 3_100, 4_200);
        Assert.True(_grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At(At), 6_000, [2_000, 4_000])).Accepted);
        Assert.Equal([1_900, 3_800], Rates(0, 7, 0));
        Assert.Equal([1_100, 200], Rates(1, 7, 1));
        Assert.Equal([2_000, 4_000], Assert.Single(_grid[1].Events, e => e.Event is MeterInstalled).Event is MeterInstalled i ? i.RateRegistersWh! : []);

        // Late data finds its own account and register.
        Push(0, 7, "2026-03-02T04:00+08:00", 3_500, 4_600);
        Push(1, 7, "2026-03-02T01:30+08:00", 1_500, 3_000);
        Assert.Equal([1_900, 3_800], Rates(0, 7, 0));
        Assert.Equal([1_500, 600], Rates(1, 7, 1));
    }

    [Fact]
    public void Without_values_each_register_ends_at_its_last_one()
    {
        _grid[0].Append(0, Given.Rate(7, 2, "2026-03-02T01:30+08:00", 2_700));
        _grid.Settle();
        Assert.True(_grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At(At), null)).Accepted);
        Push(1, 7, "2026-03-02T03:00+08:00", 1_600, 3_000);
        Assert.Equal([1_000, 2_500], Rates(0, 7, 0));
        Assert.Equal([500, 300], Rates(1, 7, 1));
    }

    /// <summary>A move into closed days opens those of all registers; nothing is moved if one of them does not follow.</summary>
    [Fact]
    public void A_move_is_of_all_registers_or_none()
    {
        Push(0, 7, "2026-03-04T00:00+08:00", 24_100, 24_200);
        var now = Given.At("2026-03-20T00:00+08:00");
        _grid[0].Append(new Check(now, [1]), now);
        _grid.Settle();
        var before = _grid[0].StateText();
        var refused = _grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At("2026-03-02T01:00+08:00"), null, [1_100, 2_201]), now);
        Assert.Equal("register 1.8.2: 2201 Wh, but the meter's reading at that instant is 2200 Wh.", refused.Refusal!.Detail);
        Assert.Equal([24_000, 24_000], Rates(0, 7, 0));
        Assert.NotEqual(before, _grid[0].StateText());
        Assert.True(_grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At("2026-03-02T01:00+08:00"), null, [1_100, 2_200]), now).Accepted);
        Assert.Equal([1_000, 2_000], Rates(0, 7, 0));
        Assert.Equal([23_000, 22_000], Rates(1, 7, 1));
        now += Instants.MsPerDay;
        _grid[0].Append(new Check(now, [1]), now);
        _grid.Settle();
        Assert.Equal(_grid.Account(1).Balance.Nano, _grid[0].Entries.Where(e => e.Account == 1).Sum(e => e.Amount.Nano));
    }

    [Theory]
    [InlineData(null, "meter.rate_registers_invalid")]
    [InlineData("2000", "meter.rate_registers_invalid")]
    [InlineData("2000 4000 1", "meter.rate_registers_invalid")]
    [InlineData("1000 4000", "exchange.final_register")]
    [InlineData("2000 4000", null)]
    public void An_exchange_has_a_final_value_of_each_register(string? final, string? code)
    {
        var outcome = _grid.Execute(0, new ExchangeMeter(7, 9, Given.At(At), 0, 70_000, default, Longs(final), [10, 20, 40]));
        Assert.Equal(code, outcome.Refusal?.Code.Text);
        if (code is null)
        {
            Push(0, 9, "2026-03-02T03:00+08:00", 11, 22, 44);
            Assert.Equal([1_900, 3_800], Rates(0, 7, 0));
            Assert.Equal([1, 2, 4], Rates(0, 9, 0));
        }
    }

    /// <summary>A meter that stands already goes over to its rate registers at an instant, on the same account, and back.</summary>
    [Fact]
    public void A_meter_goes_over_to_its_rate_registers_and_back()
    {
        _grid.Execute(0, Given.Meter(8, 1, Start, 5_000));
        _grid[0].Append(0, Given.Reading(8, "2026-03-02T01:00+08:00", 6_000), Given.Reading(8, "2026-03-02T03:00+08:00", 9_000));
        _grid.Settle();
        Assert.Equal("meter.register_invalid", Change(8, null, [0, 0], true)?.Text);
        Assert.Equal("meter.rate_registers_invalid", Change(8, 7_000, null, true)?.Text);
        Assert.Equal("tariff.registers_not_mapped", Change(8, 7_000, [0, 0, 0, 0], true)?.Text);
        Assert.Equal("assignment.same_account", Change(8, 7_000, null, false)?.Text);
        Assert.Null(Change(8, 7_000, [500, 900], true));
        Push(0, 8, "2026-03-02T03:00+08:00", 1_500, 1_900);
        Assert.Equal([1_000, 1_000], Rates(0, 8, 1));
        Assert.Equal(2_000, _grid.Account(1).Meters.Single(m => m is { Number: 8, Assignment: 0 }).Charged.Wh);

        Assert.Null(Change(8, 10_000, [2_000, 2_500], false, "2026-03-02T04:00+08:00"));
        _grid[0].Append(0, Given.Reading(8, "2026-03-02T05:00+08:00", 10_700));
        _grid.Settle();
        Assert.Equal([1_500, 1_600], Rates(0, 8, 1));
        Assert.Equal(700, _grid.Account(1).Meters.Single(m => m is { Number: 8, Assignment: 2 }).Charged.Wh);
    }

    [Fact]
    public void On_no_account_the_registers_hold_and_not_the_total()
    {
        _grid.Execute(1, Given.RateMeter(8, 0, Start, 10, 20));
        _grid[1].Append(0, Given.Rate(8, 1, "2026-03-01T01:00+08:00", 110), Given.Rate(8, 2, "2026-03-01T01:00+08:00", 220),
            Given.Reading(8, "2026-03-01T01:00+08:00", 330));
        _grid.Settle();
        var meter = _grid[1].State.PeekMeter(8)!;
        Assert.Equal((300, 0), (meter.TotalHeld.Wh, meter.Held.Wh));
        Assert.True(_grid.Execute(1, new ReleaseMeter(8, 1, 0, Given.At("2026-03-02T00:00+08:00"), null)).Accepted);
        Push(0, 8, "2026-03-02T01:00+08:00", 111, 222);
        Assert.Equal([1, 2], Rates(0, 8, 1));
    }

    /// <summary>A cut rests on what is charged: on the registers, of which the slowest counts, and not on a total that never comes.</summary>
    [Fact]
    public void The_age_of_readings_is_that_of_the_slowest_register()
    {
        var life = new Life("2026-03-01", PaymentMode.Prepaid, Packs.Get("cn-residential"), tariff: Given.Registers());
        life.Ok(Given.RateMeter(9, Life.Account, Start, 0, 0));
        life.To("2026-03-03T00:00:00+08:00");
        life.Partition.Append(life.NowMs, Given.Rate(9, 1, "2026-03-02T20:00+08:00", 5), Given.Rate(9, 2, "2026-03-02T19:00+08:00", 5));
        life.Grid.Settle();
        var facts = InterlockCheck.Evaluate(life.State, life.Policy, life.NowMs)!.Facts;
        Assert.Equal((Given.At("2026-03-02T19:00+08:00"), false), (facts.LastReadingMs, facts.HasDoubtfulReadings));
        life.Partition.Append(life.NowMs, Given.Rate(9, 2, "2026-03-02T21:00+08:00", 4, ReadingQuality.Questionable));
        life.Grid.Settle();
        Assert.True(InterlockCheck.Evaluate(life.State, life.Policy, life.NowMs)!.Facts.HasDoubtfulReadings);
    }

    private RefusalCode? Change(int meter, long? wh, long[]? rates, bool byRates, string at = At) =>
        _grid.Execute(0, new ReleaseMeter(meter, 1, 0, Given.At(at), wh, rates, byRates)).Refusal?.Code;

    private static long[]? Longs(string? text) => text?.Split(' ').Select(t => long.Parse(t, null)).ToArray();

    private IEnumerable<long> Rates(int partition, int meter, int assignment) =>
        _grid[partition].State.PeekAccount(partition + 1)!.Meters.Single(m => m.Number == meter && m.Assignment == assignment).Rates!.Select(r => r.Charged.Wh);

    private void Push(int partition, int meter, string at, params long[] wh)
    {
        _grid[partition].Append(0, [.. wh.Select((value, i) => Given.Rate(meter, i + 1, at, value))]);
        _grid.Settle();
    }
}
