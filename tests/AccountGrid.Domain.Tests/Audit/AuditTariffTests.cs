using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;
using CsCheck;

namespace AccountGrid.Domain.Tests.Audit;

/// <summary>What the audit works out under tariffs of every structure, and changes between them, is what the fold charged.</summary>
public sealed class AuditTariffTests
{
    private static readonly long Start = Given.At("2025-11-20T00:00+08:00");

    /// <summary>A time over two years' ends in steps of some days, with a change of tariff on any day, in any order of arrival.</summary>
    [Fact]
    public void Any_two_tariffs_in_turn() =>
        Gen.Select(Gen.Int[0, Structures.All.Count - 1].Array[2], Gen.Int[1, 420], Gen.Int[0, 6].Select(i => (byte)i), Gen.Bool,
            Gen.Select(Gen.Int[1, 20], Gen.Int[0, 400_000]).Array[1, 60], Gen.Int).Sample((kinds, change, persons, isProtected, steps, seed) =>
        {
            TariffDefinition[] definitions = [.. kinds.Select((k, i) => Structures.All[k] with { Version = i + 1 })];
            var grid = new FoldHarness(1, definitions);
            grid.Execute(0, Given.Open(1, "2025-11-20") with { HouseholdSize = persons, Protected = isProtected }, Start);
            grid.Execute(0, new InstallMeter(7, 1, default, Start, 0), Start);
            Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2025-11-20") + change), Start).Refusal);
            var (at, wh) = (Start, 0L);
            var readings = steps.Select(s => new Reading(7, RegisterKind.Import, at += s.Item1 * 21_600_000L, wh += s.Item2, ReadingQuality.None, 0)).ToArray();
            new Random(seed).Shuffle(readings);
            grid[0].Append(Start, readings);
            grid.Settle();

            var (account, meter) = (grid.Account(1), grid.Account(1).Meters[0]);
            var tariffs = account.Tariffs.Select(t => (DateOnly.FromDayNumber(t.FromDay), new AuditTariff(t.Tariff, definitions[t.Tariff - 1]))).ToList();
            var books = new AuditAccount(tariffs, _ => (persons, isProtected));
            books.Add(meter.Rating, AuditLine.Of(meter.Rating, [meter.Tail, .. meter.Open.ToList()]));
            Assert.Equal((books.ChargedWh, books.HeldWh), (meter.Charged.Wh, meter.Held.Wh));
            Assert.Equal(books.Charge(), (decimal)account.Charged.Nano / Money.NanoPerUnit);
        }, iter: PropertyRuns.Of(300));
}
