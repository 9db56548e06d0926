using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>A meter changes account or device at an instant; no energy is lost or counted twice.</summary>
public sealed class MeterMoveTests
{
    private readonly FoldHarness _grid = new(2, Given.Flat());

    public MeterMoveTests()
    {
        _grid.Execute(0, Given.Open(1));
        _grid.Execute(1, Given.Open(2));
        _grid.Execute(0, Given.Open(3));
        _grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
        Push(0, "2026-03-02T01:00+08:00", 1_000);
    }

    [Fact]
    public void Readings_belong_to_whoever_was_responsible_at_their_time()
    {
        Move(2, 1, "2026-03-02T02:00+08:00", 2_000);
        Push(1, "2026-03-02T03:00+08:00", 3_000);
        Push(1, "2026-03-02T01:30+08:00", 1_400);
        Assert.Equal(2_000, Charged(1));
        Assert.Equal(1_000, Charged(2));
    }

    [Fact]
    public void A_reading_that_arrives_at_the_old_home_is_passed_on()
    {
        Move(2, 1, "2026-03-02T02:00+08:00", 2_000);
        Push(0, "2026-03-02T03:00+08:00", 3_000);
        Assert.Equal(2_000, Charged(1));
        Assert.Equal(1_000, Charged(2));
    }

    [Fact]
    public void Readings_after_the_instant_that_had_come_already_move_too()
    {
        Push(0, "2026-03-02T03:00+08:00", 3_000);
        Push(0, "2026-03-02T04:00+08:00", 4_000);
        Move(2, 1, "2026-03-02T02:30+08:00", 2_500);
        Assert.Equal(2_500, Charged(1));
        Assert.Equal(1_500, Charged(2));
    }

    [Fact]
    public void Without_a_register_the_last_known_value_counts()
    {
        Push(0, "2026-03-02T03:00+08:00", 3_000);
        Move(2, 1, "2026-03-02T02:00+08:00", null);
        Assert.Equal(1_000, Charged(1));
        Assert.Equal(2_000, Charged(2));
    }

    [Fact]
    public void A_move_into_days_that_are_closed_opens_them()
    {
        Push(0, "2026-03-03T00:00+08:00", 24_000);
        Push(0, "2026-03-05T00:00+08:00", 48_000);
        _grid[0].Append(new Check(Given.At("2026-03-20T00:00+08:00"), [1]), Given.At("2026-03-20T00:00+08:00"));
        _grid.Settle();
        Assert.Equal(0, _grid[0].State.PeekMeter(7)!.Open.Count);
        Move(2, 1, "2026-03-02T12:00+08:00", 12_000);
        Assert.Equal(12_000, Charged(1));
        Assert.Equal(36_000, Charged(2));
    }

