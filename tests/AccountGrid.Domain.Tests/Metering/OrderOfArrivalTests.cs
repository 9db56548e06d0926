using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>
/// The same set of points gives the same money, whatever order they come in and however often: balance, entries' sum, day rows, exceptions, on every kind of
/// tariff, in zones from -10 to +14, over gaps of minutes to weeks, with glitches, estimates, revisions, conflicts, resends and days that close in between.
/// </summary>
public sealed class OrderOfArrivalTests
{
    internal static readonly string[] Zones =
    [
        "Pacific/Honolulu", "America/Los_Angeles", "America/St_Johns", "Europe/London", "Africa/Lagos", "Asia/Kathmandu", "Asia/Shanghai", "Australia/Brisbane",
        "Australia/Lord_Howe", "Pacific/Kiritimati",
    ];

    internal static readonly int[] Steps = [5, 15, 30, 60, 1_440];

    /// <summary>What a register may do between two readings: a usual interval, a gap, and what it shows then.</summary>
    internal enum Kind
    {
        Usual,
        Gap,
        Zero,
        Low,
        Jump,
        Estimate,
        HighEstimate,
        Projection,
        Revised,
        Contradicted,
        Reset,
        Same,
    }

    internal sealed record Setting(int Tariff, int Zone, long CapacityW, int StepMinutes, int Seed);

    internal static readonly Gen<Setting> Settings = Gen.Select(
        Gen.Int[0, 4 + Structures.All.Count], Gen.Int[0, Zones.Length - 1], Gen.Int[0, 1], Gen.Int[0, 4], Gen.Int)
        .Select(s => new Setting(s.Item1, s.Item2, s.Item3 * 60_000L, Steps[s.Item4], s.Item5));

    private static readonly Gen<(Kind Kind, int Size)[]> Histories =
        Gen.Select(Gen.Frequency((30, Gen.Const(Kind.Usual)), (8, Gen.Const(Kind.Gap)), (12, Gen.Int[2, (int)Kind.Same].Select(i => (Kind)i))),
            Gen.Int[0, 999]).Array[1, 120];

    [Fact]
    public void The_same_points_give_the_same_books_in_any_order() =>
        Gen.Select(Histories, Settings, Gen.Int[0, 199].Array[0, 4]).Sample((history, setting, checks) =>
        {
            var readings = ReadingsOf(history, setting);
            var inOrder = Books(setting, readings, []);
            Assert.Equal(inOrder, Books(setting, Shuffled(setting.Seed, readings, resend: 3), checks));
            Assert.Equal(inOrder, Books(setting, [.. readings.Reverse()], checks));
        }, iter: PropertyRuns.Of(150));

    /// <summary>Disorder as it is met most: gateways send days, or hours, in any order, and the last of them again.</summary>
    [Fact]
    public void Late_and_resent_blocks_give_the_same_books() =>
        Gen.Select(Histories, Settings, Gen.Int[2, 40], Gen.Int[0, 199].Array[0, 6]).Sample((history, setting, block, checks) =>
        {
            var readings = ReadingsOf(history, setting);
            var random = new Random(setting.Seed);
            var blocks = readings.Chunk(block).Select(b => Shuffled(random.Next(), b, resend: 2)).ToArray();
            random.Shuffle(blocks);
            Assert.Equal(Books(setting, readings, []), Books(setting, [.. blocks.SelectMany(b => b), .. readings.TakeLast(block)], checks));
        }, iter: PropertyRuns.Of(150));

