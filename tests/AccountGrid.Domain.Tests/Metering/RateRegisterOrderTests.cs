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
/// A meter that is charged by its rate registers, with a total beside them at times, and one that is charged by 1.8.0 on the same account: the same set of
/// points gives the same books and exceptions in any order, however often and in what batches they come, with days that close and open in between, crashes,
/// versions that map registers otherwise or not at all, and a move whose day becomes known late. What is charged is what the audit works out.
/// </summary>
public sealed class RateRegisterOrderTests
{
    private const int Registers = 3;
    private static readonly long Start = Given.At("2026-03-05T05:00+08:00");

    private enum Kind
    {
        Usual,
        Gap,
        WithoutTotal,
        Low,
        Estimate,
        Jump,
        Total,
        Contradicted,
        Rest,
    }

    private static readonly Gen<(Kind Kind, int Size)[]> Histories =
        Gen.Select(Gen.Frequency((20, Gen.Const(Kind.Usual)), (6, Gen.Const(Kind.Gap)), (12, Gen.Int[2, (int)Kind.Rest].Select(i => (Kind)i))),
            Gen.Int[0, 999]).Array[1, 60];

    [Fact]
    public void The_same_points_give_the_same_books_in_any_order() =>
        Gen.Select(Histories, Gen.Int[0, 7], Gen.Int, Gen.Int[0, 199].Array[0, 5], Gen.Bool).Sample((history, tariffs, seed, checks, packs) =>
        {
            // Alone on its account it is packed; beside another meter it is not.
            var readings = ReadingsOf(history).Where(r => r.Meter == 7 || seed % 2 == 0).ToArray();
            var inOrder = Books(tariffs, readings, [], packs: true, batch: 1);
            var random = new Random(seed);
            Reading[] shuffled = [.. readings, .. readings.Where((_, i) => i % 3 == 0)];
            random.Shuffle(shuffled);
            Assert.Equal(inOrder, Books(tariffs, shuffled, checks, packs, batch: 1 + (seed & 7)));
            Assert.Equal(inOrder, Books(tariffs, [.. readings.Reverse()], checks, packs, batch: 1));
            var blocks = readings.Chunk(9).ToArray();
            random.Shuffle(blocks);
            Assert.Equal(inOrder, Books(tariffs, [.. blocks.SelectMany(b => b), .. readings.TakeLast(9)], checks, packs, batch: 3));
        }, iter: PropertyRuns.Of(150));

    private static Reading[] ReadingsOf((Kind Kind, int Size)[] history)
    {
        var readings = new List<Reading>();
        var (at, wh, plain) = (Start, new long[Registers], 0L);
        foreach (var (kind, size) in history)
        {
            at += kind == Kind.Gap ? (size + 1) * 600_000L : 3_600_000;
            for (var i = 0; i < Registers; i++)
            {
                wh[i] += kind == Kind.Rest || (size + i) % 3 == 0 ? 0 : size + (i * 7);
            }

            var total = wh.Sum() + (kind == Kind.Total ? 50 : 0);
            for (var i = 0; i < Registers; i++)
            {
                Add(7, RegisterCodes.RateAt(i), i != size % Registers ? wh[i] : kind switch
                {
                    Kind.Low => wh[i] / 2,
                    Kind.Jump => wh[i] + 9_000_000,
                    Kind.Estimate => wh[i] + (size % 5 * 100),
                    _ => wh[i],
                }, kind == Kind.Estimate && i == size % Registers ? ReadingQuality.Estimated : 0);
            }

            if (kind == Kind.Contradicted)
            {
                Add(7, RegisterKind.ImportRate1, wh[0] + 3, 0);
            }

            if (kind != Kind.WithoutTotal)
            {
                Add(7, RegisterKind.Import, total, 0);
            }

            Add(8, RegisterKind.Import, plain += size % 70, 0);
        }

        return [.. readings];

        void Add(int meter, RegisterKind register, long value, ReadingQuality quality) => readings.Add(new Reading(meter, register, at, value, quality, 0));
    }

