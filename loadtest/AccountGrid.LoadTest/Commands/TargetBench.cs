using System.Globalization;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Commands;

/// <summary>One target: its process while it has its turn, and its fleet, whose rounds go on from turn to turn.</summary>
internal sealed class TargetBench : IAsyncDisposable
{
    /// <summary>Acknowledged readings that are not in their balances for so long never will be.</summary>
    private static readonly TimeSpan AppliedWithin = TimeSpan.FromMinutes(3);

    private readonly string _target;
    private readonly CompareOptions _options;
    private readonly LoadDatabase _database;
    private readonly string _connectionString;
    private readonly MeterFleet _fleet;
    private readonly ClosedLoop _loop;
    private bool _hasFirstRound;
    private LocalGrid? _grid;
    private int _grpcPort;
    private ChildProcess? _process;

    /// <summary>Of the grid's gateways; the other targets let everybody in.</summary>
    private IReadOnlyList<string>? _keys;

    private TargetBench(string target, CompareOptions options, LoadDatabase database, string connectionString, MeterFleet fleet)
    {
        (_target, _options, _database, _connectionString, _fleet) = (target, options, database, connectionString, fleet);
        _loop = new ClosedLoop(fleet, WakesGrains ? Math.Min(fleet.Gateways, 2 * options.Senders) : fleet.Gateways, TimeProvider.System);
    }

    public static async Task<TargetBench> PrepareAsync(string target, CompareOptions options, LoadDatabase database, ProgressDisplay display,
        int intervalSeconds)
    {
        var run = new RunOptions
        {
            Meters = options.Meters,
            IntervalSeconds = intervalSeconds,
            Speed = 0,
            Tariff = IsGrid(target) ? "tou" : "flat",
            Prefix = CompareFleet.Prefix
        };
        var fleet = new MeterFleet(run.FleetOf(TimeProvider.System));
        var bench = new TargetBench(target, options, database,
            await database.DatabaseAsync("compare_" + target.Replace("-", "_", StringComparison.Ordinal)), fleet);
        display.Say($"Preparing {target}...");
        if (IsGrid(target))
        {
            await bench.StartAsync();
            bench._keys = await Provisioning.RegisterAsync(fleet, bench._grid!.Urls, bench._grid.Key, _ => null,
                done => display.Step("registered", done, options.Meters));
            await bench.StopAsync();
        }
        else if (target == "sql")
        {
            await SqlTarget.ProvisionAsync(bench._connectionString, fleet);
        }

        return bench;
    }

    /// <summary>The grid, whichever way its gateways push.</summary>
    private static bool IsGrid(string target) => target is "grid" or "grid-grpc";

    /// <summary>
    /// Has a grain for each meter and account, which its process wakes at the first reading: they are few enough that all are awake before a turn, since a
    /// million would be woken for longer than all turns take.
    /// </summary>
    private bool WakesGrains => _target is "tutorial" or "no-writes";

