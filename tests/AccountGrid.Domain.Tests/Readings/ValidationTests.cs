using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Readings;

/// <summary>Each validation outcome: what it does to energy and money, and what the exception queue says.</summary>
public sealed class ValidationTests
{
    private readonly FoldHarness _grid = new(1, Given.Flat());

    [Fact]
    public void A_duplicate_is_dropped()
    {
        Install();
        Read("2026-03-02T01:00+08:00", 1_000);
        Read("2026-03-02T02:00+08:00", 2_000);
        Read("2026-03-02T01:00+08:00", 1_000);
        Read("2026-03-02T02:00+08:00", 2_000);
        Assert.Equal("-1.000000000", Balance);
        Assert.Empty(_grid[0].Exceptions);
    }

    [Fact]
    public void Another_value_at_the_same_time_is_kept_for_a_person()
    {
        Install();
        Read("2026-03-02T01:00+08:00", 1_000);
        Read("2026-03-02T02:00+08:00", 2_000);
        Read("2026-03-02T01:00+08:00", 1_500);
        Assert.Equal("-1.000000000", Balance);
        Assert.Equal(VeeOutcome.Conflict, OpenException().Outcome);
    }

    [Fact]
    public void A_higher_revision_replaces_a_value()
    {
        Install();
        Read("2026-03-02T01:00+08:00", 1_000);
        Read("2026-03-02T02:00+08:00", 9_000);
        _grid[0].Append(0, Given.Reading(7, "2026-03-02T02:00+08:00", 2_000, revision: 1));
        _grid.Settle();
        Assert.Equal("-1.000000000", Balance);
        Assert.Equal(2_000, Meter.Last.ValueWh);
        Read("2026-03-02T03:00+08:00", 3_000);
        _grid[0].Append(0, Given.Reading(7, "2026-03-02T01:00+08:00", 500, revision: 2));
        _grid.Settle();
        Assert.Equal("-1.500000000", Balance);
        Assert.DoesNotContain(_grid[0].Exceptions, e => e.Value.Open);
    }

    [Fact]
    public void Out_of_order_readings_end_as_in_order_ones()
    {
        Install();
        Read("2026-03-02T03:00+08:00", 3_000);
        Read("2026-03-02T01:00+08:00", 1_000);
        Read("2026-03-02T02:00+08:00", 2_000);
        Assert.Equal("-1.500000000", Balance);
        Assert.Equal(3_000, Meter.Last.ValueWh);
        Assert.Equal(3, Meter.Open.Count);
    }

    [Fact]
    public void A_fallen_register_holds_the_difference_and_goes_on()
    {
        Install(wh: 50_000);
        Read("2026-03-02T01:00+08:00", 51_000);
        Read("2026-03-02T02:00+08:00", 40_000);
        Read("2026-03-02T03:00+08:00", 42_000);
        Assert.Equal("-1.500000000", Balance);
        Assert.Equal(-11_000, Meter.Held.Wh);
        var (outcome, effect) = OpenException();
        Assert.Equal(VeeOutcome.RegisterFell, outcome);
        Assert.Equal(-11_000, effect.HeldWh);
    }

    [Fact]
    public void A_fall_from_the_top_of_the_register_is_a_rollover()
    {
        Install(wh: 99_999_000, widthWh: 100_000_000, capacityW: 50_000);
        Read("2026-03-02T01:00+08:00", 1_000);
        Assert.Equal("-1.000000000", Balance);
        Assert.Empty(_grid[0].Exceptions);
    }

    [Fact]
    public void A_fall_that_would_roll_over_to_more_than_the_service_can_carry_is_held()
    {
        Install(wh: 99_999_001, widthWh: 100_000_000, capacityW: 1_000);
        Read("2026-03-02T01:00+08:00", 1_000);
        Assert.Equal("0.000000000", Balance);
        Assert.Equal(VeeOutcome.RegisterFell, OpenException().Outcome);
    }

