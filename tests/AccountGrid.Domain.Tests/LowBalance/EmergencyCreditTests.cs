using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.LowBalance;

/// <summary>Emergency credit, used up and paid back.</summary>
public sealed class EmergencyCreditTests
{
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
            Assert.Null(grid.Execute(0, new SetCustomer(1, 7, CustomerClass.Residential, CustomerTraits.None, "form 7"), start).Refusal);
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
}
