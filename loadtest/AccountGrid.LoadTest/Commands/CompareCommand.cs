using System.Globalization;
using System.Text.Json;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Commands;

/// <summary>The same work, tester and wire for the grid and for what one would write without it, in turns on one machine and one database server.</summary>
internal static class CompareCommand
{
    private const int BacklogRounds = 16;

    /// <summary>
    /// Twice the readings a second of the fastest turn so far: each meter must have so many behind it, since a reading of the future is refused.
    /// </summary>
    private const double FasterThanAny = 6_000_000;

    private static readonly int[] Intervals = [60, 30, 20, 15, 10, 5, 1];

    private static readonly string[] Targets = ["grid", "grid-grpc", "sql", "tutorial", "no-writes"];

    public static async Task<int> RunAsync(CompareOptions options, CancellationToken cancel)
    {
        var display = new ProgressDisplay();
        var turns = new Dictionary<(string Target, string Kind), List<Turn>>();
        var kinds = options.Backlog ? new[] { ("single", 1), ("backlog", BacklogRounds) } : [("single", 1)];
        await using var database = await LoadDatabase.StartAsync(options.Data);
        var bench = new Dictionary<string, TargetBench>();
        try
        {
            foreach (var target in Targets)
            {
                bench[target] = await TargetBench.PrepareAsync(target, options, database, display, IntervalOf(options, kinds.Length));
            }

            foreach (var (kind, rounds) in kinds)
            {
                for (var turn = 1; turn <= options.Turns; turn++)
                {
                    foreach (var target in Targets.Where(t => kind == "single" || t is "grid" or "grid-grpc" or "sql"))
                    {
                        var result = await bench[target].TurnAsync(rounds, cancel);
                        (turns.TryGetValue((target, kind), out var list) ? list : turns[(target, kind)] = []).Add(result);
                        display.Say(string.Create(
                            CultureInfo.InvariantCulture,
                            $"{kind} turn {turn} {target,-9} {result.Acknowledged,10:N0} acknowledged/s  {result.Applied,10:N0} applied/s  "
                                + $"{result.CpuUs,7:0.0} µs CPU a reading, {result.TargetCpuUs,7:0.0} without the tester  {result.WalBytes,6:0} bytes "
                                + $"WAL and {result.PageBytes,6:0} of pages a reading"));
                    }
                }
            }

            foreach (var one in bench.Values)
            {
                await one.CheckAsync(cancel);
            }
        }
        finally
        {
            foreach (var one in bench.Values)
            {
                await one.DisposeAsync();
            }
        }

        return await WriteAsync(options, turns);
    }

    /// <summary>Seconds between readings of a meter: as long as all turns have enough of them in the day that has passed.</summary>
    internal static int IntervalOf(CompareOptions options, int kinds)
    {
        const double Day = 86_400;
        var rounds = FasterThanAny * (options.Seconds + options.WarmUpSeconds) * options.Turns * kinds / options.Meters;
        return Intervals.FirstOrDefault(i => Day / i >= rounds) is > 0 and var interval
            ? interval
            : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture,
                    $"--seconds: {options.Turns} turns of {options.Seconds} s at full speed may use up what {options.Meters:N0} meters have of readings "
                        + $"in a day, one a second; take fewer seconds or turns, or more meters."));
    }

    private static async Task<int> WriteAsync(CompareOptions options, Dictionary<(string Target, string Kind), List<Turn>> turns)
    {
        double Median(string target, string kind, Func<Turn, double> value)
        {
            if (!turns.TryGetValue((target, kind), out var list))
            {
                return double.NaN;
            }

            var sorted = list.Select(value).Order().ToList();
            return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
        }

        double? Ratio(string to, string kind, string of = "grid") =>
            Median(of, kind, t => t.Applied) / Median(to, kind, t => t.Applied) is var ratio && double.IsFinite(ratio) ? Math.Round(ratio, 2) : null;
        var result = new
        {
            schema = 1,
            meters = options.Meters,
            seconds = options.Seconds,
            turns = options.Turns,
            senders = options.Senders,
            machine = MachineInfo.Describe(),
            ratios = new
            {
                applied_vs_sql = Ratio("sql", "single"),
                applied_vs_tutorial = Ratio("tutorial", "single"),
                applied_vs_no_writes = Ratio("no-writes", "single"),
                backlog_vs_sql = Ratio("sql", "backlog"),
                grpc_vs_http = Ratio("grid", "single", of: "grid-grpc"),
                grpc_backlog_vs_http = Ratio("grid", "backlog", of: "grid-grpc")
            },
            readings_per_second = turns.GroupBy(t => t.Key.Target).ToDictionary(g => g.Key, g => g.ToDictionary(t => t.Key.Kind, t => new
            {
                acknowledged = Math.Round(Median(g.Key, t.Key.Kind, x => x.Acknowledged)),
                applied = Math.Round(Median(g.Key, t.Key.Kind, x => x.Applied)),
                cpu_us_per_reading = Math.Round(Median(g.Key, t.Key.Kind, x => x.CpuUs), 2),
                target_cpu_us_per_reading = Math.Round(Median(g.Key, t.Key.Kind, x => x.TargetCpuUs), 2),
                wal_bytes_per_reading = Math.Round(Median(g.Key, t.Key.Kind, x => x.WalBytes), 1),
                page_bytes_per_reading = Math.Round(Median(g.Key, t.Key.Kind, x => x.PageBytes), 1),
                each_turn_applied = t.Value.Select(x => Math.Round(x.Applied)).ToList(),
            })),
        };
        var json = JsonSerializer.Serialize(result, new JsonSerializerOptions { WriteIndented = true });
        Console.WriteLine();
        Console.WriteLine(
            $"Medians of {options.Turns} turns at {options.Meters:N0} meters (sql rates a flat price only, which favours it; tutorial and no-writes "
                + "have only so many meters as all are awake before each turn, which favours them):");
        Console.WriteLine(json);
        if (options.Json is not null)
        {
            await File.WriteAllTextAsync(options.Json, json + "\n");
        }

        return 0;
    }
}
