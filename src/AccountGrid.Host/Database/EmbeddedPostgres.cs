using System.Globalization;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>
/// A private PostgreSQL server in the data folder, from the machine's own binaries: unprivileged, on a unix socket only, with the
/// settings that durability needs. One that still runs from before (its host was killed) is taken over. Its folder belongs to the server's user, who may put
/// links into it: where this process is root it touches nothing in there itself, but has it done as that user.
/// </summary>
public sealed class EmbeddedPostgres
{
    private const string Settings = """
        listen_addresses = ''
        max_connections = 200
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        wal_compression = lz4
        shared_buffers = 512MB
        max_wal_size = 4GB
        min_wal_size = 512MB
        checkpoint_timeout = 15min
        checkpoint_completion_target = 0.9
        bgwriter_lru_maxpages = 1000
        autovacuum_naptime = 15s
        log_min_messages = warning
        """;

    /// <summary>Name of the grid's database and of the role that owns it.</summary>
    private const string Role = "accountgrid";

    private readonly string _bin;
    private readonly string _folder;
    private readonly string _socket;
    private readonly string? _user;

    private EmbeddedPostgres(string bin, string folder, string socket, string? user)
    {
        _bin = bin;
        _folder = folder;
        _socket = socket;
        _user = user;
    }

    /// <summary>For the grid: the owner of its database, who is no superuser.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = _socket,
        Database = Role,
        Username = Role,
        MaxPoolSize = 60,
        ApplicationName = "accountgrid",
        NoResetOnClose = true,
    }.ConnectionString;

    /// <summary>For setting the server up, and for backups: the superuser, as whom only the server's own user and root are let in.</summary>
    public string AdministratorConnectionString =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Username = "postgres", Pooling = false }.ConnectionString;

    /// <summary>Starts the server of a data folder, making it first where there is none. Throws <see cref="StartException"/>.</summary>
    public static async Task<EmbeddedPostgres> StartAsync(DataFolder data, Action<string> say)
    {
        var bin = FindBinaries() ?? await InstallAsync(say);
        var user = UnprivilegedUser();
        var folder = data.Postgres;
        var server = new EmbeddedPostgres(bin, Path.Combine(folder, "data"), SocketFolder(folder), user);
        await server.PrepareAsync(data.Root, folder);
        if (!await server.TryAsUserAsync("[ -f \"$1/PG_VERSION\" ]", server._folder))
        {
            await server.InitializeAsync();
        }

        await server.WriteSettingsAsync();
        if (await server.IsRunningAsync())
        {
            say("Taking over the PostgreSQL server that still runs in the data folder.");
        }
        else
        {
            await server.RunAsync("pg_ctl", "start", "-w", "-t", "60", "-D", server._folder, "-l", Path.Combine(folder, "server.log"));
        }

        await server.EnsureRecoveredAsync(say);
        await server.EnsureDatabaseAsync();
        return server;
    }

    /// <summary>A server that runs already in a data folder, for a second program beside its host; null if none does.</summary>
    public static async Task<EmbeddedPostgres?> FindRunningAsync(DataFolder data)
    {
        if (FindBinaries() is not { } bin || !File.Exists(Path.Combine(data.Postgres, "data", "postmaster.pid")))
        {
            return null;
        }

        var server = new EmbeddedPostgres(bin, Path.Combine(data.Postgres, "data"), SocketFolder(data.Postgres), UnprivilegedUser());
        return await server.IsRunningAsync() ? server : null;
    }

    /// <param name="mode"><c>fast</c> ends sessions and writes a checkpoint; <c>immediate</c> drops everything, as a crash.</param>
    public async Task StopAsync(string mode = "fast")
    {
        if (await IsRunningAsync())
        {
            await RunAsync("pg_ctl", "stop", "-w", "-t", "60", "-m", mode, "-D", _folder);
        }
    }

    /// <summary>The newest installed binaries, version 15 or later, or those of <c>ACCOUNTGRID_PG_BIN</c>.</summary>
    public static string? FindBinaries()
    {
        var given = Environment.GetEnvironmentVariable("ACCOUNTGRID_PG_BIN");
        if (!string.IsNullOrEmpty(given))
        {
            return File.Exists(Path.Combine(given, "initdb")) ? given : throw new StartException($"ACCOUNTGRID_PG_BIN is {given}, where there is no initdb.");
        }

        const string Installed = "/usr/lib/postgresql";
        return !Directory.Exists(Installed) ? null : Directory.GetDirectories(Installed)
            .Select(d => (Path: Path.Combine(d, "bin"), Version: int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0))
            .Where(d => d.Version >= 15 && File.Exists(Path.Combine(d.Path, "initdb")))
            .OrderByDescending(d => d.Version)
            .Select(d => d.Path)
            .FirstOrDefault();
    }

    /// <summary>PostgreSQL refuses to run as root: its own user where the package made one, else nobody. Null where this process is not root.</summary>
    private static string? UnprivilegedUser() =>
        !DataFolder.IsRoot ? null : File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static async Task<string> InstallAsync(Action<string> say)
    {
        await PostgresPackage.InstallAsync(say);
        return FindBinaries() ?? throw new StartException("The postgresql package installed no server of version 15 or later.");
    }

    /// <summary>Sockets have short names: a deep data folder gets one in the temporary folder instead.</summary>
    private static string SocketFolder(string folder)
    {
        var near = Path.Combine(folder, "socket");
        return near.Length <= 80
            ? near
            : Path.Combine(Path.GetTempPath(),
                "accountgrid-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(folder)))[..16]);
    }

    /// <summary>The server's folder and its socket's, each its user's own and nobody else's. Throws <see cref="StartException"/> where one is not.</summary>
    private async Task PrepareAsync(string root, string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (_user is not null)
            {
                // In a folder of root's, where nobody else can have put something else in its place.
                await SystemTool.RunAsync("/bin/chown", ["-h", _user + ":", folder]);
            }
        }

        if (_user is not null)
        {
            LetIn(root, folder, _user);
        }

        // Looked at without following a link, and as the user: a folder of theirs in a temporary folder can be replaced by nobody but themselves and root.
        const string IsOwn = "[ \"$(stat -c '%F %u' \"$1\")\" = \"directory $(id -u)\" ]";
        if (!await TryAsUserAsync(IsOwn, folder))
        {
            throw new StartException(
                $"{folder} is not a folder of user {_user ?? Environment.UserName}, as whom PostgreSQL must run: after a restore, chown -hR "
                    + $"{_user ?? Environment.UserName}: {folder}");
        }

        if (!await TryAsUserAsync("[ -z \"$(find \"$1\" ! -user \"$(id -u)\" -print -quit 2>/dev/null || echo unreadable)\" ]", folder))
        {
            throw new StartException(
                $"{folder} has files that are not user {_user ?? Environment.UserName}'s, as whom PostgreSQL must run: after a restore, chown -hR "
                    + $"{_user ?? Environment.UserName}: {folder}");
        }

        if (!await TryAsUserAsync($"mkdir -m 700 \"$1\" 2>/dev/null; {IsOwn} && chmod 700 \"$1\"", _socket))
        {
            throw new StartException(
                $"{_socket}, where PostgreSQL's socket must be, is not a folder of user {_user ?? Environment.UserName}: remove it, or choose another "
                    + "folder with --data.");
        }
    }

    /// <summary>The server's user must be able to pass through the folders above its own.</summary>
    private static void LetIn(string root, string folder, string user)
    {
        for (var parent = Path.GetDirectoryName(folder); parent is not null and not "/"; parent = Path.GetDirectoryName(parent))
        {
            var mode = File.GetUnixFileMode(parent);
            if ((mode & UnixFileMode.OtherExecute) != 0)
            {
                continue;
            }

            if (parent != root)
            {
                throw new StartException($"User {user}, as whom PostgreSQL must run, cannot enter {parent}: choose another folder with --data.");
            }

            File.SetUnixFileMode(parent, mode | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>
    /// The superuser's name lets in whoever is the server's own user, or root, on this machine; the grid's role whoever can reach the socket, which is the same
    /// two.
    /// </summary>
    private async Task InitializeAsync()
    {
        await RunAsync("initdb", "-D", _folder, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--data-checksums");
        await AsUserAsync("printf '%s' \"$2\" > \"$1/pg_hba.conf\"", _folder,
            "local all postgres peer map=owner\nlocal replication postgres peer map=owner\nlocal all all trust\n");
        await AsUserAsync("printf 'owner root postgres\\nowner %s postgres\\n' \"$(id -un)\" > \"$1/pg_ident.conf\"", _folder);
        await AsUserAsync("printf \"\\ninclude 'accountgrid.conf'\\n\" >> \"$1/postgresql.conf\"", _folder);
    }

    private Task WriteSettingsAsync() =>
        AsUserAsync("umask 077; printf '%s' \"$2\" > \"$1/accountgrid.conf\"", _folder,
            $"{Settings}\nunix_socket_directories = '{_socket}'\nunix_socket_permissions = 0700\n");

    /// <summary>
    /// Whether the server runs. One that was killed leaves its pid file, and where nobody collects it also a dead process that still answers to
    /// its number: then its last backends are waited for, and its lock files go.
    /// </summary>
    private async Task<bool> IsRunningAsync()
    {
        var pidFile = Path.Combine(_folder, "postmaster.pid");
        var (status, first) = await SystemTool.RunAsync("/bin/sh", ["-c", "[ -f \"$1\" ] && head -n 1 -- \"$1\"", "sh", pidFile], _user);
        if (status != 0 || !int.TryParse(first.Trim(), CultureInfo.InvariantCulture, out var pid))
        {
            return false;
        }

        if (IsAlive(pid))
        {
            return true;
        }

        while (Directory.GetDirectories("/proc")
            .Any(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out var other) && IsAlive(other) && WorksIn(p, _folder)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        await AsUserAsync("rm -f -- \"$1\" \"$2\"/.s.PGSQL.*", pidFile, _socket);
        return false;
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool WorksIn(string process, string folder)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget == folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A server that is being restored to a moment answers questions before it takes changes.</summary>
    private async Task EnsureRecoveredAsync(Action<string> say)
    {
        await using var connection = new NpgsqlConnection(AdministratorConnectionString);
        await connection.OpenAsync();
        await using var ask = new NpgsqlCommand("select pg_is_in_recovery()", connection);
        for (var isFirst = true; (bool)(await ask.ExecuteScalarAsync())!; isFirst = false)
        {
            if (isFirst)
            {
                say("The PostgreSQL server is being restored; waiting until it is done.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private async Task EnsureDatabaseAsync()
    {
        await using var connection = new NpgsqlConnection(AdministratorConnectionString);
        await connection.OpenAsync();
        foreach (var (isThere, make) in new[]
        {
            ($"select exists (select from pg_roles where rolname = '{Role}')", $"create role {Role} login"),
            ($"select exists (select from pg_database where datname = '{Role}')", $"create database {Role} owner {Role}"),
        })
        {
            await using var find = new NpgsqlCommand(isThere, connection);
            if (!(bool)(await find.ExecuteScalarAsync())!)
            {
                await using var create = new NpgsqlCommand(make, connection);
                await create.ExecuteNonQueryAsync();
            }
        }
    }

    /// <summary>Runs a few words of shell as the server's user: a link in that user's folder leads no further than that user may go.</summary>
    private async Task AsUserAsync(string script, params string[] arguments)
    {
        var (status, output) = await SystemTool.RunAsync("/bin/sh", ["-c", script, "sh", .. arguments], _user);
        if (status != 0)
        {
            throw new StartException($"{Path.GetDirectoryName(_folder)} cannot be prepared as user {_user ?? Environment.UserName}: {output.Trim()}");
        }
    }

    private async Task<bool> TryAsUserAsync(string script, params string[] arguments) =>
        (await SystemTool.RunAsync("/bin/sh", ["-c", script, "sh", .. arguments], _user)).Status == 0;

    private async Task RunAsync(string tool, params string[] arguments)
    {
        var (status, output) = await SystemTool.RunAsync(Path.Combine(_bin, tool), arguments, _user);
        if (status != 0)
        {
            var log = Path.Combine(Path.GetDirectoryName(_folder)!, "server.log");
            var said = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "nothing";
            throw new StartException($"{tool} {arguments[0]} ended with status {status} . Its last output: {said} See {log}.");
        }
    }
}