    [Theory]
    [InlineData(10_001, false)]
    [InlineData(10_002, true)]
    public void More_than_the_capacity_times_the_interval_is_a_spike(long wh, bool held)
    {
        // 10 kW for an hour, and one Wh that the register's grain can add.
        Install(capacityW: 10_000);
        Read("2026-03-02T01:00+08:00", wh);
        Assert.Equal(held ? wh : 0, Meter.Held.Wh);
        Assert.Equal(held ? 0 : wh, Meter.Charged.Wh);
    }

    [Theory]
    [InlineData(0, 1_000, 5, 10_000, false)]
    [InlineData(0, 2_000, 5, 10_000, true)]
    [InlineData(7_000, 8_000, 15, 3_680, false)]
    [InlineData(7_000, 8_001, 15, 3_680, true)]
    [InlineData(700, 900, 5, 1_300, false)]
    [InlineData(700, 1_000, 5, 1_300, true)]
    [InlineData(70, 80, 1, 1, false)]
    public void A_difference_may_show_up_to_one_step_of_the_register_more_than_was_used(long from, long to, int minutes, long capacityW, bool spike)
    {
        var outcome = Validation.Judge(new MeterRating(capacityW, 0, 0), new Point(0, from), new Point(minutes * 60_000L, to), out _);
        Assert.Equal(spike ? VeeOutcome.Spike : VeeOutcome.Accepted, outcome);
    }

    [Theory]
    [InlineData(10_000_000_000, 2_000_000_000, 1, false)]
    [InlineData(100_000_000, 1_200_000_000, 24, false)]
    [InlineData(10_000_000_000, 10_000_001_001, 1, true)]
    [InlineData(10_000_000_000, 96_000_000_000_000, 24 * 400, false)]
    [InlineData(0, 1_000_000_000, 24, false)]
    [InlineData(0, 1_000_000_001, 24, true)]
    public void A_difference_within_the_capacity_is_no_spike_however_large(long capacityW, long wh, int hours, bool spike)
    {
        var outcome = Validation.Judge(new MeterRating(capacityW, 0, 0), new Point(0, 0), new Point(hours * Instants.MsPerHour, wh), out _);
        Assert.Equal(spike ? VeeOutcome.Spike : VeeOutcome.Accepted, outcome);
    }

    /// <summary>1 kW all day, shown in whole kilowatt-hours and read every few minutes.</summary>
    [Theory]
    [InlineData(5, 10_000)]
    [InlineData(15, 3_680)]
    public void A_register_of_whole_kilowatt_hours_that_is_read_often_is_charged(int minutes, long capacityW)
    {
        Install(capacityW: capacityW);
        var start = Given.At("2026-03-02T00:00+08:00");
        for (var i = 1; i <= 24 * 60 / minutes; i++)
        {
            _grid[0].Append(0, new Reading(7, RegisterKind.Import, start + (i * minutes * 60_000L), i * minutes / 60 * 1_000, 0, 0));
        }

        _grid.Settle();
        Assert.Equal((24_000, 0), (Meter.Charged.Wh, Meter.Held.Wh));
        Assert.DoesNotContain(_grid[0].Exceptions, e => e.Value.Open && e.Key.Outcome == VeeOutcome.Spike);
    }

    [Fact]
    public void A_spike_is_resolved_when_the_missing_readings_come()
    {
        // 30 kWh in an hour is too much for 10 kW; over the three hours that it really took it is not.
        Install(capacityW: 10_000);
        Read("2026-03-02T00:30+08:00", 100);
        Read("2026-03-02T04:00+08:00", 30_100);
        Assert.Equal(0, Meter.Held.Wh);
        Read("2026-03-02T03:00+08:00", 100);
        Assert.Equal(30_000, Meter.Held.Wh);
        _grid[0].Append(0, Given.Reading(7, "2026-03-02T03:00+08:00", 25_000, revision: 1));
        _grid.Settle();
        Assert.Equal(0, Meter.Held.Wh);
        Assert.All(_grid[0].Exceptions.Values, e => Assert.False(e.Open));
    }

