using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;
using CsCheck;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>
/// Accounts under two-part tariffs, with one meter or two, by a total or by rate registers, with or without 3.8.0: the same set of points gives the same
/// books in
/// any order, however often and in what batches they come, with days that close and open in between and crashes. What is charged is what the audit works out
/// with its own code.
/// </summary>
public sealed class TwoPartOrderTests
{
    private static readonly long Start = Given.At("2026-02-25T05:00+08:00");

    private enum Kind
    {
        Usual,
        Hour,
        Gap,
        Days,
        Odd,
        Still,
        Low,
        Jump,
        Estimate,
    }

    private static readonly Gen<(Kind Kind, int Size)[]> Histories = Gen.Select(
        Gen.Frequency((14, Gen.Const(Kind.Usual)), (4, Gen.Const(Kind.Hour)), (2, Gen.Const(Kind.Days)), (8, Gen.Int[2, 8].Select(i => (Kind)i))),
        Gen.Int[0, 999]).Array[1, 40];

    [Fact]
    public void The_same_points_give_the_same_books_in_any_order() =>
        Gen.Select(Histories, Gen.Int[0, 5], Gen.Int, Gen.Int[0, 199].Array[0, 5], Gen.Bool).Sample((history, tariff, seed, checks, packs) =>
        {
            var life = new Life(tariff, Rates: (seed & 8) == 0 ? 0 : 2, HasSecond: seed % 2 == 0, HasReactive: (seed & 16) == 0);
            var readings = ReadingsOf(history, life);
            var inOrder = Books(life, readings, [], packs: true, batch: 1);
            var random = new Random(seed);
            Reading[] shuffled = [.. readings, .. readings.Where((_, i) => i % 3 == 0)];
            random.Shuffle(shuffled);
            Assert.Equal(inOrder, Books(life, shuffled, checks, packs, batch: 1 + (seed & 7)));
            Assert.Equal(inOrder, Books(life, [.. readings.Reverse()], checks, packs, batch: 1));
            var blocks = readings.Chunk(9).ToArray();
            random.Shuffle(blocks);
            Assert.Equal(inOrder, Books(life, [.. blocks.SelectMany(b => b), .. readings.TakeLast(9)], checks, packs, batch: 3));
        }, iter: PropertyRuns.Of(150));

    private static Reading[] ReadingsOf((Kind Kind, int Size)[] history, Life life)
    {
        var readings = new List<Reading>();
        var (at, active, reactive, other) = (Start, 0L, 0L, 0L);
        foreach (var (kind, size) in history)
        {
            at += kind switch
            {
                Kind.Hour => 3_600_000,
                Kind.Gap => (size + 1) * 600_000L,
                Kind.Days => (1 + (size % 20)) * Instants.MsPerDay,
                Kind.Odd => (size % 40 * 60_000) + 60_000,
                _ => 900_000,
            };
            active += kind == Kind.Still ? 0 : size * 50;
            reactive += size % 5 * 7_000;
            var quality = kind == Kind.Estimate ? ReadingQuality.Estimated : 0;
            var value = kind switch { Kind.Low => active / 2, Kind.Jump => active + 90_000_000, _ => active };
            Add(7, RegisterKind.Import, value, quality);
            for (var i = 0; i < life.Rates; i++)
            {
                Add(7, RegisterCodes.RateAt(i), active / 2, quality);
            }

            if (life.HasReactive && size % 7 != 0)
            {
                Add(7, RegisterKind.Reactive, kind == Kind.Low ? reactive / 2 : reactive, quality);
            }

            if (life.HasSecond)
            {
                Add(8, RegisterKind.Import, other += size % 70 * 100, 0);
            }
        }

        return [.. readings];

        void Add(int meter, RegisterKind register, long value, ReadingQuality quality) => readings.Add(new Reading(meter, register, at, value, quality, 0));
    }