    /// <summary>Starts the target, warms it up, pushes for the time of a turn, waits until all is applied, and stops it.</summary>
    public async Task<Turn> TurnAsync(int roundsPerBatch, CancellationToken cancel)
    {
        await _database.CheckpointAsync();
        var pages = await _database.PageBytesAsync();
        await StartAsync();
        try
        {
            using var api = new GridApi([Url], _grid?.Key ?? "none", TimeSpan.FromSeconds(60));
            using var grpc = _target == "grid-grpc" ? new GrpcPush($"http://127.0.0.1:{_grpcPort}", _keys!, _fleet) : null;
            var pusher = new GatewayPusher(_fleet, api, GatewayFaults.None, TimeProvider.System) { Way = grpc is null ? null : grpc.PushAsync };
            if (_keys is not null)
            {
                pusher.UseKeys(_keys);
            }

            if (!_hasFirstRound || WakesGrains)
            {
                // A meter's first reading is another matter (a period begins, a row is new, a grain wakes): it belongs to no turn.
                await _loop.RoundAsync(pusher, _options.Senders, cancel);
                _hasFirstRound = true;
            }

            await RunAsync(pusher, _options.WarmUpSeconds, roundsPerBatch, cancel);
            await AppliedAsync(api, cancel);
            var before = (Usage, Tester: ProcessUsage.Of(Environment.ProcessId).CpuSeconds, Wal: await _database.WalBytesAsync(), pusher.Measures.Accepted);
            var started = TimeProvider.System.GetTimestamp();
            await RunAsync(pusher, _options.Seconds, roundsPerBatch, cancel);
            var acknowledged = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            await AppliedAsync(api, cancel);
            var applied = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            var readings = pusher.Measures.Accepted - before.Accepted;
            if (readings == 0 || pusher.Measures.Rejected > 0)
            {
                throw new InvalidOperationException(
                    $"Target {_target} acknowledged {readings} readings in a turn and refused {pusher.Measures.Rejected}: "
                        + $"{string.Join(", ", pusher.Measures.Trouble.Keys)}.");
            }

            var target = Usage - before.Usage;
            var tester = ProcessUsage.Of(Environment.ProcessId).CpuSeconds - before.Tester;
            var wal = await _database.WalBytesAsync() - before.Wal;
            await _database.CheckpointAsync();
            pages = await _database.PageBytesAsync() - pages;
            return new Turn(
                readings, readings / acknowledged, readings / applied, (target + tester) * 1e6 / readings, target * 1e6 / readings, (double)wal / readings,
                (double)pages / pusher.Measures.Accepted);
        }
        finally
        {
            await StopAsync();
        }
    }

    /// <summary>
    /// What was acknowledged is charged: of the grid every turn saw to that, of SQL the sum of all balances shows it. The other two keep theirs packed.
    /// </summary>
    public async Task CheckAsync(CancellationToken cancel)
    {
        if (_target != "sql")
        {
            return;
        }

        var (charged, expected) = (await SqlTarget.ChargedNanoAsync(_connectionString, cancel),
            Enumerable.Range(0, _fleet.Options.Meters).Sum(m => (long)(_fleet.Charge(m) * 1_000_000_000m)));
        if (charged != expected)
        {
            throw new InvalidOperationException($"Target sql has charged {charged} nano; what it acknowledged comes to {expected}.");
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
        var sample = Enumerable.Range(0, _fleet.Gateways).Select(_fleet.MetersOf).SelectMany(m => new[] { m.From, (m.From + m.To) / 2, m.To - 1 }).ToList();
        var open = sample.Where((_, i) => i % Math.Max(1, sample.Count / 6_000) == 0).ToList();
        var began = TimeProvider.System.GetTimestamp();
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
            if (open.Count > 0 && TimeProvider.System.GetElapsedTime(began) > AppliedWithin)
            {
                throw new InvalidOperationException(
                    $"{open.Count} of {sample.Count} accounts, {_fleet.AccountId(open[0])} among them, do not show what was acknowledged after "
                        + $"{AppliedWithin.TotalMinutes} minutes.");
            }

            if (open.Count > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
            }
        }
    }

    private async Task RunAsync(GatewayPusher pusher, double seconds, int roundsPerBatch, CancellationToken cancel)
    {
        await _loop.RunAsync(pusher, TimeSpan.FromSeconds(seconds), _options.Senders, roundsPerBatch, cancel);
        if (_loop.IsUsedUp)
        {
            throw new InvalidOperationException(
                $"--seconds: target {_target} was so fast that its {_fleet.Options.Meters:N0} meters have no more readings of the past; take fewer "
                    + "seconds or turns, or more meters.");
        }
    }

    private async Task StartAsync()
    {
        if (IsGrid(_target))
        {
            _grpcPort = ChildProcess.FreePort();
            _grid = await LocalGrid.StartAsync(_database.Folder, _connectionString, 1,
                new Dictionary<string, string> { ["Grpc__Port"] = _grpcPort.ToString(CultureInfo.InvariantCulture) });
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
