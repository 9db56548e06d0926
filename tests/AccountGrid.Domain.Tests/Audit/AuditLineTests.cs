using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Audit;

/// <summary>
/// What the audit works out from a meter's points alone is what the fold charged. With a switch of the test build that puts an old fault back, one of these
/// must fail.
/// </summary>
public sealed class AuditLineTests
{
    private const long Minute = 60_000;

    private readonly List<(long AtMs, long Wh, ReadingQuality Quality)> _readings = [];
    private readonly long _start = Given.At("2026-03-02T00:00:00+08:00");

    [Fact]
    public void A_zero_between_two_good_values()
    {
        Read(15, 1_000_400);
        Read(30, 0);
        Read(45, 1_000_900);
        AssertAgrees(false, 0);
    }

    [Fact]
    public void An_estimate_that_was_too_high()
    {
        Read(60, 1_000_100, ReadingQuality.Estimated);
        Read(120, 1_000_080);
        Read(180, 1_000_095);
        AssertAgrees(false, 0);
    }

    [Fact]
    public void A_register_of_whole_kilowatt_hours_that_is_read_every_five_minutes()
    {
        for (var i = 1; i <= 24; i++)
        {
            Read(i * 5, 1_000_000 + (i / 2 * 1_000));
        }

        AssertAgrees(false, 9_000);
    }

    [Fact]
    public void A_gap_over_midnight_after_days_of_another_load()
    {
        var wh = 1_000_000L;
        for (var hour = 1; hour <= (8 * 24) + 18; hour++)
        {
            // The gap's own day is another one than those before it.
            wh += hour > 8 * 24 ? 900 - (hour % 24 * 40) : 100 + (hour % 24 * 60);
            Read(hour * 60, wh);
        }

        Read(((9 * 24) + 11) * 60, wh + 14_000);
        AssertAgrees(true, 0);
    }

    private void Read(int minute, long wh, ReadingQuality quality = ReadingQuality.None) => _readings.Add((_start + (minute * Minute), wh, quality));

    private void AssertAgrees(bool byTime, long capacityW)
    {
        var definition = byTime ? Given.Tou() : Given.Flat();
        var grid = new FoldHarness(1, definition);
        grid.Execute(0, Given.Open(1), _start);
        grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00:00+08:00", 1_000_000, capacityW), _start);
        foreach (var (atMs, wh, quality) in _readings)
        {
            grid[0].Append(atMs, new Reading(7, RegisterKind.Import, atMs, wh, quality, 0));
        }

        grid.Settle();
        var account = grid.Account(1);
        var meter = Assert.Single(account.Meters);
        var books = new AuditAccount([(DateOnly.MinValue, new AuditTariff(1, definition))], _ => (0, false));
        books.Add(meter.Rating, AuditLine.Of(meter.Rating, [meter.Tail, .. meter.Open.ToList()]));
        Assert.Equal((books.ChargedWh, books.HeldWh), (meter.Charged.Wh, meter.Held.Wh));
        Assert.Equal(books.Charge(), (decimal)account.Charged.Nano / Money.NanoPerUnit);
    }
}
