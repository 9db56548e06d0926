using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Faults;

/// <summary>A grid with its load, on which cases are tried one after the other, each judged when everything runs again.</summary>
internal sealed class FaultRound : IAsyncDisposable
{
    /// <summary>Longest time from the end of a fault until every gateway is answered again, before a case counts as wrong.</summary>
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(60);

    private readonly FaultGrid _grid;
    private readonly FaultLoad _load;
    private readonly FaultReceiver _receiver;
    private readonly FaultJudge _judge;
    private readonly string? _mount;

    private readonly Func<Task> _ensureDatabase;

    private FaultRound(FaultGrid grid, FaultLoad load, FaultReceiver receiver, string? mount, Func<Task> ensureDatabase)
    {
        (_grid, _load, _receiver, _mount, _ensureDatabase) = (grid, load, receiver, mount, ensureDatabase);
        _judge = new FaultJudge(grid, load.History);
    }

    public FaultGrid Grid => _grid;

    public FaultHistory History => _load.History;

    /// <summary>Longest time in which no gateway was answered during the last case that measures it.</summary>
    public TimeSpan LongestStall => _load.LongestStall;

    /// <param name="folder">Empty; gets the silos' logs.</param>
    /// <param name="before">An earlier build that the silos begin with.</param>
    /// <param name="sabotage">Switches of the test build that break it on purpose.</param>
    public static async Task<FaultRound> StartAsync(string folder, string program, int seed, string? sabotage = null, string? before = null)
    {
        Directory.CreateDirectory(folder);
        var mount = await MountAsync(Path.Combine(folder, "database"));
        return await StartAsync(seed, sabotage, mount, before is not null, null,
            settings => FaultGrid.StartAsync(folder, program, 3, settings, mount ?? Path.Combine(folder, "database"), before));
    }

    /// <summary>A round on a database that is there.</summary>
    /// <param name="ensure">Has the database whole again after a case.</param>
    public static Task<FaultRound> StartOnAsync(string folder, string program, int seed, string connection, Func<Task> ensure) =>
        StartAsync(seed, null, null, isUpgraded: false, ensure, settings =>
        {
            settings["Grid__SynchronousStandbys"] = "1";
            return FaultGrid.StartOnAsync(folder, program, 3, settings, connection);
        });

    private static async Task<FaultRound> StartAsync(int seed, string? sabotage, string? mount, bool isUpgraded, Func<Task>? ensure,
        Func<Dictionary<string, string>, Task<FaultGrid>> start)
    {
        FaultLoad? load = null;
        FaultReceiver? receiver = null;
        FaultGrid? grid = null;
        try
        {
            var history = new FaultHistory();
            receiver = await FaultReceiver.StartAsync(history);
            var settings = Settings(receiver);
            if (sabotage is not null)
            {
                settings["ACCOUNTGRID_SABOTAGE"] = sabotage;
            }

            grid = await start(settings);
            load = new FaultLoad(grid, history, seed);
            await load.PrepareAsync(receiver);
            if (isUpgraded)
            {
                // Builds before this one may not know a meter yet that another silo has just registered.
                await FaultCases.WaitAsync(4);
            }

            load.Start();
            return new FaultRound(grid, load, receiver, mount, ensure ?? grid.Server.EnsureRunningAsync);
        }
        catch
        {
            await EndAsync(load, grid, receiver, mount);
            throw;
        }
    }

    private static Dictionary<string, string> Settings(FaultReceiver receiver) => new()
    {
        ["Grid__StatePeriodSeconds"] = "3",
        ["Grid__SweepPeriodSeconds"] = "1",
        ["Log__CommandTimeoutSeconds"] = "10",
        ["Notices__Webhook__Url"] = receiver.Url,
        ["Notices__Webhook__Secret"] = FaultReceiver.Secret,
        ["Notices__Company"] = "Grid",
        ["Notices__Phone"] = "100",
        ["Notices__Language"] = "en",
        ["Notices__Webhook__AllowPrivate"] = "true",
        ["Notices__Webhook__TimeoutSeconds"] = "5",
    };

