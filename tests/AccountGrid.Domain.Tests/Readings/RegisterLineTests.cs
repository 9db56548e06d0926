using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Readings;

/// <summary>Which points of a register count: glitches, estimates, runs, moves and exchanges that are told of late.</summary>
public sealed class RegisterLineTests
{
    private readonly FoldHarness _grid = new(1, Given.Flat());

    /// <summary>Minutes and register; a letter marks an estimate (e). What is charged and held in the end, 10 kW of capacity or none.</summary>
    [Theory]
    [InlineData("60:1000 120:-5000000 180:2000", 0, 2_000, 0, "a zero between two good values")]
    [InlineData("60:1000 120:-5000000 180:2000", 10_000, 2_000, 0, "the same where the capacity is known")]
    [InlineData("60:1000 61:-5000000 120:2000 121:-5000000 180:3000 181:-5000000", 0, 3_000, -5_003_000,
        "a device that says 0 behind each good value: only the last is open")]
    [InlineData("60:1000 61:-5000000 18780:2142000", 10_000, 2_142_000, 0, "across thirteen days")]
    [InlineData("60:1000 61:-5000000 90:-4000000 120:-5000000 180:2000", 10_000, 2_000, 0, "several low values are one glitch")]
    [InlineData("60:1000 120:9000000 180:2000", 10_000, 2_000, 0, "a jump that is taken back")]
    [InlineData("60:1000 120:-5000000 180:-4999500 240:-4999000", 10_000, 2_000, -5_001_000, "a device that was set back and counts on")]
    [InlineData("60:1000 120:500 180:700 240:900 300:1100", 0, 1_600, -500, "one that counts up to where it was by small steps has not returned in one")]
    [InlineData("60:1000 120:-5000000 44820:2000", 0, 5_003_000, -5_001_000, "after more than a month it is no glitch")]
    [InlineData("60:e100 120:80 180:95", 0, 95, 0, "an estimate above a later measured value")]
    [InlineData("60:e100 60:80 120:95", 0, 95, 0, "an estimate that is measured after all")]
    [InlineData("60:100 120:e90 180:120", 0, 120, 0, "an estimate below an earlier measured value")]
    [InlineData("60:e50 120:e40 180:100", 0, 100, 0, "of two estimates the later holds")]
    [InlineData("60:100 120:e150", 0, 150, 0, "an estimate that nothing contradicts is charged")]
    public void What_counts_is_charged_in_any_order(string points, long capacityW, long charged, long held, string why)
    {
        Assert.NotEmpty(why);
        var start = Given.At("2026-03-02T00:00+08:00");
        var readings = points.Split(' ').Select(p => p.Split(':')).Select(p =>
            new Reading(7, RegisterKind.Import, start + (long.Parse(p[0], null) * 60_000), 5_000_000 + long.Parse(p[1].TrimStart('e'), null),
                p[1][0] == 'e' ? ReadingQuality.Estimated : 0, 0)).ToArray();
        for (var seed = 0; seed < 12; seed++)
        {
            var grid = new FoldHarness(1, Given.Flat());
            grid.Execute(0, Given.Open(1));
            grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00", 5_000_000, capacityW));
            if (seed > 0)
            {
                new Random(seed).Shuffle(readings);
            }

            grid[0].Append(0, readings);
            grid.Settle();
            var meter = grid[0].State.PeekMeter(7)!;
            Assert.Equal((charged, held), (meter.Charged.Wh, meter.Held.Wh));
            Assert.Equal(held, grid[0].Exceptions.Values.Where(e => e.Open).Sum(e => e.HeldWh));
            Assert.Equal(new Money(-charged * 500_000), grid.Account(1).Balance);
        }
    }