    private static Reading[] ReadingsOf((Kind Kind, int Size)[] history, Setting setting)
    {
        var readings = new List<Reading>();
        var (at, wh) = (Start(setting), 1_000_000L);
        foreach (var (kind, size) in history)
        {
            at += kind == Kind.Gap ? (size + 1L) * (size % 3 == 0 ? 60_000L : size % 3 == 1 ? 600_000L : 1_800_000L) : setting.StepMinutes * 60_000L;
            wh += kind switch { Kind.Same => 0, Kind.Gap => size * 37L, Kind.Reset => -wh + (size % 10), _ => size % 7 == 0 ? 0 : size };
            Add(kind switch
            {
                Kind.Zero => 0,
                Kind.Low => Math.Max(0, wh - (size * 500L)),
                Kind.Jump => wh + 9_000_000,
                Kind.HighEstimate => wh + (size * 10L),
                Kind.Projection => wh + (size % 5),
                _ => wh,
            }, kind is Kind.Estimate or Kind.HighEstimate ? ReadingQuality.Estimated
                : kind is Kind.Projection ? ReadingQuality.Estimated | ReadingQuality.Projected : 0, 0);
            if (kind == Kind.Revised)
            {
                Add(wh + (size % 50) - 25, 0, 1);
            }
            else if (kind == Kind.Contradicted)
            {
                Add(wh + (size % 50) + 1, 0, 0);
            }
            else if (kind == Kind.HighEstimate && size % 2 == 0)
            {
                Add(wh, 0, 0);
            }
        }

        return [.. readings];

        void Add(long value, ReadingQuality quality, byte revision) =>
            readings.Add(new Reading(7, RegisterKind.Import, at, Math.Max(0, value), quality, revision));
    }

    private static string Books(Setting setting, Reading[] readings, int[] checks)
    {
        var start = Start(setting);
        var grid = new FoldHarness(1, TariffOf(setting));
        grid.Execute(0, Given.Open(1, "2026-02-20", 1, "0"), start);
        grid.Execute(0, new Domain.Commands.InstallMeter(7, 1, new MeterRating(setting.CapacityW, 0, setting.StepMinutes * 60_000), start, 1_000_000), start);
        grid.Feed(readings, checks, start, i => start + (i * Instants.MsPerHour));
        return Closed(grid, start);
    }

    /// <summary>The books of account 1 with meter 7 when all days are closed, as text.</summary>
    internal static string Closed(FoldHarness grid, long start)
    {
        var end = start + (500 * Instants.MsPerDay);
        grid[0].Append(new Domain.Commands.Check(end, [1]), end);
        grid.Settle();
        var account = grid.Account(1);
        var meter = account.Meters[0];
        Assert.Equal(account.Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
        var rows = grid[0].AllDays(7).Where(d => d.Points.Count > 0 || d.Energy.Wh != 0).Select(d =>
            $"{Instants.DayToText(d.Key.Day)} {d.Before.ValueWh} "
                + $"[{string.Join(' ', d.Points.Unpack(d.Before).Select(PointText))}] {string.Join('/', d.RateWh)} {d.Base} {d.HeldWh}");
        var exceptions = grid[0].Exceptions.Where(e => e.Value.Open).Select(e => $"{e.Key.TimeMs} {e.Key.Outcome} {e.Value.HeldWh} {e.Value.ValueWh}").Order();
        return $"balance {account.Balance} charged {meter.Charged.Wh} held {meter.Held.Wh} run "
            + $"{meter.Run}\n{string.Join('\n', rows)}\n{string.Join('\n', exceptions)}";
    }

    private static string PointText(Point p) =>
        $"{p.TimeMs}={p.ValueWh}{(RegisterLine.Counts(p) ? "" : "!")}{p.Decision}{(p.Shape is null ? "" : Convert.ToHexString(p.Shape))}";

    internal static TariffDefinition TariffOf(Setting setting)
    {
        var zone = Zones[setting.Zone];
        return setting.Tariff switch
        {
            0 => Given.Flat("0.4883", zone),
            1 => Given.Flat("0.4883", zone) with { Tiers = Given.Tiers(), StandingPerDay = "0.3" },
            2 => Given.Tou(zone) with { TaxBasisPoints = 1300, LevyPerKwh = "0.027" },
            3 => Given.Tou(zone) with { Tiers = Given.Tiers(), TaxBasisPoints = 777 },
            4 => Given.Tou(zone) with { Tiers = Given.Tiers("year"), TaxBasisPoints = 500 },
            var structure => Structures.Of(zone).ElementAt(structure - 5),
        };
    }

    /// <summary>Some hours into a local day, so that UTC days straddle its midnight.</summary>
    internal static long Start(Setting setting) =>
        LocalCalendar.Find(Zones[setting.Zone])!.StartOf(Given.Day("2026-03-05")) + (setting.Seed & 3) * 5 * Instants.MsPerHour;

    private static Reading[] Shuffled(int seed, Reading[] readings, int resend)
    {
        Reading[] all = [.. readings, .. readings.Where((_, i) => i % resend == 0)];
        new Random(seed).Shuffle(all);
        return all;
    }
}