    private static string Books(int tariffs, Reading[] readings, int[] checks, bool packs, int batch)
    {
        TariffDefinition[] definitions = [.. TariffsOf(tariffs)];
        var grid = new FoldHarness(1, packs, definitions);
        grid.Execute(0, Given.Open(1, "2026-02-20"), Start);
        grid.Execute(0, new InstallMeter(7, 1, new MeterRating(60_000, 0, 3_600_000), Start, 0, new long[Registers]), Start);
        if (readings.Any(r => r.Meter == 8))
        {
            grid.Execute(0, new InstallMeter(8, 1, new MeterRating(60_000, 0, 3_600_000), Start, 0), Start);
        }

        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-08")), Start).Refusal);
        for (var i = 0; i < readings.Length; i += batch)
        {
            var now = Start + (i * Instants.MsPerHour);
            grid[0].AppendBatch(now, readings[i..Math.Min(readings.Length, i + batch)]);
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

        grid.Settle();
        Assert.Equal(packs && readings.All(r => r.Meter == 7) && grid[0].State.PeekAccount(1)!.Lines.All(l => l.Reopened is not { Count: > 0 }) ? 0 : 1,
            grid[0].State.UnpackedCount);
        var end = Start + (500 * Instants.MsPerDay);
        grid[0].Append(new Domain.Commands.Check(end, [1]), end);
        grid.Settle();
        var account = grid.Account(1);
        Assert.Equal(account.Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
        Audited(grid, account, definitions);
        var rows = new[] { 7, 8 }.SelectMany(m => grid[0].AllDays(m)).Where(d => d.Points.Count > 0 || d.Energy.Wh != 0).Select(d =>
            $"{d.Key.Meter} {d.Key.Register} {Instants.DayToText(d.Key.Day)} {d.Before.ValueWh} "
                + $"[{string.Join(' ', d.Points.Unpack(d.Before).Select(p => $"{p.TimeMs}={p.ValueWh}{(RegisterLine.Counts(p) ? "" : "!")}"))}] "
                + $"{string.Join('/', d.RateWh)} {d.Base} {d.HeldWh}");
        var exceptions = grid[0].Exceptions.Where(e => e.Value.Open)
            .Select(e => $"{e.Key.Meter} {e.Key.Register} {e.Key.TimeMs} {e.Key.Outcome} {e.Value.HeldWh} {e.Value.ValueWh} {e.Value.Detail}").Order();
        return $"balance {account.Balance}\n{string.Join('\n', account.Lines.Select(l => $"{l.Register} {l.Charged.Wh} {l.Held.Wh} {l.Run}"))}\n"
            + $"{string.Join('\n', rows)}\n{string.Join('\n', exceptions)}";
    }

    /// <summary>What the audit works out of the same points, with its own code, and what the stored form gives back.</summary>
    private static void Audited(FoldHarness grid, AccountState account, TariffDefinition[] definitions)
    {
        var spans = account.Tariffs.Select(t => (DateOnly.FromDayNumber(t.FromDay), new AuditTariff(t.Tariff, definitions[t.Tariff - 1]))).ToList();
        var books = new AuditAccount(spans, _ => default);
        foreach (var line in account.Lines)
        {
            var days = grid[0].AllDays(line.Number).Where(d => d.Key.Register == line.Register && d.Points.Count > 0).ToList();
            List<Point> points = [days.Count == 0 ? line.Tail : days[0].Before, .. days.SelectMany(d => d.Points.Unpack(d.Before)), .. line.Open.ToList()];
            books.Add(line.Rating, AuditLine.Of(line.Rating, points), line.Rates is null ? line.Register : null);
        }

        Assert.Equal((books.ChargedWh, books.HeldWh), (account.Lines.Sum(l => l.Charged.Wh), account.Lines.Sum(l => l.Held.Wh)));
        Assert.Equal(books.Charge(), (decimal)account.Charged.Nano / Money.NanoPerUnit);
        var stored = StateCodec.Encode(account);
        Assert.Equal(stored, StateCodec.Encode(StateCodec.DecodeAccount(stored, grid.Tariff)));
    }

    /// <summary>Two versions in turn: with and without maps, tiers, levies and a schedule.</summary>
    private static IEnumerable<TariffDefinition> TariffsOf(int number)
    {
        var mapped = Given.Registers() with { Tiers = Given.Tiers(), TaxBasisPoints = 777 };
        var swapped = mapped with
        {
            Id = "swapped",
            LevyPerKwh = "0.027",
            Schedule = [],
            Registers = new Dictionary<string, string> { ["1.8.1"] = "valley", ["1.8.2"] = "peak", ["1.8.3"] = "peak", ["1.8.4"] = "flat" },
        };
        TariffDefinition[] all = [mapped, swapped, Given.Flat("0.4883") with { Id = "flat", Tiers = Given.Tiers("year") }];
        return [all[number % 3], all[number / 3]];
    }
}
