using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AccountGrid.LoadTest.Targets;
using Npgsql;

namespace AccountGrid.LoadTest.Faults;

/// <summary>
/// Real silo processes on a real PostgreSQL, every link between them through a proxy that can be cut: silo to silo, and silo to database. Each silo has a
/// failpoint file and a clock file of its own. Runs the program of the test build.
/// </summary>
internal sealed class FaultGrid : IAsyncDisposable
{
    public const int Partitions = 32;

    private readonly string _folder;
    private readonly string _program;
    private readonly string? _before;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly List<Member> _members = [];

    private readonly LoadDatabase? _server;

    private FaultGrid(string folder, string program, string? before, LoadDatabase? server, string connection, IReadOnlyDictionary<string, string> settings)
    {
        (_folder, _program, _before, _server, Connection, _settings) = (folder, program, before, server, connection, settings);
        Database = Host.Database.PostgresDatabase.Open(connection);
    }

    /// <summary>The grid's own server. Throws <see cref="InvalidOperationException"/> where the database is somebody else's.</summary>
    public LoadDatabase Server => _server ?? throw new InvalidOperationException("The grid has no server of its own.");

    /// <summary>The database by its own socket: what the judge looks through, whatever the silos' links do.</summary>
    public string Connection { get; }

    public NpgsqlDataSource Database { get; }

    public int Silos => _members.Count;

    public IReadOnlyList<string> Urls => [.. _members.Select(m => m.Url)];

    public string Key => File.ReadAllText(Path.Combine(_members[0].Folder, "administrator.key")).Trim();

    /// <summary>Holds the key that all silos, and the audit, have in common.</summary>
    public string PersonalDataKeyFile => LocalGrid.PersonalDataKey(_folder);

    public string FolderOf(int silo) => _members[silo].Folder;

    public ChildProcess Process(int silo) => _members[silo].Process ?? throw new InvalidOperationException($"Silo {silo} was never started.");

    public TcpProxy SiloLink(int silo) => _members[silo].SiloLink;

    public TcpProxy DatabaseLink(int silo) =>
        _members[silo].DatabaseLink ?? throw new InvalidOperationException("The silos reach the database without a link.");

    /// <param name="program">The test build's <c>accountgrid.dll</c>.</param>
    /// <param name="before">An earlier build's <c>accountgrid.dll</c>, which the silos begin with until they are upgraded; null is this one.</param>
    /// <param name="databaseFolder">Where the database's files lie; null is a temporary folder.</param>
    public static async Task<FaultGrid> StartAsync(string folder, string program, int silos, IReadOnlyDictionary<string, string> settings,
        string? databaseFolder = null, string? before = null)
    {
        Directory.CreateDirectory(folder);
        var server = await LoadDatabase.StartAsync(databaseFolder);
        return await StartAsync(new FaultGrid(folder, program, before, server, await server.DatabaseAsync("faults"), settings), silos);
    }

    /// <summary>A grid on a database that is there, which the silos reach without a link between.</summary>
    public static Task<FaultGrid> StartOnAsync(string folder, string program, int silos, IReadOnlyDictionary<string, string> settings, string connection)
    {
        Directory.CreateDirectory(folder);
        return StartAsync(new FaultGrid(folder, program, null, null, connection, settings), silos);
    }

