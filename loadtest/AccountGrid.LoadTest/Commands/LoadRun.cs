using System.Globalization;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;

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
        if (!_options.IsSearch && _options.Speed > 1 && (_options.Seconds + _options.WarmUpSeconds) * _options.Speed > _options.PastSeconds(_time))
        {
            throw new FormatException(
                string.Create(CultureInfo.InvariantCulture,
                    $"--speed: {_options.Speed} times time for {_options.Seconds + _options.WarmUpSeconds} s is more than the "
                        + $"{_options.PastSeconds(_time) / 3600:0.0} hours since yesterday's midnight, and a reading of the future is refused; take a lower "
                        + $"one or fewer --seconds."));
        }

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
        _probes = new Probes(_fleet, _api, _options.Probes, _options.Seed, _time, meter => NoticeWatch.IsWatched(meter, _options.NoticeEvery));
        _notices = new NoticeWatch(_fleet, _options.NoticeEvery, _options.Faults, _time);
        _display.Say($"Registering {_fleet.Options.Meters:N0} meters behind {_fleet.Gateways:N0} gateways...");
        var started = _time.GetTimestamp();
        _pusher.UseKeys(
            await Provisioning.RegisterAsync(_fleet, urls, key!, _notices.LevelOf, done => _display.Step("registered", done, _fleet.Options.Meters)));
        await EnsureNewAsync();
        await _notices.PayInAsync(_api, _probes);
        _display.Say($"Registered in {_time.GetElapsedTime(started).TotalSeconds:0.0} s.");
        if (_options.StartAt is { } at)
        {
            var wait = at - _time.GetUtcNow();
            if (wait < TimeSpan.Zero || wait > TimeSpan.FromDays(1))
            {
                throw new InvalidOperationException(
                    $"--start-at: {at:O} is not within a day from when all was registered; give registration more time, or the load less.");
            }

            _display.Say($"Waiting until {at:O}...");
            await Task.Delay(wait, _time);
        }
    }

    /// <summary>The books begin at zero: accounts that an earlier run has loaded would all be wrong.</summary>
    private async Task EnsureNewAsync()
    {
        var some = new[] { 0, _fleet.Options.Meters / 2, _fleet.Options.Meters - 1 }.Distinct().Select(_fleet.AccountId).ToList();
        if ((await _api.BalancesAsync(some, default)).Data.FirstOrDefault(b => b.ChargedWh + b.HeldWh != 0) is { } used)
        {
            throw new InvalidOperationException(
                $"--prefix: account {used.Account} of this grid has readings of an earlier run; take another prefix than '{_options.Prefix}'.");
        }
    }

    /// <summary>Drives the load once and measures it; may be called again for another stretch.</summary>
    /// <param name="warmUpSeconds">Load before it that is not measured.</param>
    public async Task<RunResult> MeasureAsync(double speed, double seconds, double warmUpSeconds, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var sampler = new RunSampler(_grid, _database, _pusher, _probes, _time, _display);
        _pusher.OnAcknowledged = pushed =>
        {
            _probes.Sample(pushed, cancel);
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
        await _probes.SamplesAsync(cancel);
        await over.CancelAsync();
        await sampling;
        await faults;
        await probes;
        return Result(measured, took, speed,
            after is { } a && database is { } b ? (a.Wal - b.Wal, a.Size - b.Size, a.Pages >= b.Pages ? a.Pages - b.Pages : null) : null, schedule);
    }

    /// <summary>Sends what is still held back, waits until it is applied, and compares every account with the model.</summary>
    public async Task<BooksResult> CloseBooksAsync(CancellationToken cancel, double patienceSeconds = 120)
    {
        await _pusher.PushHeldAsync(cancel);
        _display.Say("Closing the books...");
        return await new Books(_fleet, _api, _probes, _options.Faults, _time).CheckAsync(TimeSpan.FromSeconds(patienceSeconds), cancel);
    }

    /// <summary>Latencies of notices so far, and how many accounts crossed their level and were sent none within half a minute from now.</summary>
    public Task<NoticeSummary> NoticesAsync(CancellationToken cancel) => _notices.SummaryAsync(_api, cancel);

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
            _closed ??= new ClosedLoop(_fleet, _fleet.Gateways, _time);
            await _closed.RunAsync(_pusher, length, _options.Senders, _options.Backlog, cancel);
            if (_closed.IsUsedUp)
            {
                _display.Say("The readings of the past are used up, so this ends early: take more meters, a shorter --interval, or fewer --seconds.");
            }

            return;
        }

        _open ??= new OpenLoop(_fleet, _pusher, _options.Faults, _time);
        await _open.RunAsync(length, speed, _options.IsSearch ? HopelesslyBehind : null, cancel);
    }

    private async Task<(long Wal, long Size, long Pages)?> DatabaseStandAsync() =>
        _database is null ? null : (await _database.WalBytesAsync(), await _database.SizeAsync(DatabaseName), await _database.PageBytesAsync());

    private RunResult Result(Measured m, double seconds, double speed, (long Wal, long Growth, long? Pages)? database, FaultSchedule? faults) => new()
    {
        Started = m.Started.ToString("O", CultureInfo.InvariantCulture),
        Settings = new Dictionary<string, string>
        {
            ["meters"] = Text(_options.Meters),
            ["part"] = $"{_options.Part.Number}/{_options.Part.Of}",
            ["interval_seconds"] = Text(_options.IntervalSeconds),
            ["speed"] = speed == 0 ? "closed loop" : Text(speed),
            ["backlog"] = Text(_options.Backlog),
            ["tariff"] = _options.Tariff,
            ["silos"] = _grid is null ? "remote" : Text(_options.Silos),
            ["seed"] = Text(_options.Seed),
            ["gateway_faults"] =
                $"link loss {Text(_options.Faults.LinkLoss)}, resend {Text(_options.Faults.Resend)}, late {Text(_options.Faults.Late)}, drift "
                    + $"{Text(_options.Faults.Drift)}",
            ["beside"] =
                $"{Text(_options.Probes.QueriesPerSecond)} queries/s, {Text(_options.Probes.TopUpsPerSecond)} top-ups/s, {_options.Probes.Subscriptions} "
                    + "subscriptions",
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
        LiveEvents = m.LiveEvents,
        SiloPauses = m.SiloPauses,
        TesterStalls = m.TesterStalls,
        Cpu = m.Cpu,
        CpuBySilo = m.CpuBySilo,
        SiloPeakMb = m.SiloPeakMb,
        WalBytes = database?.Wal,
        PageBytes = database?.Pages,
        DatabaseGrowthBytes = database?.Growth,
        Faults = faults?.Done ?? [],
        FaultSpans = faults?.Spans ?? [],
        Series = m.Series,
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