    [Fact]
    public void A_gap_loses_no_energy_and_is_reported_until_it_is_filled()
    {
        Install(intervalMs: 900_000);
        Read("2026-03-02T00:15+08:00", 100);
        Read("2026-03-02T01:00+08:00", 400);
        Assert.Equal("-0.200000000", Balance);
        Assert.Equal(VeeOutcome.Gap, OpenException().Outcome);
        Read("2026-03-02T00:30+08:00", 200);
        Read("2026-03-02T00:45+08:00", 300);
        Assert.Equal("-0.200000000", Balance);
        Assert.All(_grid[0].Exceptions.Values, e => Assert.False(e.Open));
    }

    [Fact]
    public void A_gap_of_more_than_400_days_is_held()
    {
        Install(from: "2024-01-01T00:00+08:00", opened: "2024-01-01");
        Read("2026-03-02T00:00+08:00", 100);
        Assert.Equal(100, Meter.Held.Wh);
        Assert.Equal(VeeOutcome.GapTooLong, OpenException().Outcome);
    }

    [Fact]
    public void Three_days_without_consumption_are_reported_once()
    {
        Install();
        for (var hour = 1; hour <= 100; hour++)
        {
            _grid[0].Append(0, new Reading(7, RegisterKind.Import, Given.At("2026-03-02T00:00+08:00") + (hour * Instants.MsPerHour), 0, 0, 0));
        }

        _grid.Settle();
        Assert.Equal(VeeOutcome.ZeroRun, OpenException().Outcome);
    }

    [Fact]
    public void The_same_consumption_again_and_again_is_reported_once()
    {
        Install();
        for (var hour = 1; hour <= 60; hour++)
        {
            _grid[0].Append(0, new Reading(7, RegisterKind.Import, Given.At("2026-03-02T00:00+08:00") + (hour * Instants.MsPerHour), hour * 999, 0, 0));
        }

        _grid.Settle();
        Assert.Equal(VeeOutcome.FrozenRun, OpenException().Outcome);
    }

    [Fact]
    public void A_reading_before_the_meter_was_there_is_not_applied()
    {
        Install();
        Read("2026-03-01T23:00+08:00", 5);
        Assert.Equal(VeeOutcome.BeforeInstallation, OpenException().Outcome);
        Assert.Equal(0, Meter.Open.Count);
    }

    [Fact]
    public void A_meter_on_no_account_holds_its_energy()
    {
        _grid.Execute(0, Given.Meter(7, 0, "2026-03-02T00:00+08:00", 1_000));
        Read("2026-03-02T01:00+08:00", 3_000);
        Read("2026-03-02T00:30+08:00", 2_000);
        Read("2026-03-02T02:00+08:00", 4_000);
        Assert.Equal(3_000, Meter.Held.Wh);
        Assert.Equal(3_000, OpenException().Effect.HeldWh);
    }

    [Fact]
    public void Registers_that_are_not_charged_are_kept_beside()
    {
        Install();
        _grid[0].Append(0, new Reading(7, RegisterKind.Export, Given.At("2026-03-02T01:00+08:00"), 777, 0, 0),
            new Reading(7, RegisterKind.Export, Given.At("2026-03-02T00:30+08:00"), 700, 0, 0));
        _grid.Settle();
        Assert.Equal(777, Meter.Side![(int)RegisterKind.Export].ValueWh);
        Assert.Equal("0.000000000", Balance);
    }

    private MeterState Meter => _grid[0].State.PeekMeter(7)!;

    private string Balance => _grid.Account(1).Balance.ToString();

    private void Install(string from = "2026-03-02T00:00+08:00", long wh = 0, long capacityW = 0, long widthWh = 0, int intervalMs = 0,
        string opened = "2026-01-01")
    {
        _grid.Execute(0, Given.Open(1, opened));
        _grid.Execute(0, Given.Meter(7, 1, from, wh, capacityW, widthWh, intervalMs));
    }

    private void Read(string at, long wh)
    {
        _grid[0].Append(0, Given.Reading(7, at, wh));
        _grid.Settle();
    }

    private (VeeOutcome Outcome, ExceptionEffect Effect) OpenException()
    {
        var (key, effect) = Assert.Single(_grid[0].Exceptions, e => e.Value.Open);
        return (key.Outcome, effect);
    }
}
