using System.Globalization;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;
using Npgsql;

namespace AccountGrid.LoadTest.Commands;

/// <summary>One run from provisioning to the closed books.</summary>
public sealed class LoadRun : IAsyncDisposable
{
    private const string DatabaseName = "grid";

    /// <summary>A search ends a rate that is so far behind: what it still has to send is done in seconds, not minutes.</summary>
    private static readonly TimeSpan HopelesslyBehind = TimeSpan.FromSeconds(2);

    private readonly RunOptions _options;
    private readonly TimeProvider _time;
    private readonly IProgressDisplay _display;
    private LoadDatabase? _database;
    private LocalGrid? _grid;
    private MeterFleet _fleet = null!;
    private GridApi _api = null!;
    private GatewayPusher _pusher = null!;
    private Probes _probes = null!;
    private NoticeWatch _notices = null!;
    private ClosedLoop? _closed;
    private OpenLoop? _open;

    public LoadRun(RunOptions options, TimeProvider time, IProgressDisplay display)
    {
        _options = options;
        _time = time;
        _display = display;
    }

    public LocalGrid? Grid => _grid;

    public LoadDatabase? Database => _database;

    /// <summary>Starts the grid unless one runs, and registers the fleet.</summary>
    public async Task PrepareAsync()
    {
        _fleet = new MeterFleet(_options.FleetOf(_time));
        var (urls, key) = (_options.Urls, _options.Key);
        if (urls.Count == 0)
        {
            _database = await LoadDatabase.StartAsync(_options.Data);
            _grid = await LocalGrid.StartAsync(_database.Folder, await _database.DatabaseAsync(DatabaseName), _options.Silos, _options.GridSettings);
            (urls, key) = (_grid.Urls, _grid.Key);
        }

        _api = new GridApi(urls, key!, TimeSpan.FromSeconds(30));
        _pusher = new GatewayPusher(_fleet, _api, _options.Faults, _time);
        _probes = new Probes(_fleet, _api, _options.Probes, _options.Seed, _time);
        _notices = new NoticeWatch(_fleet, _options.NoticeEvery, _time);
        _display.Say($"Registering {_fleet.Options.Meters:N0} meters behind {_fleet.Gateways:N0} gateways...");
        var started = _time.GetTimestamp();
        _pusher.UseKeys(await Provisioning.RegisterAsync(_fleet, urls, key!, _notices.LevelOf, done => _display.Step("registered", done, _fleet.Options.Meters)));
        await _notices.PayInAsync(_api, _probes);
        _display.Say($"Registered in {_time.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    /// <summary>Drives the load once and measures it; may be called again for another stretch.</summary>
    /// <param name="warmUpSeconds">Load before it that is not measured.</param>
    public async Task<RunResult> MeasureAsync(double speed, double seconds, double warmUpSeconds, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var sampler = new RunSampler(_grid, _database, _pusher, _probes, _time, _display);
        _pusher.OnAcknowledged = pushed =>
        {
            _probes.Sample(pushed, over.Token);
            _notices.Acknowledged(pushed);
        };
        var probes = _probes.RunAsync(over.Token);
        if (warmUpSeconds > 0)
        {
            await DriveAsync(speed, TimeSpan.FromSeconds(warmUpSeconds), cancel);
        }

        var schedule = _grid is null || _database is null ? null : new FaultSchedule(_grid, _database, _options.Schedule, _time);
        var faults = schedule?.RunAsync(over.Token) ?? Task.CompletedTask;
        var database = await DatabaseStandAsync();
        sampler.Begin();
        var sampling = sampler.RunAsync(over.Token);
        var started = _time.GetTimestamp();
        await DriveAsync(speed, TimeSpan.FromSeconds(seconds), cancel);
        var took = _time.GetElapsedTime(started).TotalSeconds;
        var measured = sampler.End();
        var after = await DatabaseStandAsync();
        await over.CancelAsync();
        await sampling;
        await faults;
        await probes;
        return Result(measured, took, speed, after is { } a && database is { } b ? (a.Wal - b.Wal, a.Size - b.Size) : null, schedule?.Done ?? []);
    }

    /// <summary>Sends what is still held back, waits until it is applied, and compares every account with the model.</summary>
    public async Task<BooksResult> CloseBooksAsync(CancellationToken cancel, double patienceSeconds = 120)
    {
        await _pusher.PushHeldAsync(cancel);
        _display.Say("Closing the books...");
        return await new Books(_fleet, _api, _probes, _options.Faults, _time).CheckAsync(TimeSpan.FromSeconds(patienceSeconds), cancel);
    }

    /// <summary>Latencies of notices so far; empty for a grid whose outbox cannot be seen from here.</summary>
    public async Task<LatencySummary> NoticesAsync() =>
        _database is null ? LatencySummary.Of(Latencies.New()) : await _notices.SummaryAsync(await _database.DatabaseAsync(DatabaseName));

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_grid is not null)
        {
            await _grid.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private async Task DriveAsync(double speed, TimeSpan length, CancellationToken cancel)
    {
        if (speed <= 0)
        {
            _closed ??= new ClosedLoop(_fleet, _pusher, _time);
            await _closed.RunAsync(length, _options.Senders, _options.Backlog, cancel);
            return;
        }

        _open ??= new OpenLoop(_fleet, _pusher, _options.Faults, _time);
        await _open.RunAsync(length, speed, _options.IsSearch ? HopelesslyBehind : null, cancel);
    }

    private async Task<(long Wal, long Size)?> DatabaseStandAsync() => _database is null ? null : (await _database.WalBytesAsync(), await _database.SizeAsync(DatabaseName));

    private RunResult Result(Measured m, double seconds, double speed, (long Wal, long Growth)? database, IReadOnlyList<string> faults) => new()
    {
        Started = m.Started.ToString("O", CultureInfo.InvariantCulture),
        Settings = new Dictionary<string, string>
        {
            ["meters"] = Text(_options.Meters), ["part"] = $"{_options.Part.Number}/{_options.Part.Of}", ["interval_seconds"] = Text(_options.IntervalSeconds), ["speed"] = speed == 0 ? "closed loop" : Text(speed),
            ["backlog"] = Text(_options.Backlog), ["tariff"] = _options.Tariff, ["silos"] = _grid is null ? "remote" : Text(_options.Silos), ["seed"] = Text(_options.Seed),
            ["gateway_faults"] = $"link loss {Text(_options.Faults.LinkLoss)}, resend {Text(_options.Faults.Resend)}, late {Text(_options.Faults.Late)}, drift {Text(_options.Faults.Drift)}",
            ["beside"] = $"{Text(_options.Probes.QueriesPerSecond)} queries/s, {Text(_options.Probes.TopUpsPerSecond)} top-ups/s, {_options.Probes.Subscriptions} subscriptions",
        },
        Machine = MachineInfo.Describe(),
        Seconds = seconds,
        Offered = m.Offered,
        Accepted = m.Accepted,
        Rejected = m.Rejected,
        Requests = m.Requests,
        Trouble = _pusher.Measures.Trouble.Concat(_probes.Trouble).GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.Sum(t => t.Value)),
        Acknowledgement = _pusher.Measures.Acknowledgement.Summary(),
        Service = _pusher.Measures.Service.Summary(),
        Freshness = _probes.Freshness.Summary(),
        Queries = _probes.Queries.Summary(),
        TopUps = _probes.TopUps.Summary(),
        Notices = LatencySummary.Of(Latencies.New()),
        LiveEvents = _probes.LiveEvents,
        SiloPauses = m.SiloPauses,
        TesterStalls = m.TesterStalls,
        Cpu = m.Cpu,
        SiloPeakMb = m.SiloPeakMb,
        WalBytes = database?.Wal,
        DatabaseGrowthBytes = database?.Growth,
        Faults = faults,
        Series = m.Series,
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>
/// Accounts that will cross their low-balance level: which of their readings does, by the tester's own model, and when that was acknowledged. The grid's
/// outbox says when the notice was sent.
/// </summary>
public sealed class NoticeWatch(MeterFleet fleet, int every, TimeProvider time)
{
    private const decimal Level = 0.05m;

    /// <summary>A level is armed once the balance has stood at it and a hundredth more, so what is paid in lies above that.</summary>
    private const decimal Armed = 0.06m;

    private readonly Dictionary<int, DateTimeOffset> _crossedAt = [];

    public string? LevelOf(int meter) => IsWatched(meter) ? Level.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>Gives each watched account just enough that it crosses within its first readings, not all at once.</summary>
    public async Task PayInAsync(GridApi api, Probes probes)
    {
        var watched = Enumerable.Range(0, fleet.Options.Meters).Where(IsWatched);
        await Parallel.ForEachAsync(watched, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (meter, cancel) =>
        {
            var amount = Armed + ((1 + (meter / every % 40)) / 1_000m);
            await api.PayAsync(fleet.AccountId(meter), amount.ToString(CultureInfo.InvariantCulture), $"watch-{fleet.Options.Seed}-{fleet.Options.First + meter}", cancel);
            probes.NotePaid(meter, amount);
        });
        _paid = probes;
    }

    private Probes? _paid;

    public void Acknowledged(Acknowledged pushed)
    {
        if (every == 0)
        {
            return;
        }

        var (from, to) = fleet.MetersOf(pushed.Gateway);
        for (var meter = from + ((every - (from % every)) % every); meter < to; meter += every)
        {
            lock (_crossedAt)
            {
                if (!_crossedAt.ContainsKey(meter) && _paid!.PaidOf(meter) - fleet.Charge(meter) < Level)
                {
                    _crossedAt[meter] = time.GetUtcNow();
                }
            }
        }
    }

    public async Task<LatencySummary> SummaryAsync(string connectionString)
    {
        var latencies = new Latencies();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("select a.id, min(o.sent_at) from outbox o join account a on a.number = o.account where o.kind = 'low-balance' and o.sent_at is not null group by a.id");
        await using var reader = await command.ExecuteReaderAsync();
        var sent = new Dictionary<string, DateTime>();
        while (await reader.ReadAsync())
        {
            sent[reader.GetString(0)] = reader.GetDateTime(1);
        }

        foreach (var (meter, at) in _crossedAt)
        {
            if (sent.TryGetValue(fleet.AccountId(meter), out var sentAt))
            {
                latencies.Record(sentAt - at.UtcDateTime);
            }
        }

        return latencies.Summary();
    }

    private bool IsWatched(int meter) => every > 0 && meter % every == 0;
}