    private static async Task<FaultGrid> StartAsync(FaultGrid grid, int silos)
    {
        try
        {
            for (var i = 0; i < silos; i++)
            {
                await grid.AddSiloAsync();
            }

            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether silos that are started are of this build.</summary>
    public bool IsUpgraded { get; set; }

    /// <summary>A silo more.</summary>
    public async Task<int> AddSiloAsync()
    {
        var number = _members.Count;
        var listen = ChildProcess.FreePort();
        _members.Add(new Member(
            Path.Combine(_folder, $"silo{number}"), $"http://127.0.0.1:{ChildProcess.FreePort()}", listen,
            new TcpProxy(new IPEndPoint(IPAddress.Loopback, listen)), _server is null ? null : LinkToSocket()));
        await StartAsync(number);
        return number;
    }

    /// <summary>Starts a silo that has ended, or never ran.</summary>
    public async Task StartAsync(int silo)
    {
        var member = _members[silo];
        if (member.Process is { } old)
        {
            // Nobody may ask it anything any more, whether a new one comes or not.
            member.Process = null;
            await old.DisposeAsync();
        }

        File.Delete(FailpointFile(silo));
        var text = CultureInfo.InvariantCulture;
        var environment = new Dictionary<string, string>(_settings)
        {
            ["ConnectionStrings__AccountGrid"] = member.DatabaseLink is { } link
                ? new NpgsqlConnectionStringBuilder(Connection) { Host = "127.0.0.1", Port = link.Port }.ConnectionString
                : Connection,
            ["Grid__Partitions"] = Partitions.ToString(text),
            // Builds before this one know no other port to listen on: then silos speak to each other without a proxy.
            ["Grid__SiloPort"] = (_before is null ? member.SiloLink.Port : member.Listen).ToString(text),
            ["Grid__SiloListenPort"] = member.Listen.ToString(text),
            ["Security__PersonalDataKeyFile"] = PersonalDataKeyFile,
            ["Security__RequestsPerSecond"] = "0",
            ["ACCOUNTGRID_FAILPOINT"] = "@" + FailpointFile(silo),
            ["ACCOUNTGRID_CLOCK"] = ClockFile(silo),
            ["DOTNET_TieredPGO"] = "0",
        };
        member.Process = await ChildProcess.StartAsync(IsUpgraded || _before is null ? _program : _before, member.Url, "/health/ready",
            ["serve", "--data", member.Folder, "--urls", member.Url], environment, Path.Combine(_folder, $"silo{silo}.log"));
    }

    /// <summary>Every silo that has ended is started again.</summary>
    public Task StartEndedAsync() => Task.WhenAll(Enumerable.Range(0, Silos).Where(i => _members[i].Process is null or { HasExited: true }).Select(StartAsync));

    public async Task RemoveLastAsync()
    {
        var last = _members[^1];
        await last.DisposeAsync();
        _members.Remove(last);
    }

    /// <summary>Arms a silo's failpoint: <c>NAME:ACTION[:N]</c>.</summary>
    public void Arm(int silo, string spec)
    {
        File.Delete(FailpointFile(silo) + ".reached");
        File.WriteAllText(FailpointFile(silo), spec);
    }

    public bool WasReached(int silo) => File.Exists(FailpointFile(silo) + ".reached");

    public void Disarm(int silo) => File.Delete(FailpointFile(silo));

    /// <summary>Puts a silo's clock ahead (or behind), seconds.</summary>
    public void SetClock(int silo, double seconds) => File.WriteAllText(ClockFile(silo), seconds.ToString(CultureInfo.InvariantCulture));

    public void Heal()
    {
        foreach (var member in _members)
        {
            member.SiloLink.Heal();
            member.DatabaseLink?.Heal();
        }
    }

    /// <summary>How often the silos' logs have said something.</summary>
    public int LogLines(string part)
    {
        var count = 0;
        for (var i = 0; i < Silos; i++)
        {
            using var reader =
                new StreamReader(new FileStream(Path.Combine(_folder, $"silo{i}.log"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite));
            while (reader.ReadLine() is { } line)
            {
                count += line.Contains(part, StringComparison.Ordinal) ? 1 : 0;
            }
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        await Database.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private TcpProxy LinkToSocket() =>
        new(new UnixDomainSocketEndPoint(Path.Combine(new NpgsqlConnectionStringBuilder(Connection).Host!, ".s.PGSQL.5432")));

    private string FailpointFile(int silo) => Path.Combine(_folder, $"silo{silo}.failpoint");

    private string ClockFile(int silo) => Path.Combine(_folder, $"silo{silo}.clock");

    private sealed class Member(string folder, string url, int listen, TcpProxy siloLink, TcpProxy? databaseLink) : IAsyncDisposable
    {
        public string Folder { get; } = folder;

        public string Url { get; } = url;

        public int Listen { get; } = listen;

        public TcpProxy SiloLink { get; } = siloLink;

        public TcpProxy? DatabaseLink { get; } = databaseLink;

        public ChildProcess? Process { get; set; }

        public async ValueTask DisposeAsync()
        {
            if (Process is not null)
            {
                await Process.DisposeAsync();
            }

            await SiloLink.DisposeAsync();
            if (DatabaseLink is not null)
            {
                await DatabaseLink.DisposeAsync();
            }
        }
    }
}
