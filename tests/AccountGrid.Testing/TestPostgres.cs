using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Testing;

/// <summary>A private PostgreSQL for one test run, with a database for whoever asks. Stopped and deleted at the end.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private EmbeddedPostgres _server;
    private int _databases;

    private TestPostgres(DataFolder folder, EmbeddedPostgres server)
    {
        _folder = folder;
        _server = server;
    }

    public static async Task<TestPostgres> StartAsync()
    {
        var folder = new DataFolder(Path.Combine(Path.GetTempPath(), $"ag-pg-{Guid.NewGuid():N}"[..20]));
        return new TestPostgres(folder, await EmbeddedPostgres.StartAsync(folder, Console.WriteLine));
    }

    /// <summary>The server's data folder and its socket's.</summary>
    public (string Data, string Socket) Places =>
        (Path.Combine(_folder.Root, "postgres", "data"), new NpgsqlConnectionStringBuilder(_server.ConnectionString).Host!);

    /// <summary>As the server's superuser; the databases' owner is none.</summary>
    public string AdministratorConnectionString => _server.AdministratorConnectionString;

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(_server.AdministratorConnectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name} owner accountgrid", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Gives the server settings of its own and starts it again with them.</summary>
    public async Task ConfigureAsync(IReadOnlyList<(string Name, string Value)> settings)
    {
        await ExecuteAsync(_server.ConnectionString, [.. settings.Select(s => $"alter system set {s.Name} = '{s.Value}'")]);
        NpgsqlConnection.ClearAllPools();
        await _server.StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Runs statements one after the other on one connection; as the superuser where one of them changes the server's settings.</summary>
    public async Task ExecuteAsync(string database, params string[] statements)
    {
        var role = statements.Any(s => s.Contains("alter system", StringComparison.Ordinal)) ? _server.AdministratorConnectionString : database;
        var builder = new NpgsqlConnectionStringBuilder(role) { Database = new NpgsqlConnectionStringBuilder(database).Database, Pooling = false };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Kills the server as a power cut would, and starts it again.</summary>
    public async Task CrashAsync()
    {
        await KillAsync();
        await StartAgainAsync();
    }

    /// <summary>Kill -9; nothing answers until it is started again.</summary>
    public Task KillAsync() => KillAsync(_folder.Root);

    public async Task StartAgainAsync() => _server = await EmbeddedPostgres.StartAsync(_folder, _ => { });

    /// <summary>Kill -9 of the postmaster of a data folder; its backends notice and end.</summary>
    public static async Task KillAsync(string dataFolder)
    {
        var pidFile = Path.Combine(dataFolder, "postgres", "data", "postmaster.pid");
        var pid = int.Parse((await File.ReadAllLinesAsync(pidFile))[0], System.Globalization.CultureInfo.InvariantCulture);
        using var postmaster = System.Diagnostics.Process.GetProcessById(pid);
        postmaster.Kill();
        NpgsqlConnection.ClearAllPools();
        while (Directory.Exists($"/proc/{pid}") && !await IsZombieAsync(pid))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.StopAsync();
        Directory.Delete(_folder.Root, recursive: true);
    }

    private static async Task<bool> IsZombieAsync(int pid)
    {
        try
        {
            return (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
