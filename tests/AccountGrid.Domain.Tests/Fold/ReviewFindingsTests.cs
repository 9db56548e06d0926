using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Fold;

/// <summary>Defects that an attack on the fold found, each kept from coming back.</summary>
public sealed class ReviewFindingsTests
{
    [Fact]
    public void A_duplicate_belongs_to_the_stored_state_like_any_other_change()
    {
        var grid = Grid(Given.Flat());
        grid[0].Append(Given.At("2026-03-03T00:00+08:00"), Given.Reading(7, "2026-03-02T01:00+08:00", 1_000));
        grid.Settle();
        grid[0].Flush();
        grid[0].Append(Given.At("2026-03-03T10:00+08:00"), Given.Reading(7, "2026-03-02T01:00+08:00", 1_000), new Reading(7, RegisterKind.Export, Given.At("2026-03-02T01:00+08:00"), 5, 0, 0));
        grid.Settle();
        var live = grid[0].StateText();
        grid[0].Flush();
        grid[0].Crash();
        Assert.Equal(live, grid[0].StateText());
    }

    [Fact]
    public void A_change_from_flat_to_time_of_use_rates_the_same_live_and_replayed()
    {
        string[] balances = [.. new[] { false, true }.Select(crash =>
        {
            var grid = Grid(Given.Flat(), Given.Tou());
            Push(grid, 0, 4, 1);
            Assert.True(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-04"))).Accepted);
            if (crash)
            {
                grid[0].Flush();
                grid[0].Crash();
            }

            Push(grid, 48, 10, 96);
            Push(grid, 400, 2, 40);
            return grid.Account(1).Balance.ToString();
        })];
        Assert.Equal(balances[0], balances[1]);
    }

    [Fact]
    public void A_plan_worked_out_under_an_old_tariff_is_not_used_under_a_new_one()
    {
        var grid = Grid(Given.Tou(), Given.Flat());
        grid.Execute(0, Given.Open(2));
        grid[0].Append(0, Given.Reading(7, "2026-03-09T12:00+08:00", 100), Given.Reading(7, "2026-03-11T19:00+08:00", 200), Given.Reading(7, "2026-03-11T20:00+08:00", 300));
        grid.Settle();
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 2, 0, Given.At("2026-03-09T13:00+08:00"), null)).Accepted);
        Assert.True(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-11"))).Accepted);
        grid.Execute(0, Given.Meter(8, 1, "2026-03-11T18:00+08:00"));
        var before = grid.Account(1).Balance;
        grid[0].Append(0, Given.Reading(8, "2026-03-11T19:00+08:00", 1_000));
        grid.Settle();
        Assert.Equal("0.500000000", (before - grid.Account(1).Balance).ToString());
    }

    [Fact]
    public void Late_data_after_a_move_without_a_register_is_never_charged_to_both()
    {
        var grid = Grid(Given.Flat());
        grid.Execute(0, Given.Open(2));
        grid[0].Append(0, Given.Reading(7, "2026-03-02T10:00+08:00", 1_000));
        grid.Settle();
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 2, 0, Given.At("2026-03-02T12:00+08:00"), null)).Accepted);
        grid[0].Append(0, Given.Reading(7, "2026-03-02T13:00+08:00", 1_300), Given.Reading(7, "2026-03-02T11:45+08:00", 1_200));
        grid.Settle();
        Assert.Equal([(1_000, 0), (300, 0)], new[] { 1, 2 }.Select(a => grid.Account(a).Meters.Where(m => m.Account is not null)).Select(m => (m.Sum(x => x.Charged.Wh), m.Sum(x => x.Held.Wh))));
        Assert.Equal(1_200, Assert.Single(grid[0].Exceptions, e => e.Value.Open && e.Key.Outcome == VeeOutcome.Conflict).Value.ValueWh);

        // What agrees with the end is a point like any other, and what came before the last value known is, too.
        grid[0].Append(0, Given.Reading(7, "2026-03-02T11:30+08:00", 1_000), Given.Reading(7, "2026-03-02T09:00+08:00", 900));
        grid.Settle();
        Assert.Equal(1_000, grid.Account(1).Meters.Sum(m => m.Charged.Wh));
        Assert.Single(grid[0].Exceptions, e => e.Value.Open);
    }

    /// <summary>A meter that reports every day always has an open one: the log behind what is closed must go all the same.</summary>
    [Fact]
    public void The_log_is_not_kept_for_a_meter_that_always_has_an_open_day()
    {
        var grid = Grid(Given.Flat());
        var start = Given.At("2026-03-01T00:00+08:00");
        var first = grid[0].State.Position;
        for (var hour = 1; hour <= 240; hour++)
        {
            var at = start + (hour * Instants.MsPerHour);
            grid[0].Append(at, new Reading(7, RegisterKind.Import, at, hour * 100, 0, 0));
            grid[0].Append(new Check(at, [1]), at);
            grid.Settle();
        }

        var now = start + (240 * Instants.MsPerHour);
        Assert.Equal(grid[0].State.Position, grid[0].State.OldestNeeded(now));

        // A day that should be closed and is not keeps what its meter has had.
        Assert.Equal(first, grid[0].State.OldestNeeded(now + (3 * Instants.MsPerDay)));
        grid[0].State.Pack();
        Assert.Equal(first, grid[0].State.OldestNeeded(now + (3 * Instants.MsPerDay)));
    }

    /// <summary>A check that was quarantined since its account cannot be read must be passed over all the same, or its partition never opens.</summary>
    [Fact]
    public void A_quarantined_check_is_passed_over_though_its_account_cannot_be_read()
    {
        var grid = Grid(Given.Flat());
        for (var hour = 1; hour <= 8; hour++)
        {
            grid[0].Append(0, new Reading(7, RegisterKind.Import, Given.At("2026-03-01T00:00+08:00") + (hour * Instants.MsPerHour), hour * 100, 0, 0));
        }

        grid.Settle();
        grid[0].State.Pack();
        var page = Assert.Single(grid[0].State.TakeDirtyPages());
        var damaged = Enumerable.Range(1, page.States.Length).Select(fromEnd => Damaged(page.States, page.States.Length - fromEnd)).First(s => s is not null)!;
        var now = Given.At("2026-03-02T00:00+08:00");
        new Domain.Fold.PartitionFold(damaged, grid.Tariff, (_, _) => null).Skip(damaged.Position, now, new Check(now, [1]));
        Assert.Equal(1, damaged.Position);

        // The stored page with one byte changed, if it still loads and its account then cannot be read.
        Domain.Partitions.PartitionState? Damaged(byte[] states, int at)
        {
            byte[] bytes = [.. states];
            bytes[at] ^= 0xff;
            var state = new Domain.Partitions.PartitionState(0, grid.Tariff);
            try
            {
                state.Load(0, bytes);
            }
            catch (Exception e) when (e is FormatException or InvariantBrokenException or OverflowException or ArgumentException or IndexOutOfRangeException)
            {
                return null;
            }

            return Record.Exception(() => state.PeekAccount(1)) is FormatException ? state : null;
        }
    }

    /// <summary>Emergency credit of 5: used up at -6, partly there again at -3 after a payment, and used up again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public void Emergency_credit_that_is_used_up_again_is_noticed_whatever_batches_the_readings_come_in(int perBatch)
    {
        string[] states = [.. new[] { true, false }.Select(packs =>
        {
            var grid = new FoldHarness(1, packs, Given.Flat()).With(7, Packs.Get("gb-prepay", d => d with { Currency = "CNY" }));
            var start = Given.At("2026-03-02T00:00+08:00");
            grid.Execute(0, Given.Open(1, "2026-03-02"), start);
            grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"), start);
            Assert.Null(grid.Execute(0, new SetCustomer(1, 7, Domain.State.CustomerClass.Residential, Domain.State.CustomerTraits.None, "form 7"), start).Refusal);
            long[] registers = [12_000, 12_000, 13_000, 14_000, 15_000, 15_500, 16_500, 19_000, 19_100];
            for (var i = 0; i < registers.Length; i++)
            {
                var at = start + ((i + 1) * Instants.MsPerHour);
                grid[0].Append(at, new Reading(7, RegisterKind.Import, at, registers[i], 0, 0));
                if (i == 1)
                {
                    grid[0].Append(Given.Pay(1, "3"), at);
                }

                if (i % perBatch == 0)
                {
                    grid.Settle();
                }
            }

            grid.Settle();
            Assert.Equal(start + (7 * Instants.MsPerHour), grid.Account(1).Customer!.CreditUsedMs);
            return grid[0].StateText();
        })];
        Assert.Equal(states[1], states[0]);
    }

    [Fact]
    public void A_reading_before_everything_is_an_exception_and_does_not_wander_between_homes()
    {
        var grid = new FoldHarness(2, Given.Flat());
        grid.Execute(0, Given.Open(1));
        grid.Execute(1, Given.Open(2));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-02T00:00+08:00"));
        grid.Execute(0, new ReleaseMeter(7, 2, 1, Given.At("2026-03-03T00:00+08:00"), 5));
        grid.Execute(1, new ReleaseMeter(7, 1, 0, Given.At("2026-03-04T00:00+08:00"), 6));
        grid[0].Append(0, Given.Reading(7, "2026-03-01T00:00+08:00", 1));
        grid.Settle();
        Assert.Equal(VeeOutcome.BeforeInstallation, Assert.Single(grid[0].Exceptions).Key.Outcome);
    }

    [Fact]
    public void A_difference_that_no_money_could_hold_is_held_and_the_next_reading_goes_on()
    {
        var grid = Grid(Given.Flat("100"));
        grid[0].Append(0, Given.Reading(7, "2026-03-02T01:00+08:00", 999_999_999_999_999), Given.Reading(7, "2026-03-02T02:00+08:00", 1_000_000_000_000_000));
        grid.Settle();
        Assert.Equal(999_999_999_999_999, grid[0].State.PeekMeter(7)!.Held.Wh);
        Assert.Equal("-0.100000000", grid.Account(1).Balance.ToString());
    }

    [Fact]
    public void An_adjustment_of_the_smallest_number_is_refused() =>
        Assert.Equal("amount.invalid", Grid(Given.Flat()).Execute(0, new AdjustBalance(1, long.MinValue, "x")).Refusal!.Code);

    [Fact]
    public void An_account_with_a_standing_charge_is_due_from_its_first_day()
    {
        var grid = new FoldHarness(1, Given.Flat() with { StandingPerDay = "0.3" }, Given.Flat() with { StandingPerDay = "0.4" });
        grid.Execute(0, Given.Open(1, "2026-03-01"));
        Assert.InRange(grid[0].DueOf(1), Given.At("2026-03-01T00:00+08:00"), Given.At("2026-03-01T01:00+08:00"));
    }

    private static FoldHarness Grid(params Domain.Rating.TariffDefinition[] tariffs)
    {
        var grid = new FoldHarness(1, tariffs);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        return grid;
    }

    private static void Push(FoldHarness grid, int fromHours, int count, int stepQuarters)
    {
        var start = Given.At("2026-03-01T00:00+08:00") + (fromHours * Instants.MsPerHour);
        for (var i = 1; i <= count * 24; i++)
        {
            var at = start + (i * 900_000L);
            grid[0].Append(at, new Reading(7, RegisterKind.Import, at, (fromHours * 1_000L) + (i * (long)(10 + (i % 40 * stepQuarters % 7))), 0, 0));
        }

        grid.Settle();
    }
}