    private static string Books(Life life, Reading[] readings, int[] checks, bool packs, int batch)
    {
        var definition = TariffOf(life.Tariff);
        var grid = new FoldHarness(1, packs, definition);
        Assert.Null(grid.Execute(0, TwoPart.Open("2026-02-20", 300), Start).Refusal);
        var rating = new MeterRating(4_000_000, 0, 900_000);
        Assert.Null(grid.Execute(0, new InstallMeter(7, 1, rating, Start, 0, life.Rates == 0 ? null : new long[life.Rates], null, life.HasReactive ? 0 : null),
            Start).Refusal);
        grid.Execute(0, new InstallMeter(8, 1, rating, Start, 0), Start);
        for (var i = 0; i < readings.Length; i += batch)
        {
            var now = Start + (i * Instants.MsPerHour);
            grid[0].AppendBatch(now, readings[i..Math.Min(readings.Length, i + batch)]);
            if (i <= readings.Length / 3 && i + batch > readings.Length / 3)
            {
                grid.Execute(0, new SetContractedCapacity(1, 450_000, Given.Day("2026-04-01"), "more", "a", "b"), now);
            }

            if (checks.Any(c => c >= i && c < i + batch))
            {
                grid[0].Append(new Domain.Commands.Check(Start + (i * 20L * Instants.MsPerHour), [1]), now);
                grid.Settle();
                grid[0].Flush();
                if (i % 2 == 0)
                {
                    grid[0].Crash();
                }
            }
        }

        var end = Start + (300 * Instants.MsPerDay);
        grid[0].Append(new Domain.Commands.Check(end, [1]), end);
        grid.Settle();
        return Text(grid, definition);
    }

    private static string Text(FoldHarness grid, TariffDefinition definition)
    {
        var account = grid.Account(1);
        Assert.Equal(account.Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
        Assert.Equal(account.Balance, account.LedgerBalance);
        Assert.All(account.Periods, p => Assert.Equal(p.Live, p.Closed));
        var stored = StateCodec.Encode(account);
        Assert.Equal(stored, StateCodec.Encode(StateCodec.DecodeAccount(stored, grid.Tariff)));
        Audited(grid, account, definition);
        var periods = account.Periods.Where(p => p.Live != default).Select(p => $"{Instants.DayToText(p.StartDay)} {p.Charge} "
            + (p.Live.TwoPart is { } t ? $"{t.Days} {t.UnitDays} {t.Maximum} {t.ActiveWh} {t.ReactiveVarh} {t.PairedDays} {t.EnergyWh} {t.AtRates}" : ""));
        return $"balance {account.Balance}\n{string.Join('\n', account.Lines.Select(l => $"{l.Register} {l.Charged.Wh} {l.Held.Wh}"))}\n"
            + string.Join('\n', periods);
    }

    /// <summary>What the audit works out of the same points, with its own code.</summary>
    private static void Audited(FoldHarness grid, AccountState account, TariffDefinition definition)
    {
        var books = new AuditAccount([(DateOnly.FromDayNumber(account.OpenedDay), new AuditTariff(1, definition))], _ => default);
        books.Contract(account.Contracted.Select(c => (DateOnly.FromDayNumber(c.FromDay), c.Milli, CapacityUnits.Text(c.Unit))));
        books.AddStandingDays(DateOnly.FromDayNumber(account.OpenedDay), DateOnly.FromDayNumber(account.StandingThroughDay));
        foreach (var meter in account.Meters)
        {
            foreach (var line in meter.Lines)
            {
                var days = grid[0].AllDays(line.Number).Where(d => d.Key.Register == line.Register && d.Points.Count > 0).ToList();
                List<Point> points = [days.Count == 0 ? line.Tail : days[0].Before, .. days.SelectMany(d => d.Points.Unpack(d.Before)), .. line.Open.ToList()];
                books.Add(line.Rating, AuditLine.Of(line.Rating, points), line.Rates is null ? line.Register : null,
                    of: AuditMeter.Of(line));
            }
        }

        Assert.Equal(books.Charge(), (decimal)account.Charged.Nano / Money.NanoPerUnit);
    }

    private static TariffDefinition TariffOf(int number)
    {
        var (capacity, demand) = (new CapacityDefinition { PricePerMonth = "31.7", PartOfMonth = "thirtieths" }, TwoPart.ByDemand().Demand!);
        var tou = Given.Registers() with { LevyPerKwh = "0.027", TaxBasisPoints = 777 };
        return number switch
        {
            0 => Given.Flat() with { Capacity = capacity },
            1 => tou with { Demand = demand },
            2 => tou with { Demand = demand with { IntervalMinutes = 60, PartOfMonth = "thirtieths" }, PowerFactor = TwoPart.Published(85) },
            3 => tou with { PowerFactor = TwoPart.Published(80, "energy", "standing"), StandingPerDay = "3.3" },
            4 => Given.Flat("0.4883") with { Demand = demand, PowerFactor = TwoPart.Published(), Tiers = null },
            _ => Given.Flat("0.61") with
            {
                Capacity = capacity with { PartOfMonth = "calendar" },
                PowerFactor = TwoPart.Published(90, "capacity"),
                Taxes = [new TaxDefinition { Name = "VAT", BasisPoints = 1_300, Included = true }],
            },
        };
    }

    private sealed record Life(int Tariff, int Rates, bool HasSecond, bool HasReactive);
}
