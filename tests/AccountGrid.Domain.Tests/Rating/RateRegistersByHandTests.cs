using System.Text.Json;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Charges by rate registers, worked out by hand; prices are flat 0.50, peak 0.80 and valley 0.20 a kWh.</summary>
public sealed class RateRegistersByHandTests
{
    private const string Start = "2026-03-01T00:00+08:00";

    [Fact]
    public void Each_register_is_charged_at_its_rate_whatever_the_hour()
    {
        // By the schedule 10:00 to 12:00 is flat; the registers say 1 kWh of peak, 2 of flat and 4 of valley: 0.80 + 1.00 + 0.80 = 2.60.
        Assert.Equal("2.600000000", Charge(Given.Registers(), ("2026-03-01T10:00+08:00", [0, 0, 0]), ("2026-03-01T12:00+08:00", [1_000, 2_000, 4_000])));
    }

    [Fact]
    public void The_total_is_not_charged_beside_them()
    {
        var grid = Of(Given.Registers());
        grid[0].Append(0, Given.Reading(7, "2026-03-01T12:00+08:00", 7_000), Given.Rate(7, 1, "2026-03-01T12:00+08:00", 1_000),
            Given.Rate(7, 2, "2026-03-01T12:00+08:00", 2_000), Given.Rate(7, 3, "2026-03-01T12:00+08:00", 4_000));
        grid.Settle();
        Assert.Equal("2.600000000", Text(grid));
        Assert.Equal((7_000, 0), (grid.Account(1).Meters[0].TotalCharged.Wh, grid.Account(1).Meters[0].TotalHeld.Wh));
        Assert.Empty(grid[0].Exceptions);
    }

    [Fact]
    public void Tiers_count_the_sum_of_the_registers()
    {
        // 100 kWh peak, 150 flat, 200 valley: 80 + 75 + 40 = 195; 160 kWh (240 to 400) × 0.05 = 8, 50 × 0.30 = 15: 218. Taxed 13 %: 246.34.
        var tariff = Given.Registers() with { Tiers = Given.Tiers(), TaxBasisPoints = 1_300 };
        Assert.Equal("246.340000000", Charge(tariff, ("2026-03-31T00:00+08:00", [100_000, 150_000, 200_000])));
    }

    [Fact]
    public void Levies_are_on_each_register()
    {
        // 2.60 for energy as above, and 7 kWh × 0.027 = 0.189 of levy.
        Assert.Equal("2.789000000", Charge(Given.Registers() with { LevyPerKwh = "0.027" }, ("2026-03-01T12:00+08:00", [1_000, 2_000, 4_000])));
    }

    /// <summary>A gap from 18:00 to 12:00 two days later is 42 hours: 6, 24 and 12 of them on the three days, whatever hours the register counts in.</summary>
    [Fact]
    public void A_gap_is_spread_evenly_over_its_days()
    {
        var grid = Of(Given.Registers());
        grid[0].Append(0, Given.Rate(7, 3, "2026-03-01T18:00+08:00", 0), Given.Rate(7, 3, "2026-03-03T12:00+08:00", 42_000));
        Close(grid, "2026-03-10T00:00+08:00");
        Assert.Equal([(1, 6_000), (2, 24_000), (3, 12_000)],
            grid[0].AllDays(7).Where(d => d.Energy.Wh != 0).Select(d => (DateOnly.FromDayNumber(d.Key.Day).Day, d.RateWh[2])));
        Assert.All(grid[0].AllDays(7), d => Assert.Equal((0, 0), (d.RateWh[0], d.RateWh[1])));
    }

