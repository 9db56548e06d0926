using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

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
        Install(wh: 99_999_000, widthWh: 100_000_000, capacityW: 1_000);
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
        _grid[0].Append(0, new Reading(7, RegisterKind.Export, Given.At("2026-03-02T01:00+08:00"), 777, 0, 0), new Reading(7, RegisterKind.Export, Given.At("2026-03-02T00:30+08:00"), 700, 0, 0));
        _grid.Settle();
        Assert.Equal(777, Meter.Side![(int)RegisterKind.Export].ValueWh);
        Assert.Equal("0.000000000", Balance);
    }

    private MeterState Meter => _grid[0].State.PeekMeter(7)!;

    private string Balance => _grid.Account(1).Balance.ToString();

    private void Install(string from = "2026-03-02T00:00+08:00", long wh = 0, long capacityW = 0, long widthWh = 0, int intervalMs = 0, string opened = "2026-01-01")
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
