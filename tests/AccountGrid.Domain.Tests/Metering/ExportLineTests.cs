using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>A line of 2.8.0 beside the others of its meter: what it shares with them, and what is not asked of it.</summary>
public sealed class ExportLineTests
{
    private const string Start = "2026-03-01T00:00+08:00";

    private readonly FoldHarness _grid = new(2, Given.Flat() with { Export = Given.FeedIn("0.10") }, Given.Flat() with { Id = "none" });

    public ExportLineTests()
    {
        _grid.Execute(0, Given.Open(1));
        _grid.Execute(1, Given.Open(2, tariff: 2));
        _grid.Execute(0, Given.ExportMeter(7, 1, Start) with { Rating = new MeterRating(20_000, 0, 3_600_000) });
    }

    [Fact]
    public void It_is_none_of_what_is_charged_and_its_account_is_packed_in_mid_day()
    {
        Push(0, "2026-03-01T12:00+08:00", 3_000);
        _grid[0].State.Pack();
        Assert.Equal(0, _grid[0].State.UnpackedCount);
        var meter = _grid.Account(1).Meters[0];
        Assert.Equal((0, 3_000, 0, true), (meter.TotalCharged.Wh, meter.Export!.Charged.Wh, meter.FirstPosition, meter.Export.FirstPosition > 0));
        Assert.Equal("0.300000000", _grid.Account(1).Balance.ToString());
        Assert.Equal(0, _grid.Account(1).Periods[0].Live.Energy.Wh);
    }

    /// <summary>It stands still for six days of rain, which 1.8.0 may not; a spike is held, with an exception of its own.</summary>
    [Fact]
    public void It_may_rest_and_its_spikes_are_held()
    {
        for (var day = 2; day < 8; day++)
        {
            _grid[0].Append(0, Given.Reading(7, $"2026-03-0{day}T00:00+08:00", 7), Given.Export(7, $"2026-03-0{day}T00:00+08:00", 7));
        }

        Push(0, "2026-03-08T01:00+08:00", 900_000_000);
        Assert.Equal([RegisterKind.Import], _grid[0].Exceptions.Where(e => e.Value.Open && e.Key.Outcome == VeeOutcome.ZeroRun).Select(e => e.Key.Register));
        var spike = Assert.Single(_grid[0].Exceptions, e => e.Value.Open && e.Key.Outcome == VeeOutcome.Spike);
        Assert.Equal((RegisterKind.Export, 899_999_993), (spike.Key.Register, spike.Value.HeldWh));

        // 7 Wh × 0.10 less 7 Wh × 0.50.
        Assert.Equal(("-0.002800000", 0), (Credit(), _grid.Account(1).Meters[0].TotalHeld.Wh));
    }

    [Theory]
    [InlineData(null, "meter.export_invalid")]
    [InlineData(2_999L, "exchange.final_register")]
    [InlineData(4_000L, null)]
    public void An_exchange_has_its_final_value(long? final, string? code)
    {
        Push(0, "2026-03-01T12:00+08:00", 3_000);
        var outcome = _grid.Execute(0, new ExchangeMeter(7, 9, Given.At("2026-03-01T14:00+08:00"), 0, 0, default, FinalExportWh: final, StartExportWh: 50));
        Assert.Equal(code, outcome.Refusal?.Code.Text);
        if (code is null)
        {
            Push(0, "2026-03-01T15:00+08:00", 150, meter: 9);
            Assert.Equal("0.410000000", Credit());
        }
    }

