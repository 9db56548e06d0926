using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;
using CsCheck;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>
/// A decision is a fact about a point: taken before or after the readings around it, twice, or after its day was closed, it gives the same money, day rows and
/// exceptions, on every kind of tariff.
/// </summary>
public sealed class DecisionOrderTests
{
    private enum Kind
    {
        Usual,
        Gap,
        Zero,
        Low,
        Jump,
        Estimate,
        HighEstimate,
        Reset,
        Revised,
    }

    private sealed record Step(Kind Kind, int Size, int Decision);

    private static readonly Gen<Step[]> Histories = Gen.Select(
        Gen.Frequency((12, Gen.Const(Kind.Usual)), (4, Gen.Const(Kind.Gap)), (14, Gen.Int[2, (int)Kind.Revised].Select(i => (Kind)i))), Gen.Int[0, 999],
        Gen.Int[0, 11]).Select(s => new Step(s.Item1, s.Item2, s.Item3)).Array[1, 60];

    [Fact]
    public void Decisions_give_the_same_books_wherever_they_come() =>
        Gen.Select(Histories, OrderOfArrivalTests.Settings, Gen.Int[0, 199].Array[0, 5]).Sample((history, setting, checks) =>
        {
            var (readings, decisions) = FactsOf(history, setting);
            var inOrder = Books(setting, [.. readings.Select(r => (object)r), .. decisions], []);
            Assert.Equal(inOrder, Books(setting, Mixed(setting.Seed, readings, decisions), checks));
            Assert.Equal(inOrder, Books(setting, Mixed(setting.Seed ^ 1, [.. readings.Reverse()], decisions), checks));
        }, iter: PropertyRuns.Of(150));

    private static (Reading[] Readings, DecideReading[] Decisions) FactsOf(Step[] history, OrderOfArrivalTests.Setting setting)
    {
        var readings = new List<Reading>();
        var decisions = new List<DecideReading>();
        var (at, wh) = (OrderOfArrivalTests.Start(setting), 1_000_000L);
        foreach (var step in history)
        {
            var (kind, size) = (step.Kind, step.Size);
            at += kind == Kind.Gap ? (size + 1L) * (size % 2 == 0 ? 60_000L : 1_800_000L) : setting.StepMinutes * 60_000L;
            wh += kind switch { Kind.Gap => size * 37L, Kind.Reset => -wh + (size % 10), _ => size % 7 == 0 ? 0 : size };
            var value = kind switch
            {
                Kind.Zero => 0,
                Kind.Low => Math.Max(0, wh - (size * 500L)),
                Kind.Jump => wh + 9_000_000,
                Kind.HighEstimate => wh + (size * 10L),
                _ => wh,
            };
            readings.Add(new Reading(7, RegisterKind.Import, at, value, kind is Kind.Estimate or Kind.HighEstimate ? ReadingQuality.Estimated : 0, 0));
            if (kind == Kind.Revised)
            {
                readings.Add(new Reading(7, RegisterKind.Import, at, value + (size % 50), 0, 1));
            }
            else if (DecisionOf(step.Decision, at, value, size) is { } decision)
            {
                decisions.Add(decision);
            }
        }

        if (setting.Seed % 2 == 0)
        {
            decisions.Add(Given.Decide(OrderOfArrivalTests.Start(setting), null, ReadingDecision.Edit, null, valueWh: 1_000_100));
        }

        return ([.. readings], [.. decisions]);
    }

    private static DecideReading? DecisionOf(int number, long atMs, long wh, int size) => number switch
    {
        0 => Given.Decide(atMs, wh, ReadingDecision.Accept, VeeOutcome.Spike, upToWh: 10_000_000),
        1 => Given.Decide(atMs, wh, ReadingDecision.SetBack, VeeOutcome.RegisterFell, upToWh: 10_000_000),
        2 => Given.Decide(atMs, wh, ReadingDecision.Edit, null, valueWh: Math.Max(0, wh - (size % 400))),
        3 => Given.Decide(atMs, wh, ReadingDecision.Estimate, null, valueWh: wh + (size % 100)),
        4 or 5 => Given.Decide(atMs, wh, ReadingDecision.Dismiss, null),
        6 => Given.Decide(atMs, wh, ReadingDecision.Accept, VeeOutcome.Spike, upToWh: 100_000),
        _ => null,
    };

    /// <summary>Each decision somewhere behind the first reading of its time, and some of all again.</summary>
    private static object[] Mixed(int seed, Reading[] readings, DecideReading[] decisions)
    {
        var random = new Random(seed);
        random.Shuffle(readings);
        List<object> all = [.. readings, .. readings.Where((_, i) => i % 3 == 0)];
        foreach (var decision in decisions)
        {
            all.Insert(random.Next(all.FindIndex(o => o is Reading r && r.TimeMs == decision.AtMs) + 1, all.Count + 1), decision);
        }

        return [.. all];
    }

    private static string Books(OrderOfArrivalTests.Setting setting, object[] facts, int[] checks)
    {
        var start = OrderOfArrivalTests.Start(setting);
        var grid = new FoldHarness(1, OrderOfArrivalTests.TariffOf(setting));
        grid.Execute(0, Given.Open(1, "2026-02-20", 1, "0"), start);
        grid.Execute(0, new InstallMeter(7, 1, new MeterRating(setting.CapacityW, 0, setting.StepMinutes * 60_000), start, 1_000_000), start);
        var outcomes = new List<string>();
        for (var i = 0; i < facts.Length; i++)
        {
            var now = start + (i * Instants.MsPerHour);
            if (facts[i] is Reading reading)
            {
                grid[0].Append(now, reading);
            }
            else
            {
                var outcome = grid.Execute(0, (DecideReading)facts[i], now);
                outcomes.Add(outcome.Refusal?.Code.Text ?? "");
                Assert.Equal("", outcome.Refusal?.Detail ?? "");
            }

            if (checks.Contains(i))
            {
                grid[0].Append(new Domain.Commands.Check(start + (i * 20L * Instants.MsPerHour), [1]), now);
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

    /// <summary>The audit's own reading of the same points and decisions.</summary>
    private static void AssertAudited(FoldHarness grid)
    {
        var meter = grid.Account(1).Meters[0];
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
    }
}
