using System.Diagnostics;
using System.Globalization;
using AccountGrid.Host.Database;
using AccountGrid.LoadTest.Measures;
using Npgsql;

namespace AccountGrid.LoadTest.Targets;

/// <summary>The PostgreSQL server of a local run, private and with a database for each target; deleted at the end.</summary>
public sealed class LoadDatabase : IAsyncDisposable
{
    private readonly Lock _usedLock = new();
    private (int Postmaster, ProcessUsage Usage) _used = (0, ProcessUsage.Zero);
    private double _endedCpu;
    private readonly DataFolder _folder;
    private readonly bool _keep;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private EmbeddedPostgres _server;

    private LoadDatabase(DataFolder folder, EmbeddedPostgres server, bool keep)
    {
        _folder = folder;
        _server = server;
        _keep = keep;
    }

    public string Folder => _folder.Root;

    public DataFolder Data => _folder;

    /// <summary>As the server's superuser; the grid's role is none.</summary>
    public string AdministratorConnectionString => _server.AdministratorConnectionString;

    /// <summary>Number of the postmaster's process.</summary>
    public int Postmaster => int.Parse(File.ReadLines(Path.Combine(_folder.Postgres, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>CPU of the server so far, that of postmasters before a restart included, and its memory.</summary>
    public ProcessUsage Usage
    {
        get
        {
            lock (_usedLock)
            {
                try
                {
                    var postmaster = Postmaster;
                    var now = ProcessUsage.OfTree(postmaster);
                    _endedCpu += postmaster == _used.Postmaster ? 0 : _used.Usage.CpuSeconds;

                    // A backend that ends during the look is in neither count: what was used is never less than it was.
                    _used = (postmaster, postmaster == _used.Postmaster ? now with { CpuSeconds = Math.Max(now.CpuSeconds, _used.Usage.CpuSeconds) } : now);
                }
                catch (Exception e) when (e is IOException or InvalidOperationException or FormatException)
                {
                    // It is being started again.
                }

                return _used.Usage with { CpuSeconds = _endedCpu + _used.Usage.CpuSeconds };
            }
        }
    }

    /// <param name="folder">Where its data lies; null is a new folder for temporary files, which is deleted at the end.</param>
    public static async Task<LoadDatabase> StartAsync(string? folder)
    {
        var data = new DataFolder(folder ?? Path.Combine(Path.GetTempPath(), $"ag-load-{Guid.NewGuid():N}"[..20]));
        return new LoadDatabase(data, await EmbeddedPostgres.StartAsync(data, Console.Error.WriteLine), keep: folder is not null);
    }

    /// <summary>A database of this name, made if it is not there.</summary>
    public async Task<string> DatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(_server.AdministratorConnectionString);
        await connection.OpenAsync();
        await using var find =
            new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection) { Parameters = { new() { Value = name } } };
        if (!(bool)(await find.ExecuteScalarAsync())!)
        {
            await using var create = new NpgsqlCommand($"create database {name} owner accountgrid", connection);
            await create.ExecuteNonQueryAsync();
        }

        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Where the write-ahead log ends, bytes: a crash does not set it back, as it does the server's statistics.</summary>
    public Task<long> WalBytesAsync() => LongAsync("select (pg_current_wal_insert_lsn() - '0/0')::bigint");

    /// <summary>
    /// Bytes of pages that were written to files; from zero after a crash. From PostgreSQL 17 on without what server processes wrote for themselves.
    /// </summary>
    public async Task<long> PageBytesAsync() => await LongAsync(
        await LongAsync("select current_setting('server_version_num')::bigint") >= 170_000
            ? "select (c.buffers_written + w.buffers_clean) * 8192 from pg_stat_checkpointer c, pg_stat_bgwriter w"
            : "select (buffers_checkpoint + buffers_clean + buffers_backend) * 8192 from pg_stat_bgwriter");

    public Task<long> SizeAsync(string name) => LongAsync($"select pg_database_size('{name}')");

    /// <summary>A quiet server between two turns: what one left behind is not the other's to write.</summary>
    public Task<long> CheckpointAsync() => LongAsync("checkpoint; select 0::bigint");

    /// <summary>Starts the server again if it has stopped by itself.</summary>
    public async Task EnsureRunningAsync()
    {
        await _gate.WaitAsync();
        try
        {
            for (var tries = 0; ; tries++)
            {
                try
                {
                    _server = await EmbeddedPostgres.StartAsync(_folder, _ => { });
                    return;
                }
                catch (NpgsqlException) when (tries < 50)
                {
                    // It runs, but cannot take another connection yet.
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the server as a power cut would and starts it again.</summary>
    /// <param name="mode">Null kills the postmaster; <c>immediate</c> has it drop everything by its own hand.</param>
    public async Task RestartAsync(string? mode = null)
    {
        await _gate.WaitAsync();
        try
        {
            await RestartAloneAsync(mode);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task RestartAloneAsync(string? mode)
    {
        if (mode is not null)
        {
            await _server.StopAsync(mode);
        }
        else
        {
            using var postmaster = Process.GetProcessById(Postmaster);
            postmaster.Kill();
        }

        NpgsqlConnection.ClearAllPools();
        _server = await EmbeddedPostgres.StartAsync(_folder, _ => { });
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.StopAsync();
        if (!_keep)
        {
            Directory.Delete(_folder.Root, recursive: true);
        }
    }

    private async Task<long> LongAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server.AdministratorConnectionString);
        await connection.OpenAsync();
        long value = 0;
        foreach (var statement in sql.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 600 };
            value = await command.ExecuteScalarAsync() as long? ?? value;
        }

        return value;
    }
}