    /// <summary>On 29 March 2026 Berlin's clocks go forward: of the 71 hours from the 28th to the 31st, each at 00:00, 23 are the 29th's.</summary>
    [Fact]
    public void A_day_of_23_hours_has_its_share()
    {
        var grid = new FoldHarness(1, Given.Registers("Europe/Berlin"));
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.RateMeter(7, 1, "2026-03-28T00:00+01:00", 0, 0, 0));
        grid[0].Append(0, Given.Rate(7, 1, "2026-03-31T00:00+02:00", 71_000));
        Close(grid, "2026-04-10T00:00+02:00");
        Assert.Equal([24_000, 23_000, 24_000], grid[0].AllDays(7).Where(d => d.Energy.Wh != 0).Select(d => d.RateWh[1]));
    }

    /// <summary>A reading at midnight ends the day before: nothing of it is the next day's.</summary>
    [Fact]
    public void Midnight_is_the_border_of_days_and_periods()
    {
        // 300 kWh of valley by 1 April 00:00: 60 + 60 × 0.05 = 63. 100 kWh after it, in April: 20. Together 83.
        var tariff = Given.Registers() with { Tiers = Given.Tiers() };
        Assert.Equal("83.000000000", Charge(tariff, ("2026-04-01T00:00+08:00", [0, 0, 300_000]), ("2026-04-02T00:00+08:00", [0, 0, 400_000])));
    }

    /// <summary>
    /// A meter can come to an account whose tariff does not name all of its registers. 1.8.1 is peak; 1.8.2 and 1.8.3 are not named, so their 2 and 4 kWh from
    /// 10:00 to 12:00 are flat: 0.80 + 3.00 = 3.80. Without any name all 7 kWh are: 3.50.
    /// </summary>
    [Theory]
    [InlineData(true, "3.800000000")]
    [InlineData(false, "3.500000000")]
    public void A_register_that_the_tariff_does_not_name_is_charged_by_the_schedule(bool isNamed, string charge)
    {
        var tariff = Given.Tou() with { Registers = isNamed ? new Dictionary<string, string> { ["1.8.1"] = "peak" } : [] };
        var grid = new FoldHarness(1, tariff, Given.Registers());
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.Open(2, tariff: 2));
        grid.Execute(0, Given.RateMeter(7, 2, "2026-02-01T00:00+08:00", 0, 0, 0));
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 1, 0, Given.At("2026-03-01T10:00+08:00"), 0, [0, 0, 0])).Accepted);
        grid[0].Append(0, Given.Rate(7, 1, "2026-03-01T12:00+08:00", 1_000), Given.Rate(7, 2, "2026-03-01T12:00+08:00", 2_000),
            Given.Rate(7, 3, "2026-03-01T12:00+08:00", 4_000));
        grid.Settle();
        Assert.Equal(charge, Text(grid));
    }

    /// <summary>One price needs no map: whatever a register counts costs the same.</summary>
    [Fact]
    public void A_flat_tariff_needs_no_map() =>
        Assert.Equal("3.500000000", Charge(Given.Flat(), ("2026-03-01T12:00+08:00", [1_000, 2_000, 4_000])));

    [Fact]
    public void A_tariff_with_several_prices_that_lacks_a_register_is_refused()
    {
        var lacks = Given.Tou() with { Id = "lacks", Registers = new Dictionary<string, string> { ["1.8.1"] = "peak", ["1.8.2"] = "flat" } };
        var grid = new FoldHarness(1, lacks, Given.Registers(), Given.Flat());
        grid.Execute(0, Given.Open(1));
        var outcome = grid.Execute(0, Given.RateMeter(7, 1, Start, 0, 0, 0));
        Assert.Equal(("tariff.registers_not_mapped", "rateRegistersWh: tariff lacks version 1 has no rate for 1.8.3."),
            (outcome.Refusal!.Code.Text, outcome.Refusal.Detail));
        Assert.True(grid.Execute(0, Given.RateMeter(7, 1, Start, 0, 0)).Accepted);
        Assert.True(grid.Execute(0, Given.Meter(8, 1, Start)).Accepted);
        Assert.Equal("tariff.registers_not_mapped",
            grid.Execute(0, new ExchangeMeter(8, 9, Given.At("2026-03-01T01:00+08:00"), 0, 0, default, null, [0, 0, 0])).Refusal!.Code);

        // The account's tariff may change to one that maps both, or has one price; not to one that maps neither.
        grid.Execute(0, Given.Open(2, tariff: 2));
        grid.Execute(0, Given.RateMeter(10, 2, Start, 0, 0, 0));
        var change = grid.Execute(0, new ChangeTariff(2, 1, Given.Day("2026-04-01")));
        Assert.Equal("tariff: lacks has no rate for 1.8.3, which a meter of the account is charged by.", change.Refusal!.Detail);
        Assert.Null(grid.Execute(0, new ChangeTariff(2, 3, Given.Day("2026-04-01"))).Refusal);
    }

    /// <summary>The map is the day's tariff's: a version with another map, or none, holds from its first day on, also within a gap.</summary>
    [Fact]
    public void A_version_that_maps_otherwise_holds_from_its_day_on()
    {
        var first = Given.Registers();
        var second = first with { Id = "second", Registers = new Dictionary<string, string> { ["1.8.1"] = "valley", ["1.8.2"] = "flat", ["1.8.3"] = "peak" } };
        var grid = new FoldHarness(1, first, second);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.RateMeter(7, 1, Start, 0, 0, 0));
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-03"))).Refusal);

        // 48 kWh of 1.8.1 over the 2nd and the 3rd: 24 × 0.80 + 24 × 0.20 = 24.
        grid[0].Append(0, Given.Rate(7, 1, "2026-03-02T00:00+08:00", 0), Given.Rate(7, 1, "2026-03-04T00:00+08:00", 48_000));
        grid.Settle();
        Assert.Equal("24.000000000", Text(grid));
    }

    /// <summary>The day from which a tariff may change is behind the last reading of any register: 1.8.0 need not come.</summary>
    [Fact]
    public void A_tariff_does_not_change_on_days_that_registers_have_charged()
    {
        var grid = new FoldHarness(1, Given.Registers(), Given.Registers() with { Id = "second" });
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.RateMeter(7, 1, Start, 0, 0, 0));
        grid[0].Append(0, Given.Rate(7, 2, "2026-03-05T12:00+08:00", 1_000));
        grid.Settle();
        Assert.Equal("tariff.too_early", grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-05"))).Refusal!.Code);
        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-06"))).Refusal);
    }

    /// <summary>The border of a version within a gap: a further version of a product may not lose a register that an earlier one maps.</summary>
    [Fact]
    public void A_further_version_keeps_the_registers_of_its_product()
    {
        var product = new FoldHarness(1, Given.Registers()).Tariff(1).Product;
        var next = Given.Registers() with { Version = 2, EffectiveFrom = new DateOnly(2026, 6, 1) };
        Assert.Null(ProductRules.RefuseNew(next, product, 0, Given.At(Start)));
        var refusal = ProductRules.RefuseNew(next with { Registers = new Dictionary<string, string> { ["1.8.1"] = "peak", ["1.8.3"] = "flat" } }, product, 0,
            Given.At(Start));
        Assert.Equal("tariff.registers_not_mapped", refusal!.Code);
        Assert.Contains("1.8.2", refusal.Detail, StringComparison.Ordinal);
        var flat = Given.Flat() with { Id = next.Id, Version = 2, EffectiveFrom = next.EffectiveFrom };
        Assert.Null(ProductRules.RefuseNew(flat, product, 0, Given.At(Start)));
    }

    [Fact]
    public void Meters_of_both_kinds_share_one_account_and_its_tiers()
    {
        var grid = new FoldHarness(1, Given.Registers() with { Tiers = Given.Tiers() });
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.RateMeter(7, 1, Start, 0, 0));
        grid.Execute(0, Given.Meter(8, 1, Start));

        // 100 kWh peak by register: 80. 150 kWh of 1.8.0 from 08:00 to 17:00, flat: 75. 250 kWh: 10 × 0.05 = 0.50. Together 155.50.
        grid[0].Append(0, Given.Rate(7, 1, "2026-03-01T17:00+08:00", 100_000), Given.Reading(8, "2026-03-01T08:00+08:00", 0),
            Given.Reading(8, "2026-03-01T17:00+08:00", 150_000));
        grid.Settle();
        Assert.Equal("155.500000000", Text(grid));
    }

    [Fact]
    public void A_register_that_rolls_over_goes_on()
    {
        var grid = new FoldHarness(1, Given.Registers());
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.RateMeter(7, 1, Start, 999_000, 0, 0) with { Rating = new MeterRating(0, 1_000_000, 0) });
        grid[0].Append(0, Given.Rate(7, 1, "2026-03-01T12:00+08:00", 1_000));
        grid.Settle();

        // 1,000,000 - 999,000 + 1,000 = 2 kWh × 0.80.
        Assert.Equal("1.600000000", Text(grid));
    }

    /// <summary>A register that falls holds its own fall and nothing else; an estimate drops out below what is measured later.</summary>
    [Fact]
    public void A_fall_or_an_estimate_concerns_its_own_register_alone()
    {
        var grid = Of(Given.Registers());
        grid[0].Append(0, Given.Rate(7, 1, "2026-03-01T10:00+08:00", 5_000), Given.Rate(7, 2, "2026-03-01T10:00+08:00", 5_000),
            Given.Rate(7, 1, "2026-03-01T11:00+08:00", 1_000), Given.Rate(7, 2, "2026-03-01T11:00+08:00", 9_000, ReadingQuality.Estimated),
            Given.Rate(7, 2, "2026-03-01T12:00+08:00", 6_000));
        grid.Settle();

        // 5 kWh peak = 4.00 and 6 kWh flat = 3.00; 4 kWh of 1.8.1 fell.
        Assert.Equal("7.000000000", Text(grid));
        var open = Assert.Single(grid[0].Exceptions, e => e.Value.Open);
        Assert.Equal((VeeOutcome.RegisterFell, RegisterKind.ImportRate1, -4_000), (open.Key.Outcome, open.Key.Register, open.Value.HeldWh));
    }

    [Fact]
    public void Nothing_is_said_of_a_rate_register_that_rests()
    {
        var grid = Of(Given.Registers());
        for (var day = 2; day < 12; day++)
        {
            grid[0].Append(0, Given.Rate(7, 1, $"2026-03-{day:00}T00:00+08:00", 0), Given.Rate(7, 2, $"2026-03-{day:00}T00:00+08:00", day * 1_000));
        }

        grid.Settle();
        Assert.Empty(grid[0].Exceptions);
    }

    [Theory]
    [InlineData(1, RegisterKind.ImportRate2)]
    [InlineData(0, RegisterKind.ImportRate1)]
    public void A_register_that_the_meter_is_not_charged_by_is_told_once(int rates, RegisterKind register)
    {
        var grid = new FoldHarness(1, Given.Registers());
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.Meter(7, 1, Start) with { RateRegistersWh = rates == 0 ? null : new long[rates] });
        for (var hour = 1; hour < 5; hour++)
        {
            grid[0].Append(0, new Reading(7, register, Given.At(Start) + (hour * Instants.MsPerHour), hour * 100, 0, 0));
        }

        grid.Settle();
        Assert.Equal(0, grid.Account(1).Balance.Nano);
        var told = Assert.Single(grid[0].Exceptions);
        Assert.Equal(new ExceptionKey(7, Given.At(Start), VeeOutcome.RegisterNotCharged, register), told.Key);
        Assert.Equal(400, told.Value.ValueWh);
    }

    [Theory]
    [InlineData("1.8.0", "peak", "registers: '1.8.0'")]
    [InlineData("1.8.5", "peak", "registers: '1.8.5'")]
    [InlineData("2.8.1", "peak", "registers: '2.8.1'")]
    [InlineData("1.8.1", "night", "registers[1.8.1]: 'night'")]
    public void A_map_names_rate_registers_and_rates(string register, string rate, string detail)
    {
        var tariff = Given.Tou() with { Registers = new Dictionary<string, string> { [register] = rate } };
        var (compiled, refusal) = TariffCompiler.Compile(1, tariff);
        Assert.Null(compiled);
        Assert.Equal("tariff.invalid", refusal!.Code);
        Assert.StartsWith(detail, refusal.Detail, StringComparison.Ordinal);
    }

    /// <summary>One content is one text, whatever order its registers are written in: a version is told from another by it.</summary>
    [Fact]
    public void A_map_is_the_same_in_any_order()
    {
        var registers = Given.Registers();
        var other = registers with { Registers = registers.Registers.Reverse().ToDictionary() };
        Assert.Equal(JsonSerializer.Serialize(registers), JsonSerializer.Serialize(other));
    }

    private static string Charge(TariffDefinition tariff, params (string At, long[] Wh)[] readings)
    {
        var grid = Of(tariff);
        foreach (var (at, wh) in readings)
        {
            grid[0].Append(0, [.. wh.Select((value, i) => Given.Rate(7, i + 1, at, value))]);
        }

        grid.Settle();
        return Text(grid);
    }

    private static FoldHarness Of(TariffDefinition tariff)
    {
        var grid = new FoldHarness(1, tariff);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.RateMeter(7, 1, Start, 0, 0, 0));
        return grid;
    }

    private static void Close(FoldHarness grid, string at)
    {
        grid[0].Append(new Check(Given.At(at), [1]), Given.At(at));
        grid.Settle();
    }

    private static string Text(FoldHarness grid) => Given.Text(-grid.Account(1).Balance);
}