    /// <summary>Hours and values; a letter marks an estimate (e) or a projection (p). The hours that count in the end.</summary>
    [Theory]
    [InlineData("1:100 2:p150 3:p170", "1 2 3", "nothing measured follows")]
    [InlineData("1:100 2:p110 3:140", "1 3", "a measured value follows")]
    [InlineData("1:100 2:p110 3:e120 4:140", "1 3 4", "a measured value follows behind an estimate")]
    [InlineData("1:e90 2:p110 3:e120 4:e130 5:140", "1 3 4 5", "a measured value follows behind estimates, and none comes before")]
    [InlineData("1:100 2:e120 3:p110 4:e130 5:140", "1 2 4 5", "an estimate that the projection contradicted counts again")]
    [InlineData("1:100 2:e110 3:p120 4:e115 5:140 6:p150", "1 2 4 5 6", "the one behind the last measured value counts")]
    public void A_projection_counts_while_nothing_measured_follows_in_any_order(string points, string counting, string why)
    {
        Assert.NotEmpty(why);
        var start = Given.At("2026-03-02T00:00+08:00");
        var readings = points.Split(' ').Select(p => p.Split(':')).Select(p =>
            new Reading(7, RegisterKind.Import, start + (long.Parse(p[0], null) * Instants.MsPerHour), 5_000_000 + long.Parse(p[1].TrimStart('e', 'p'), null),
                p[1][0] switch { 'e' => ReadingQuality.Estimated, 'p' => ReadingQuality.Estimated | ReadingQuality.Projected, _ => 0 }, 0)).ToArray();
        for (var seed = 0; seed < 24; seed++)
        {
            var grid = new FoldHarness(1, Given.Flat());
            grid.Execute(0, Given.Open(1));
            grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00", 5_000_000));
            if (seed > 0)
            {
                new Random(seed).Shuffle(readings);
            }

            grid[0].Append(0, readings);
            grid.Settle();
            var line = grid.Account(1).Meters[0].Open.ToList();
            Assert.Equal(counting, string.Join(' ', line.Where(p => RegisterLine.Counts(p)).Select(p => (p.TimeMs - start) / Instants.MsPerHour)));
        }
    }

    [Theory]
    [InlineData(1, 30, false)]
    [InlineData(1, 999, true)]
    [InlineData(15, 250, false)]
    [InlineData(15, 999, true)]
    [InlineData(60, 30, false)]
    [InlineData(1_440, 9_999, false)]
    public void A_register_is_frozen_after_half_a_day_of_equal_differences_that_could_differ(int minutes, long wh, bool frozen)
    {
        var start = Install();
        var readings =
            Enumerable.Range(1, 24 * 60 / minutes * (minutes == 1_440 ? 30 : 1)).Select(i => Read(start + (i * minutes * 60_000L), i * wh)).ToArray();
        _grid[0].Append(0, readings[..^(readings.Length / 2)]);
        _grid.Settle();
        Assert.DoesNotContain(_grid[0].Exceptions, e => e.Value.Open && minutes < 1_440 && readings.Length / 2 * minutes < 720);
        _grid[0].Append(0, readings);
        _grid.Settle();
        Assert.Equal(frozen, _grid[0].Exceptions.Any(e => e.Value.Open && e.Key.Outcome == VeeOutcome.FrozenRun));

        // It ends with another difference, and so does what is told of it.
        _grid[0].Append(0, Read(readings[^1].TimeMs + (minutes * 60_000L), readings[^1].ValueWh + wh + 1));
        _grid.Settle();
        Assert.DoesNotContain(_grid[0].Exceptions, e => e.Value.Open);
    }

    /// <summary>30 W by the minute, 0, 1, 0, 1 Wh; and few equal values with many zeros between.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    public void A_small_steady_use_is_not_frozen(int every)
    {
        var start = Install();
        _grid[0].Append(0, [.. Enumerable.Range(1, 1_500).Select(i => Read(start + (i * 60_000L), i / every))]);
        _grid.Settle();
        Assert.Empty(_grid[0].Exceptions);
    }

    [Fact]
    public void What_is_known_already_is_a_duplicate_whatever_its_age()
    {
        var start = Install();
        var old = Enumerable.Range(1, 48).Select(i => Read(start + (i * Instants.MsPerHour), i * 100)).ToArray();
        _grid[0].Append(0, old);
        Check(start + (10 * Instants.MsPerDay));
        _grid[0].Append(0, Read(start + (420 * Instants.MsPerDay), 500_000));
        _grid.Settle();
        var balance = _grid.Account(1).Balance;
        var open = _grid[0].Exceptions.Count(e => e.Value.Open);
        _grid[0].Append(0, [.. old, Read(start, 0), Read(start + (24 * Instants.MsPerHour), 2_400)]);
        _grid.Settle();
        Assert.Equal(open, _grid[0].Exceptions.Count(e => e.Value.Open));

        // Another value of that age is told of, and changes nothing.
        _grid[0].Append(0, Read(start + (5 * Instants.MsPerHour), 501), Read(start + (5 * Instants.MsPerHour) + 1, 500));
        _grid.Settle();
        Assert.Equal(2, _grid[0].Exceptions.Count(e => e.Value.Open && e.Key.Outcome == VeeOutcome.TooLate));
        Assert.Equal(balance, _grid.Account(1).Balance);
    }

