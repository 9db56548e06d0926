using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;
using CsCheck;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>
/// Facts of a meter from an instant on: known before or after the readings around it, before or after its days were closed, and in whatever order among
/// themselves, they give the same money, day rows and exceptions, on every kind of tariff; and what the audit works out of the same points.
/// </summary>
public sealed class MeterFactOrderTests
{
    private static readonly Gen<(int Kind, int Size, int Fact)[]> Histories =
        Gen.Select(Gen.Frequency((20, Gen.Const(0)), (4, Gen.Const(1)), (8, Gen.Int[2, 6])), Gen.Int[0, 999], Gen.Int[0, 14]).Array[1, 60];

    [Fact]
    public void Facts_give_the_same_books_wherever_they_come() =>
        Gen.Select(Histories, OrderOfArrivalTests.Settings, Gen.Int[0, 199].Array[0, 5]).Sample((history, setting, checks) =>
        {
            var (readings, facts) = Of(history, setting);
            var inOrder = Books(setting, [.. readings.Select(r => (object)r), .. facts], []);
            Assert.Equal(inOrder, Books(setting, Mixed(setting.Seed, readings, facts), checks));
            Assert.Equal(inOrder, Books(setting, Mixed(setting.Seed ^ 1, [.. readings.Reverse()], facts), checks));
        }, iter: PropertyRuns.Of(150));

    private static (Reading[] Readings, MeterFact[] Facts) Of((int Kind, int Size, int Fact)[] history, OrderOfArrivalTests.Setting setting)
    {
        var (readings, facts) = (new List<Reading>(), new List<MeterFact>());
        var (at, wh) = (OrderOfArrivalTests.Start(setting), 1_000_000L);
        foreach (var (kind, size, fact) in history)
        {
            at += kind == 1 ? (size + 1L) * (size % 2 == 0 ? 60_000L : 1_800_000L) : setting.StepMinutes * 60_000L;
            wh += kind == 1 ? size * 37L : size % 7 == 0 ? 0 : size;
            var value = kind switch
            {
                2 => 0,
                3 => Math.Max(0, wh - (size * 500L)),
                4 => wh + 9_000_000,
                _ => wh,
            };
            readings.Add(new Reading(7, RegisterKind.Import, at, value, kind == 5 ? ReadingQuality.Estimated : 0, 0));
            if (FactOf(fact, at - (size % 3 * 70_000), size) is { } other && other.FromMs > OrderOfArrivalTests.Start(setting))
            {
                facts.Add(other);
            }
        }

        if (setting.Seed % 3 == 0)
        {
            facts.Add(new(OrderOfArrivalTests.Start(setting), RatioMicro: 7_300_000));
        }

        return ([.. readings], [.. facts.DistinctBy(f => f.FromMs)]);
    }

    private static MeterFact? FactOf(int number, long ms, int size) => number switch
    {
        0 => new(ms, CapacityW: size * 1_000L),
        1 => new(ms, CapacityW: 0, IntervalMs: size % 2 * 900_000),
        2 => new(ms, RegisterWidthWh: 1_000_000 + size),
        3 => new(ms, IntervalMs: 60_000),
        _ => null,
    };

    private static object[] Mixed(int seed, Reading[] readings, MeterFact[] facts)
    {
        var random = new Random(seed);
        random.Shuffle(readings);
        List<object> all = [.. readings, .. readings.Where((_, i) => i % 3 == 0)];
        foreach (var fact in facts)
        {
            all.Insert(random.Next(all.Count + 1), fact);
        }

        return [.. all];
    }

    private static string Books(OrderOfArrivalTests.Setting setting, object[] happened, int[] checks)
    {
        var start = OrderOfArrivalTests.Start(setting);
        var grid = new FoldHarness(1, OrderOfArrivalTests.TariffOf(setting));
        grid.Execute(0, Given.Open(1, "2026-02-20", 1, "0"), start);
        grid.Execute(0, new InstallMeter(7, 1, new MeterRating(setting.CapacityW, 0, setting.StepMinutes * 60_000, 2_500_000), start, 1_000_000), start);
        var later = start + (200 * Instants.MsPerDay);
        for (var i = 0; i < happened.Length; i++)
        {
            var now = later + (i * Instants.MsPerHour);
            if (happened[i] is Reading reading)
            {
                grid[0].Append(now, reading);
            }
            else
            {
                var outcome = grid.Execute(0, new SetMeterFacts(1, 7, (MeterFact)happened[i], "wrong", "a", "b"), now);
                Assert.Equal("", outcome.Refusal?.Detail ?? "");
            }

            if (checks.Contains(i))
            {
                grid[0].Append(new Domain.Commands.Check(later + (i * 20L * Instants.MsPerHour), [1]), now);
                grid.Settle();
                grid[0].Flush();
                if (i % 2 == 0)
                {
                    grid[0].Crash();
                }
            }
        }

        var books = OrderOfArrivalTests.Closed(grid, start);
        AssertAudited(grid);
        return books;
    }

    /// <summary>The audit's own reading of the same points, and of the events that tell of the facts.</summary>
    private static void AssertAudited(FoldHarness grid)
    {
        var account = grid.Account(1);
        var meter = account.Meters[0];
        List<Point> points = [];
        foreach (var row in grid[0].AllDays(7).Where(d => d.Points.Count > 0))
        {
            points.AddRange(points.Count == 0 ? [row.Before, .. row.Points.Unpack(row.Before)] : row.Points.Unpack(row.Before));
        }

        points = points.Count == 0 ? [meter.Tail] : points;
        var line = AuditLine.Of(meter.Rating, points);
        Assert.Equal(points.Where(p => RegisterLine.Counts(p)).Select(p => p.TimeMs), line.Select(p => p.TimeMs));
        var judged = line.Zip(line.Skip(1)).Select(p => AuditLine.Judge(meter.Rating, p.First, p.Second)).ToList();
        var (charged, held) = (judged.Where(j => j.Word == "charged").Sum(j => j.Wh), judged.Where(j => j.Word != "charged").Sum(j => j.Wh));
        Assert.Equal((meter.Charged.Wh, meter.Held.Wh), (charged, held));
        Assert.Empty(AuditMeterFacts.Differences(meter, grid[0].Events.Select(e => e.Event)));
        var stored = StateCodec.Encode(account);
        Assert.Equal(stored, StateCodec.Encode(StateCodec.DecodeAccount(stored, grid.Tariff)));
    }
}