    /// <summary>A check in the minutes in which days are not closed yet must not forget those that are to be taken back.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void A_move_at_midnight_that_becomes_known_late_takes_back_every_day_after_it(int minutes)
    {
        for (var day = 3; day <= 8; day++)
        {
            Push(0, $"2026-03-{day:00}T00:00+08:00", (day - 2) * 24_000);
        }

        var now = Given.At("2026-03-20T12:00+08:00");
        Check(now);
        Assert.True(_grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At("2026-03-05T00:00+08:00"), 72_000), now).Accepted);
        Check(now + (minutes * 60_000L));
        Check(now + Instants.MsPerDay);
        Assert.Equal(72_000, Charged(1));
        Assert.Equal(_grid.Account(1).Balance.Nano, _grid[0].Entries.Where(e => e.Account == 1).Sum(e => e.Amount.Nano));

        void Check(long at)
        {
            _grid[0].Append(new Check(at, [1]), at);
            _grid.Settle();
        }
    }

    [Fact]
    public void Within_one_partition_and_back_again_each_time_is_kept_apart()
    {
        Move(3, 0, "2026-03-02T02:00+08:00", 2_000);
        Push(0, "2026-03-02T03:00+08:00", 3_000);
        Move(1, 0, "2026-03-02T04:00+08:00", 4_000);
        Push(0, "2026-03-02T05:00+08:00", 5_000);
        Push(0, "2026-03-02T01:30+08:00", 1_700);
        Push(0, "2026-03-02T03:30+08:00", 3_300);
        Assert.Equal(3_000, Charged(1));
        Assert.Equal(2_000, Charged(3));
    }

    [Fact]
    public void Over_three_homes_a_late_reading_finds_its_own()
    {
        Move(2, 1, "2026-03-02T02:00+08:00", 2_000);
        Assert.True(_grid.Execute(1, new ReleaseMeter(7, 3, 0, Given.At("2026-03-02T04:00+08:00"), 4_000)).Accepted);
        Push(0, "2026-03-02T03:00+08:00", 3_100);
        Push(1, "2026-03-02T01:30+08:00", 1_600);
        Push(0, "2026-03-02T06:00+08:00", 6_000);
        Assert.Equal(2_000, Charged(1));
        Assert.Equal(2_000, Charged(2));
        Assert.Equal(2_000, Charged(3));
        Assert.Equal(3, _grid[1].State.PeekMeter(7)!.Open.Count + 1);
    }

    [Theory]
    [InlineData("2026-03-02T00:00+08:00", null, "assignment.too_early")]
    [InlineData("2026-03-02T01:00+08:00", 999L, "assignment.register_conflict")]
    public void A_move_that_contradicts_the_readings_is_refused(string at, long? wh, string code)
    {
        var outcome = _grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At(at), wh));
        Assert.Equal(code, outcome.Refusal!.Code);
        Assert.Equal(1_000, Charged(1));
    }

    [Fact]
    public void A_meter_that_was_on_no_account_brings_its_register()
    {
        _grid.Execute(1, Given.Meter(8, 0, "2026-03-02T00:00+08:00", 500));
        _grid[1].Append(0, Given.Reading(8, "2026-03-02T01:00+08:00", 800));
        _grid.Settle();
        Assert.True(_grid.Execute(1, new ReleaseMeter(8, 1, 0, Given.At("2026-03-02T02:00+08:00"), null)).Accepted);
        _grid[0].Append(0, Given.Reading(8, "2026-03-02T03:00+08:00", 900));
        _grid.Settle();
        Assert.Equal(1_100, Charged(1));
        Assert.Equal(300, _grid[1].State.PeekMeter(8)!.Held.Wh);
    }

    [Fact]
    public void An_exchange_ends_one_device_and_begins_another_at_one_instant()
    {
        var at = Given.At("2026-03-02T02:00+08:00");
        Assert.True(_grid.Execute(0, new ExchangeMeter(7, 9, at, 2_000, 50_000, default)).Accepted);
        _grid[0].Append(0, Given.Reading(9, "2026-03-02T03:00+08:00", 51_000), Given.Reading(7, "2026-03-02T03:00+08:00", 9_999),
            Given.Reading(7, "2026-03-02T01:30+08:00", 1_500));
        _grid.Settle();
        Assert.Equal(3_000, Charged(1));
        Assert.Equal(VeeOutcome.AfterRemoval, Assert.Single(_grid[0].Exceptions, e => e.Value.Open).Key.Outcome);
    }

    [Fact]
    public void An_exchange_cannot_end_below_the_last_reading()
    {
        var outcome = _grid.Execute(0, new ExchangeMeter(7, 9, Given.At("2026-03-02T02:00+08:00"), 900, 0, default));
        Assert.Equal("exchange.final_register", outcome.Refusal!.Code);
    }

    /// <summary>A step that passes several levels gives one notice, for the lowest: the energy that comes with a meter is one step.</summary>
    [Fact]
    public void A_meter_that_brings_readings_of_days_warns_once()
    {
        _grid.Execute(1, Given.Open(4, "2026-01-01", 1, "50", "20"));
        _grid.Execute(1, Given.Pay(4, "60"));
        for (var hour = 2; hour <= 6; hour++)
        {
            Push(0, $"2026-03-02T{hour:00}:00+08:00", 1_000 + ((hour - 1) * 20_000));
        }

        Move(4, 1, "2026-03-02T01:00+08:00", 1_000);
        Assert.Equal(100_000, Charged(4));
        var told = Assert.Single(_grid[1].Events.Where(e => e.Account == 4).Select(e => e.Event).OfType<Domain.Events.BalanceLow>());
        Assert.Equal((Money.FromUnits(20).Nano, Money.FromUnits(10).Nano), (told.Level.Nano, told.Balance.Nano));
    }

    [Fact]
    public void An_exchange_ends_below_an_estimate_that_was_too_high()
    {
        _grid[0].Append(0, Given.Reading(7, "2026-03-02T02:00+08:00", 5_000) with { Quality = ReadingQuality.Estimated });
        _grid.Settle();
        var outcome = _grid.Execute(0, new ExchangeMeter(7, 9, Given.At("2026-03-02T03:00+08:00"), 2_000, 0, default));
        Assert.True(outcome.Accepted, outcome.Refusal?.Detail);
        Assert.Equal(2_000, Charged(1));
    }

    private long Charged(int account) => _grid.Account(account).Meters.Sum(m => m.Charged.Wh);

    private void Move(int account, int partition, string at, long? wh) =>
        Assert.True(_grid.Execute(0, new ReleaseMeter(7, account, partition, Given.At(at), wh)).Accepted);

    private void Push(int partition, string at, long wh)
    {
        _grid[partition].Append(0, Given.Reading(7, at, wh));
        _grid.Settle();
    }
}
