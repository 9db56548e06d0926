using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>Nothing is charged that was used longer ago than the pack allows: 12 months in Great Britain.</summary>
public sealed class BackBillingTests
{
    private static readonly long Start = Given.At("2025-01-05T00:00+08:00");

    private readonly FoldHarness _grid =
        new FoldHarness(1, Given.Flat()).With(5, Packs.Get("gb-prepay", p => p with { Currency = "CNY" })).With(6, Packs.Get("cn-residential"));

    [Theory]
    [InlineData(5, 390, 3_650_000, 250_000)]
    [InlineData(5, 365, 3_650_000, 0)]
    [InlineData(5, 500, 3_650_000, 1_350_000)]
    [InlineData(6, 390, 3_900_000, 0)]
    public void A_first_reading_after_a_long_time_charges_what_the_pack_allows(int pack, int days, long charged, long held)
    {
        Open(pack);
        Read(Start + (days * Instants.MsPerDay), days * 10_000L, days);
        Assert.Equal((charged, held), (Meter.Charged.Wh, Meter.Held.Wh));
        Assert.Equal(held, _grid[0].Exceptions.Values.Where(e => e.Open).Sum(e => e.HeldWh));
        Assert.Equal(held > 0, _grid[0].Exceptions.Any(e => e.Value.Open && e.Key.Outcome == VeeOutcome.BackBilling));
    }

    [Fact]
    public void Late_data_of_a_time_that_is_not_charged_any_more_changes_nothing()
    {
        Open(5);
        Read(Start + (10 * Instants.MsPerDay), 100_000, 10);
        Read(Start + (400 * Instants.MsPerDay), 4_000_000, 400);
        var balance = _grid.Account(1).Balance;
        Read(Start + (20 * Instants.MsPerDay), 300_000, 400);
        Read(Start + (10 * Instants.MsPerDay), 100_000, 400);
        Assert.Equal(balance, _grid.Account(1).Balance);
        Assert.Equal(VeeOutcome.TooLate, Assert.Single(_grid[0].Exceptions, e => e.Value.Open && e.Key.Outcome != VeeOutcome.BackBilling).Key.Outcome);
    }

    private MeterState Meter => _grid[0].State.PeekMeter(7)!;

    private void Open(int pack)
    {
        _grid.Execute(0, Given.Open(1, "2025-01-05"), Start);
        _grid.Execute(0, Given.Meter(7, 1, "2025-01-05T00:00+08:00"), Start);
        Assert.Null(_grid.Execute(0, new SetCustomer(1, pack, CustomerClass.Residential, CustomerTraits.None, "form 1"), Start).Refusal);
    }

    private void Read(long at, long wh, int nowDay)
    {
        var now = Start + (nowDay * Instants.MsPerDay);
        _grid[0].Append(new Check(now, [1]), now);
        _grid[0].Append(now, new Reading(7, RegisterKind.Import, at, wh, 0, 0));
        _grid.Settle();
    }
}