    /// <summary>Tries cases together (one is the usual), waits until all runs again, and judges.</summary>
    public async Task<CaseResult> TryAsync(IReadOnlyList<FaultCase> cases, int seed)
    {
        string? vacuous = null;
        string? found = null;
        var troubled = History.Retried + History.GivenUp;
        try
        {
            await Task.WhenAll(cases.Select((c, i) => c.Run(_grid, _load, new Random(HashCode.Combine(seed, i)))));
        }
        catch (FaultFoundException e)
        {
            found = e.Message;
        }
        catch (Exception e) when (e is VacuousException || cases.Count > 1)
        {
            // Of a pair, one may take away what the other needs.
            vacuous = e.Message;
        }

        _grid.Heal();
        await _ensureDatabase();
        await _grid.StartEndedAsync();
        var healed = TimeProvider.System.GetTimestamp();
        var recovery = await _load.RecoveryAsync(healed, RecoveryMax);
        var name = string.Join(" & ", cases.Select(c => c.Name));
        try
        {
            await _load.PauseAsync(RecoveryMax * 2);
        }
        catch (TimeoutException e)
        {
            _load.Resume();
            return new CaseResult(name, new Verdict(0, 0, 1, [e.Message]), recovery, vacuous);
        }

        // A silo that was declared dead while it stood still may have ended meanwhile.
        await _grid.StartEndedAsync();
        var verdict = await _judge.JudgeAsync();
        _load.Resume();
        if (vacuous is null && cases is [{ IsFelt: true }] && History.Retried + History.GivenUp == troubled)
        {
            vacuous = "No client had to try again: the fault had no effect.";
        }

        if (found is not null)
        {
            verdict = verdict with { Wrong = verdict.Wrong + 1, Findings = [.. verdict.Findings, found] };
        }

        if (recovery >= RecoveryMax)
        {
            verdict = verdict with
            {
                Wrong = verdict.Wrong + 1,
                Findings = [.. verdict.Findings, $"Not every gateway was answered within {RecoveryMax.TotalSeconds:0} s of the fault's end."]
            };
        }

        return new CaseResult(name, verdict, recovery, vacuous);
    }

    /// <summary>Replaces the silos one after the other by this build's, under load, and judges.</summary>
    public async Task<CaseResult> UpgradeAsync()
    {
        Grid.IsUpgraded = true;
        return await TryAsync([FaultCases.Find("rolling-restart")], seed: 1);
    }

    /// <summary>The grid's own audit, once everybody rests: exit code and what it printed.</summary>
    public async Task<(int Status, string Output)> AuditAsync()
    {
        await _load.PauseAsync(RecoveryMax);
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__AccountGrid"] = _grid.Connection,
            ["Security__PersonalDataKeyFile"] = _grid.PersonalDataKeyFile
        };
        return await ChildProcess.RunAsync(Path.Combine(AppContext.BaseDirectory, "accountgrid.dll"),
            ["audit", "--data", _grid.FolderOf(0), "--url", _grid.Urls[0]], environment);
    }

    public ValueTask DisposeAsync() => EndAsync(_load, _grid, _receiver, _mount);

    private static async ValueTask EndAsync(FaultLoad? load, FaultGrid? grid, FaultReceiver? receiver, string? mount)
    {
        if (load is not null)
        {
            await load.DisposeAsync();
        }

        if (grid is not null)
        {
            await grid.DisposeAsync();
        }

        if (receiver is not null)
        {
            await receiver.DisposeAsync();
        }

        if (mount is not null)
        {
            await ChildProcess.RunToolAsync("umount", mount);
        }
    }

    /// <summary>A small file system of the database's own, so that it can be filled; null where this process may not mount one.</summary>
    private static async Task<string?> MountAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        return Environment.UserName == "root" && await ChildProcess.RunToolAsync("mount", "-t", "tmpfs", "-o", "size=1500m,mode=0755", "tmpfs", folder) == 0
            ? folder
            : null;
    }
}