    /// <summary>
    /// A move divides it at its value; the new account's tariff does not name export, which is said once. Late data find the account that they are of.
    /// </summary>
    [Fact]
    public void A_move_divides_it_and_a_tariff_without_export_is_named()
    {
        Push(0, "2026-03-02T03:00+08:00", 3_000);
        Assert.True(_grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At("2026-03-02T02:00+08:00"), 0, null, null, 2_000)).Accepted);
        Assert.Equal(("0.200000000", 2_000), (Credit(), Assert.Single(_grid[1].Events.Select(e => e.Event).OfType<MeterInstalled>()).ExportWh));
        Push(1, "2026-03-02T04:00+08:00", 5_000);
        Push(1, "2026-03-02T01:00+08:00", 1_000);
        Check(1, 2, "2026-03-10T00:00+08:00");
        Assert.Equal(("0.200000000", "0.000000000"), (Credit(), _grid.Account(2).Balance.ToString()));
        Assert.Equal(3_000, _grid[1].AllDays(7).Where(d => d.Key.Register == RegisterKind.Export).Sum(d => d.Energy.Wh));
        var found = Assert.Single(_grid[1].Exceptions, e => e.Key.Outcome == VeeOutcome.ExportNotCredited);
        Assert.True(found.Value.Open);

        // It is over with the first day of a tariff that names export.
        Assert.Null(_grid.Execute(1, new ChangeTariff(2, 1, Given.Day("2026-03-11")), Given.At("2026-03-10T00:00+08:00")).Refusal);
        _grid[1].Append(Given.At("2026-03-11T12:00+08:00"), Given.Export(7, "2026-03-11T00:00+08:00", 6_000), Given.Export(7, "2026-03-11T12:00+08:00", 8_000));
        Check(1, 2, "2026-03-20T00:00+08:00");
        Assert.False(_grid[1].Exceptions[found.Key].Open);
    }

    /// <summary>Days left are of what comes in: nobody's days grow by sun to come.</summary>
    [Fact]
    public void A_forecast_foresees_no_export()
    {
        var grid = new FoldHarness(1, Given.Flat() with { Export = Given.FeedIn("0.00") });
        foreach (var account in new[] { 1, 2 })
        {
            grid.Execute(0, Given.Open(account, "2026-03-01"));
            grid.Execute(0, Given.Pay(account, "100"));
            grid.Execute(0, account == 1 ? Given.ExportMeter(7, 1, Start) : Given.Meter(8, 2, Start));
        }

        for (var day = 2; day <= 9; day++)
        {
            grid[0].Append(Given.At($"2026-03-0{day}T00:00+08:00"), Given.Reading(7, $"2026-03-0{day}T00:00+08:00", day * 5_000),
                Given.Export(7, $"2026-03-0{day}T00:00+08:00", day * 9_000), Given.Reading(8, $"2026-03-0{day}T00:00+08:00", day * 5_000));
        }

        grid.Settle();
        var atMs = Given.At("2026-03-09T00:00+08:00");
        var left = new[] { 1, 2 }.Select(a => BalanceForecast.Of(grid.Account(a), null, atMs)!.TenthsOfDaysLeft()).ToList();
        Assert.NotNull(left[0]);
        Assert.Equal(left[1], left[0]);
    }

    /// <summary>A balance whose export is old, held or in doubt is none to cut on: the customer's credit may be missing.</summary>
    [Fact]
    public void No_cut_rests_on_missing_export()
    {
        var life = new Life("2026-03-01", PaymentMode.Prepaid, Packs.Get("cn-residential"), tariff: Given.Flat() with { Export = Given.FeedIn("0.10") });
        life.Ok(Given.ExportMeter(9, Life.Account, Start));
        life.To("2026-03-03T00:00:00+08:00");
        life.Partition.Append(life.NowMs, Given.Reading(9, "2026-03-02T23:00+08:00", 5), Given.Export(9, "2026-03-02T19:00+08:00", 5));
        life.Grid.Settle();
        var facts = InterlockCheck.Evaluate(life.State, life.Policy, life.NowMs)!.Facts;
        Assert.Equal((Given.At("2026-03-02T19:00+08:00"), false), (facts.LastReadingMs, facts.HasDoubtfulReadings));
        life.Partition.Append(life.NowMs, Given.Export(9, "2026-03-02T21:00+08:00", 6, ReadingQuality.Questionable));
        life.Grid.Settle();
        Assert.True(InterlockCheck.Evaluate(life.State, life.Policy, life.NowMs)!.Facts.HasDoubtfulReadings);
    }

    [Fact]
    public void A_tariff_is_not_corrected_for_days_of_export()
    {
        var refusal = _grid.Execute(0, new CorrectTariff(1, 2, Given.Day("2026-03-02"), false, "wrong", "a", null), Given.At("2026-03-03T00:00+08:00")).Refusal;
        Assert.Equal("tariff.correction_registers", refusal!.Code.Text);
        Assert.Contains("measures export", refusal.Detail, StringComparison.Ordinal);
    }

    private string Credit() => _grid.Account(1).Balance.ToString();

    private void Push(int partition, string at, long wh, int meter = 7)
    {
        _grid[partition].Append(0, Given.Export(meter, at, wh));
        _grid.Settle();
    }

    private void Check(int partition, int account, string at)
    {
        _grid[partition].Append(new Domain.Commands.Check(Given.At(at), [account]), Given.At(at));
        _grid.Settle();
    }
}
