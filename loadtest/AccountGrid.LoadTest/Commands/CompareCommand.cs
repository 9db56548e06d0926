using System.Globalization;
using System.Text.Json;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Targets
{
    /// <summary>The fleet that all targets are compared with; its ids can be made from numbers alone.</summary>
    internal static class CompareFleet
    {
        public const string Prefix = "C";

        public static string MeterId(int meter) => $"{Prefix}M{meter:0000000}";
    }
}

namespace AccountGrid.LoadTest.Commands
{
    /// <summary>What one turn came to. Rates are readings a second.</summary>
    /// <param name="Acknowledged">Until the last acknowledgement.</param>
    /// <param name="Applied">Until every acknowledged reading was in its balance.</param>
    internal sealed record Turn(long Readings, double Acknowledged, double Applied, double CpuUs, double TargetCpuUs, double WalBytes);

    internal sealed record CompareOptions(int Meters, double Seconds, int Turns, string? Json, string? Data, int Senders, bool Backlog);

    /// <summary>The same work, tester and wire for the grid and for what one would write without it, in turns on one machine and one database server.</summary>
    internal static class CompareCommand
    {
        private const int BacklogRounds = 16;
        private const int IntervalSeconds = 60;

        private static readonly string[] Targets = ["grid", "sql", "tutorial", "no-writes"];

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
                    bench[target] = await TargetBench.PrepareAsync(target, options, database, display, IntervalSeconds);
                }