    [Fact]
    public void An_exchange_that_is_reported_after_later_readings_is_taken()
    {
        var start = Install();
        _grid[0].Append(0, [.. Enumerable.Range(1, 30).Select(i => Read(start + (i * Instants.MsPerHour), i * 1_000))]);
        Check(start + (3 * Instants.MsPerDay));
        var at = start + (10 * Instants.MsPerHour) + 1_800_000;
        Assert.Null(_grid.Execute(0, new ExchangeMeter(7, 9, at, 10_500, 50_000, default)).Refusal);
        _grid[0].Append(0, new Reading(9, RegisterKind.Import, start + (30 * Instants.MsPerHour), 69_500, 0, 0));
        _grid.Settle();
        Assert.Equal(30_000, _grid.Account(1).Meters.Sum(m => m.Charged.Wh));
        Assert.Equal(20, _grid[0].Exceptions.Count(e => e.Value.Open && e.Key.Outcome == VeeOutcome.AfterRemoval));
    }

    /// <summary>
    /// A fall that returned by one large step is a glitch; a late value shows that it returned by small ones, and the fall counts. Days that closed meanwhile
    /// tell it too.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_late_value_in_the_midst_of_a_glitch_of_days_makes_it_none(bool closes)
    {
        var start = Given.At("2026-03-02T00:00+08:00");
        _grid.Execute(0, Given.Open(1));
        _grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00", 430));
        Push(2, 1_430);
        Push(4, 730);
        Push(50, 980);
        Push(100, 1_480);
        if (closes)
        {
            var at = start + (20 * Instants.MsPerDay);
            _grid[0].Append(new Check(at, [1]), at);
            _grid.Settle();
        }

        Push(98, 1_230);
        Assert.Equal((1_750, -700), (_grid.Account(1).Meters.Sum(m => m.Charged.Wh), _grid.Account(1).Meters.Sum(m => m.Held.Wh)));

        void Push(int hour, long wh)
        {
            _grid[0].Append(0, new Reading(7, RegisterKind.Import, start + (hour * Instants.MsPerHour), wh, 0, 0));
            _grid.Settle();
        }
    }

    /// <summary>The gap's own shape does not depend on whether the days before it came before it.</summary>
    [Fact]
    public void Late_days_before_a_gap_change_its_spread()
    {
        string[] balances = [.. new[] { false, true }.Select(late =>
        {
            var grid = new FoldHarness(1, Given.Tou());
            grid.Execute(0, Given.Open(1));
            grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
            var start = Given.At("2026-03-02T00:00+08:00");
            var days = Enumerable.Range(1, 96).Select(i => Read(start + (i * Instants.MsPerHour), (i / 24 * 8_000) + (Math.Clamp((i % 24) - 15, 0, 8) * 1_000)))
                .ToArray();
            var gap = Read(start + (110 * Instants.MsPerHour), 40_000);
            Reading[] readings = late ? [.. days[..24], .. days[72..], gap, .. days[24..72]] : [.. days, gap];
            grid[0].Append(0, readings);
            grid.Settle();
            return grid.Account(1).Balance.ToString();
        })];
        Assert.Equal(balances[0], balances[1]);
    }

    private static Reading Read(long at, long wh) => new(7, RegisterKind.Import, at, wh, 0, 0);

    private void Check(long at)
    {
        _grid[0].Append(new Check(at, [1]), at);
        _grid.Settle();
    }

    private long Install()
    {
        _grid.Execute(0, Given.Open(1));
        _grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
        return Given.At("2026-03-02T00:00+08:00");
    }
}
