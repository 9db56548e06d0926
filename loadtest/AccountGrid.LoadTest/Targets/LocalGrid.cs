using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Targets;

/// <summary>AccountGrid as processes of this machine: so many silos on one database.</summary>
public sealed class LocalGrid : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Dictionary<string, string> _environment;
    private readonly ChildProcess?[] _silos;
    private readonly string[] _urls;
    private readonly Dictionary<ChildProcess, (int Index, double CpuSeconds)> _cpu = [];

    private LocalGrid(string folder, Dictionary<string, string> environment, int silos)
    {
        _folder = folder;
        _environment = environment;
        _silos = new ChildProcess?[silos];
        _urls = [.. Enumerable.Range(0, silos).Select(_ => $"http://127.0.0.1:{ChildProcess.FreePort()}")];
    }

    public IReadOnlyList<string> Urls => _urls;

    public string Key => File.ReadAllText(Path.Combine(FolderOf(0), "administrator.key")).Trim();

    /// <param name="folder">For the silos' own data folders.</param>
    public static async Task<LocalGrid> StartAsync(string folder, string connectionString, int silos, IReadOnlyDictionary<string, string>? settings = null)
    {
        var environment = new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["ConnectionStrings__AccountGrid"] = connectionString,
            ["Security__PersonalDataKeyFile"] = PersonalDataKey(folder),

            // The administrator's key asks for all queries here: what a key may ask for is not what is measured.
            ["Security__RequestsPerSecond"] = "0",
        };
        var grid = new LocalGrid(folder, environment, silos);
        try
        {
            for (var i = 0; i < silos; i++)
            {
                await grid.StartSiloAsync(i);
            }
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }

        return grid;
    }

    /// <summary>CPU of all silos so far, ended ones included, and memory of those that run.</summary>
    public ProcessUsage Usage
    {
        get
        {
            lock (_cpu)
            {
                var resident = Look();
                return new ProcessUsage(_cpu.Values.Sum(c => c.CpuSeconds), resident);
            }
        }
    }

    /// <summary>CPU seconds so far, by silo, of all processes that each has had.</summary>
    public IReadOnlyList<double> CpuBySilo
    {
        get
        {
            lock (_cpu)
            {
                Look();
                return [.. Enumerable.Range(0, _silos.Length).Select(i => _cpu.Values.Where(c => c.Index == i).Sum(c => c.CpuSeconds))];
            }
        }
    }

    /// <summary>Process numbers of the silos that run.</summary>
    public IReadOnlyCollection<int> ProcessIds => [.. _silos.OfType<ChildProcess>().Where(s => !s.HasExited).Select(s => s.Id)];

    public ChildProcess Silo(int index) => _silos[index] ?? throw new InvalidOperationException($"Silo {index} does not run.");

    public async Task StartSiloAsync(int index)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "accountgrid.dll");
        _silos[index] = await ChildProcess.StartAsync(program, _urls[index], "/health/ready", ["serve", "--data", FolderOf(index), "--urls", _urls[index]],
            _environment, Path.Combine(_folder, $"silo{index}.log"));
    }

    public async Task KillSiloAsync(int index)
    {
        var silo = Silo(index);
        _ = Usage;
        await silo.KillAsync();
    }

    /// <summary>Stops a silo as an operator does; returns how long that took.</summary>
    public async Task<TimeSpan> StopSiloAsync(int index)
    {
        return await Silo(index).StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.OfType<ChildProcess>())
        {
            if (!silo.HasExited)
            {
                await silo.StopAsync();
            }

            await silo.DisposeAsync();
        }
    }

    /// <summary>Reads what each process has used, which stays known once it has ended; returns the memory of those that run.</summary>
    private long Look()
    {
        long resident = 0;
        for (var i = 0; i < _silos.Length; i++)
        {
            if (_silos[i] is { HasExited: false } silo)
            {
                var usage = ProcessUsage.Of(silo.Id);
                resident += usage.ResidentBytes;
                _cpu[silo] = (i, Math.Max(usage.CpuSeconds, _cpu.GetValueOrDefault(silo).CpuSeconds));
            }
        }

        return resident;
    }

    /// <summary>The key that all silos of a grid must have, in a file beside their folders; made by whoever comes first.</summary>
    public static string PersonalDataKey(string folder)
    {
        var file = Path.Combine(folder, "personal-data.key");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(file, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        }

        return file;
    }

    private string FolderOf(int index) => Path.Combine(_folder, $"silo{index}");
}
