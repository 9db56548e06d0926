using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Tests;

/// <summary>The parts of a period, as the API shows them, are those of its charge.</summary>
public sealed class PeriodViewTests
{
    private static readonly long Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();

    /// <summary>January's energy under tiers of months is not in the tiers of the year that begin on the 22nd.</summary>
    [Fact]
    public void Tiers_of_months_and_of_years_are_counted_apart()
    {
        var tariffs = new[] { Tiered(1, "month"), Tiered(2, "year"), Tiered(3, "year") }.ToDictionary(t => t.Number);
        var state = new PartitionState(0, n => tariffs[n]);
        var fold = new PartitionFold(state, n => tariffs[n]);
        Do(new OpenAccount(1, "A", 1, PaymentMode.Postpaid, Day(0), 0, false, []));
        Do(new InstallMeter(7, 1, default, Start, 0));
        Read(20, 300_000);
        Do(new ChangeTariff(1, 2, Day(21)));
        Read(21, 300_000);
        Read(25, 450_000);
        Do(new ChangeTariff(1, 3, Day(26)));
        Read(26, 450_000);
        Read(30, 500_000);
        var view = PartitionViews.Of(state, state.FindAccount(1)!, null, Start);
        Assert.Equal([60, 15, 15], view.Periods.Select(p => (int)(p.TiersNano / Money.NanoPerUnit)));
        Assert.All(view.Periods, p => Assert.Equal(p.ChargeNano, p.EnergyNano + p.TiersNano + p.StandingNano + p.TaxNano));

        void Do(GridCommand command)
        {
            var effects = new Effects();
            Assert.Null(fold.Apply(command, state.Position, Start, effects));
            Assert.Null(effects.Outcomes.Find(o => o.Refusal is not null)?.Refusal);
        }

        void Read(int day, long wh) =>
            Assert.Null(
                fold.Apply(new Reading(7, RegisterKind.Import, Start + (day * Instants.MsPerDay), wh, ReadingQuality.None, 0), state.Position, Start,
                    new Effects()));
    }

    private static int Day(int n) => new DateOnly(2026, 1, 1).DayNumber + n;

    private static Tariff Tiered(int number, string per) => TariffCompiler.Compile(number, new TariffDefinition
    {
        Id = "t",
        Version = number,
        Currency = "CNY",
        Zone = "Asia/Shanghai",
        Rates = [new("flat", "0.50")],
        Tiers = new TierDefinition { Per = per, Steps = [new TierStep(100_000, "0.30")] },
    }).Tariff!;
}
