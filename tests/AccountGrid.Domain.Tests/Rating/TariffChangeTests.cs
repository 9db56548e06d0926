using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Another tariff on an account, live and replayed.</summary>
public sealed class TariffChangeTests
{
    [Fact]
    public void A_change_from_flat_to_time_of_use_rates_the_same_live_and_replayed()
    {
        string[] balances = [.. new[] { false, true }.Select(crash =>
        {
            var grid = FoldHarness.WithMeter(Given.Flat(), Given.Tou());
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
        var grid = FoldHarness.WithMeter(Given.Tou(), Given.Flat());
        grid.Execute(0, Given.Open(2));
        grid[0].Append(0, Given.Reading(7, "2026-03-09T12:00+08:00", 100), Given.Reading(7, "2026-03-11T19:00+08:00", 200),
            Given.Reading(7, "2026-03-11T20:00+08:00", 300));
        grid.Settle();
        Assert.True(grid.Execute(0, new ReleaseMeter(7, 2, 0, Given.At("2026-03-09T13:00+08:00"), null)).Accepted);
        Assert.True(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-11"))).Accepted);
        grid.Execute(0, Given.Meter(8, 1, "2026-03-11T18:00+08:00"));
        var before = grid.Account(1).Balance;
        grid[0].Append(0, Given.Reading(8, "2026-03-11T19:00+08:00", 1_000));
        grid.Settle();
        Assert.Equal("0.500000000", (before - grid.Account(1).Balance).ToString());
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
