using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>The private server's folder belongs to a user who is not trusted with more than the database.</summary>
public sealed class PrivateServerTests(GridFixture grid) : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_grids_role_is_no_superuser_and_cannot_become_one()
    {
        await using var ask =
            grid.Database.CreateCommand(
                "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls from pg_roles where rolname = current_user");
        Assert.False((bool)(await ask.ExecuteScalarAsync())!);
        await using var escape = grid.Database.CreateCommand("copy (select 1) to program 'true'");
        await Assert.ThrowsAsync<PostgresException>(() => escape.ExecuteNonQueryAsync());
    }

    /// <summary>As whoever has taken over the server leaves its folder behind for the next start.</summary>
    [Fact]
    public async Task A_start_follows_no_link_in_the_servers_folder_further_than_its_user_may_go()
    {
        if (!DataFolder.IsRoot)
        {
            // This process is the server's user: there is nothing that it may and the server may not.
            return;
        }

        Directory.CreateDirectory(_folder);
        var precious = Path.Combine(_folder, "precious");
        await File.WriteAllTextAsync(precious, "root's own");
        File.SetUnixFileMode(precious, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var data = new DataFolder(Path.Combine(_folder, "data"));
        var server = await EmbeddedPostgres.StartAsync(data, _ => { });
        await server.StopAsync();

        // A link where the settings are written: the start ends with a line, and root's file is as it was.
        var settings = Path.Combine(data.Postgres, "data", "accountgrid.conf");
        await AsPostgresAsync($"rm {settings}; ln -s {precious} {settings}");
        await Assert.ThrowsAsync<StartException>(() => EmbeddedPostgres.StartAsync(data, _ => { }));
        await AssertUntouchedAsync(precious);

        // Links to be given away with the folder, and one in the socket's place.
        await AsPostgresAsync($"rm {settings}; ln -s {precious} {data.Postgres}/data/gift");
        server = await EmbeddedPostgres.StartAsync(data, _ => { });
        await server.StopAsync();
        await AssertUntouchedAsync(precious);
        await AsPostgresAsync($"rmdir {data.Postgres}/socket; ln -s {_folder} {data.Postgres}/socket");
        var mode = File.GetUnixFileMode(_folder);
        Assert.Contains("is not a folder of user", (await Assert.ThrowsAsync<StartException>(() => EmbeddedPostgres.StartAsync(data, _ => { }))).Message,
            StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public async Task A_server_gets_nothing_of_the_processs_environment_that_it_does_not_need()
    {
        Environment.SetEnvironmentVariable("SECRET_OF_A_TEST", "hidden");
        try
        {
            var (status, output) = await SystemTool.RunAsync("/usr/bin/env", []);
            Assert.Equal(0, status);
            Assert.DoesNotContain("hidden", output, StringComparison.Ordinal);
            Assert.Equal(["DEBIAN_FRONTEND", "LC_ALL"],
                output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')[0]).Except(["PATH", "HOME", "TMPDIR", "TZ"]).Order());
        }
        finally
        {
            Environment.SetEnvironmentVariable("SECRET_OF_A_TEST", null);
        }
    }

    [Fact]
    public void What_a_process_keeps_in_its_folder_others_cannot_open()
    {
        var data = new DataFolder(_folder);
        using (data.Hold())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.In("lock")));
        }

        Assert.All(["administrator.key", "personal-data.key", "lock"],
            f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(grid.Host.Data.In(f))));
    }

    private static async Task AsPostgresAsync(string script) => Assert.Equal(0, (await SystemTool.RunAsync("/bin/sh", ["-c", script], "postgres")).Status);

    private static async Task AssertUntouchedAsync(string file)
    {
        Assert.Equal("root's own", await File.ReadAllTextAsync(file));
        var (_, owner) = await SystemTool.RunAsync("/usr/bin/stat", ["-c", "%U", file]);
        Assert.Equal("root", owner.Trim());
    }
}