                foreach (var (kind, rounds) in kinds)
                {
                    for (var turn = 1; turn <= options.Turns; turn++)
                    {
                        foreach (var target in Targets.Where(t => kind == "single" || t is "grid" or "sql"))
                        {
                            var result = await bench[target].TurnAsync(rounds, cancel);
                            (turns.TryGetValue((target, kind), out var list) ? list : turns[(target, kind)] = []).Add(result);
                            display.Say(string.Create(
                                CultureInfo.InvariantCulture,
                                $"{kind} turn {turn} {target,-9} {result.Acknowledged,10:N0} acknowledged/s  {result.Applied,10:N0} applied/s  {result.CpuUs,7:0.0} µs CPU a reading, {result.TargetCpuUs,7:0.0} without the tester  {result.WalBytes,6:0} bytes WAL a reading"));
                        }
                    }
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

            double? Ratio(string to, string kind) => Median("grid", kind, t => t.Applied) / Median(to, kind, t => t.Applied) is var ratio && double.IsNaN(ratio) ? null : Math.Round(ratio, 2);
            var result = new
            {
                schema = 1,
                meters = options.Meters,
                seconds = options.Seconds,
                turns = options.Turns,
                machine = MachineInfo.Describe(),
                ratios = new { applied_vs_sql = Ratio("sql", "single"), applied_vs_tutorial = Ratio("tutorial", "single"), applied_vs_no_writes = Ratio("no-writes", "single"), backlog_vs_sql = Ratio("sql", "backlog") },
                readings_per_second = turns.GroupBy(t => t.Key.Target).ToDictionary(g => g.Key, g => g.ToDictionary(t => t.Key.Kind, t => new
                {
                    acknowledged = Math.Round(Median(g.Key, t.Key.Kind, x => x.Acknowledged)),
                    applied = Math.Round(Median(g.Key, t.Key.Kind, x => x.Applied)),
                    cpu_us_per_reading = Math.Round(Median(g.Key, t.Key.Kind, x => x.CpuUs), 2),
                    target_cpu_us_per_reading = Math.Round(Median(g.Key, t.Key.Kind, x => x.TargetCpuUs), 2),
                    wal_bytes_per_reading = Math.Round(Median(g.Key, t.Key.Kind, x => x.WalBytes), 1),
                    each_turn_applied = t.Value.Select(x => Math.Round(x.Applied)).ToList(),
                })),
            };
            var json = JsonSerializer.Serialize(result, new JsonSerializerOptions { WriteIndented = true });
            Console.WriteLine();
            Console.WriteLine($"Medians of {options.Turns} turns at {options.Meters:N0} meters (target sql rates a flat price only, which favours it):");
            Console.WriteLine(json);
            if (options.Json is not null)
            {
                await File.WriteAllTextAsync(options.Json, json + "\n");
            }

            return 0;
        }
    }

    /// <summary>One target: its process while it has its turn, and its fleet, whose rounds go on from turn to turn.</summary>
    internal sealed class TargetBench : IAsyncDisposable
    {
        private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

        private readonly string _target;
        private readonly CompareOptions _options;
        private readonly LoadDatabase _database;
        private readonly string _connectionString;
        private readonly MeterFleet _fleet;
        private readonly Dictionary<int, int> _roundsDone = [];
        private LocalGrid? _grid;
        private ChildProcess? _process;

        /// <summary>Of the grid's gateways; the other targets let everybody in.</summary>
        private IReadOnlyList<string>? _keys;

        private TargetBench(string target, CompareOptions options, LoadDatabase database, string connectionString, MeterFleet fleet)
        {
            (_target, _options, _database, _connectionString, _fleet) = (target, options, database, connectionString, fleet);
        }

        public static async Task<TargetBench> PrepareAsync(string target, CompareOptions options, LoadDatabase database, ProgressDisplay display, int intervalSeconds)
        {
            var run = new RunOptions { Meters = options.Meters, IntervalSeconds = intervalSeconds, Speed = 0, Tariff = target == "grid" ? "tou" : "flat", Prefix = CompareFleet.Prefix };
            var fleet = new MeterFleet(run.FleetOf(TimeProvider.System));
            var bench = new TargetBench(target, options, database, await database.DatabaseAsync("compare_" + target.Replace("-", "_", StringComparison.Ordinal)), fleet);
            display.Say($"Preparing {target}...");
            if (target == "grid")
            {
                await bench.StartAsync();
                bench._keys = await Provisioning.RegisterAsync(fleet, bench._grid!.Urls, bench._grid.Key, _ => null, done => display.Step("registered", done, options.Meters));
                await bench.StopAsync();
            }
            else if (target == "sql")
            {
                await SqlTarget.ProvisionAsync(bench._connectionString, fleet);
            }

            return bench;
        }

        /// <summary>Starts the target, warms it up, pushes for the time of a turn, waits until all is applied, and stops it.</summary>
        public async Task<Turn> TurnAsync(int roundsPerBatch, CancellationToken cancel)
        {
            await _database.CheckpointAsync();
            await StartAsync();
            try
            {
                using var api = new GridApi([Url], _grid?.Key ?? "none", TimeSpan.FromSeconds(60));
                var pusher = new GatewayPusher(_fleet, api, GatewayFaults.None, TimeProvider.System);
                if (_keys is not null)
                {
                    pusher.UseKeys(_keys);
                }

                var loop = new BenchLoop(_fleet, pusher, _roundsDone);
                if (_roundsDone.Count < _fleet.Gateways && _target is "grid" or "sql")
                {
                    // Every meter's first reading is another matter (a period begins, a row is new): it belongs to no turn.
                    await loop.FirstRoundAsync(_options.Senders, cancel);
                }

                await loop.RunAsync(WarmUp, _options.Senders, roundsPerBatch, cancel);
                await AppliedAsync(api, cancel);
                var before = (Usage, Tester: ProcessUsage.Of(Environment.ProcessId).CpuSeconds, Wal: await _database.WalBytesAsync(), pusher.Measures.Accepted);
                var started = TimeProvider.System.GetTimestamp();
                await loop.RunAsync(TimeSpan.FromSeconds(_options.Seconds), _options.Senders, roundsPerBatch, cancel);
                var acknowledged = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
                await AppliedAsync(api, cancel);
                var applied = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
                var readings = pusher.Measures.Accepted - before.Accepted;
                var target = Usage - before.Usage;
                var tester = ProcessUsage.Of(Environment.ProcessId).CpuSeconds - before.Tester;
                return new Turn(readings, readings / acknowledged, readings / applied, (target + tester) * 1e6 / readings, target * 1e6 / readings, (double)(await _database.WalBytesAsync() - before.Wal) / readings);
            }
            finally
            {
                await StopAsync();
            }
        }

        public async ValueTask DisposeAsync() => await StopAsync();

        private string Url => _grid?.Urls[0] ?? _process!.Url;

        /// <summary>CPU seconds of the target's process and the database so far.</summary>
        private double Usage => (_grid?.Usage.CpuSeconds ?? ProcessUsage.Of(_process!.Id).CpuSeconds) + _database.Usage.CpuSeconds;

        /// <summary>Waits until every acknowledged reading is in its balance. The other targets acknowledge only after that.</summary>
        private async Task AppliedAsync(GridApi api, CancellationToken cancel)
        {
            if (_grid is null)
            {
                return;
            }

            // The last meter of each of many gateways, spread over all partitions: readings of one partition are applied in order.
            var sample = _roundsDone.Keys.Select(g => _fleet.MetersOf(g)).SelectMany(m => new[] { m.From, (m.From + m.To) / 2, m.To - 1 }).ToList();
            var open = sample.Where((_, i) => i % Math.Max(1, sample.Count / 6_000) == 0).ToList();
            while (open.Count > 0)
            {
                var wrong = new List<int>();
                foreach (var chunk in open.Chunk(2_000))
                {
                    var answer = await api.BalancesAsync([.. chunk.Select(_fleet.AccountId)], cancel);
                    var charged = answer.Data.ToDictionary(b => b.Account, b => b.ChargedWh + b.HeldWh);
                    wrong.AddRange(chunk.Where(m => charged[_fleet.AccountId(m)] != _fleet.AcceptedWh(m)));
                }

                open = wrong;
                if (open.Count > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
                }
            }
        }

        private async Task StartAsync()
        {
            if (_target == "grid")
            {
                _grid = await LocalGrid.StartAsync(_database.Folder, _connectionString, 1);
                return;
            }

            var url = $"http://127.0.0.1:{ChildProcess.FreePort()}";
            var environment = new Dictionary<string, string> { ["ConnectionStrings__Target"] = _connectionString };
            _process = await ChildProcess.StartAsync(typeof(CompareCommand).Assembly.Location, url, "/ready", ["target", _target, "--url", url], environment);
        }

        private async Task StopAsync()
        {
            if (_grid is not null)
            {
                await _grid.DisposeAsync();
                _grid = null;
            }

            if (_process is not null)
            {
                await _process.StopAsync();
                await _process.DisposeAsync();
                _process = null;
            }
        }
    }

    /// <summary>A closed loop that goes through all gateways, each with its own count of rounds, so that turns of different kinds can follow each other.</summary>
    internal sealed class BenchLoop(MeterFleet fleet, GatewayPusher pusher, Dictionary<int, int> roundsDone)
    {
        private static int s_nextGateway;

        /// <summary>One reading of every meter that has sent none yet.</summary>
        public Task FirstRoundAsync(int senders, CancellationToken cancel) => Parallel.ForEachAsync(
            Enumerable.Range(0, fleet.Gateways).Where(g => !roundsDone.ContainsKey(g)).ToList(), new ParallelOptions { MaxDegreeOfParallelism = senders, CancellationToken = cancel }, async (gateway, stop) =>
            {
                await pusher.PushAsync(gateway, 0, 1, TimeProvider.System.GetTimestamp(), new LineBuffer(), stop);
                lock (roundsDone)
                {
                    roundsDone[gateway] = 1;
                }
            });

        public Task RunAsync(TimeSpan length, int senders, int roundsPerBatch, CancellationToken cancel)
        {
            var started = TimeProvider.System.GetTimestamp();
            return Task.WhenAll(Enumerable.Range(0, Math.Min(senders, Math.Max(1, fleet.Gateways / 2))).Select(_ => Task.Run(async () =>
            {
                var lines = new LineBuffer();
                while (TimeProvider.System.GetElapsedTime(started) < length)
                {
                    var gateway = (int)((uint)Interlocked.Increment(ref s_nextGateway) % (uint)fleet.Gateways);
                    int round;
                    lock (roundsDone)
                    {
                        round = roundsDone.GetValueOrDefault(gateway);
                        roundsDone[gateway] = round + roundsPerBatch;
                    }

                    await pusher.PushAsync(gateway, round, roundsPerBatch, TimeProvider.System.GetTimestamp(), lines, cancel);
                }
            }, cancel)));
        }
    }
}
