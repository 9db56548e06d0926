using AccountGrid.Host.Database;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Database;

/// <summary>A standby of a server, made by the server's own tools, in a folder of its own.</summary>
internal sealed class Standby(string folder) : IAsyncDisposable
{
    private static readonly string? User = DataFolder.IsRoot ? "postgres" : null;

    /// <summary>Folder of its socket.</summary>
    public string Socket => folder;

    public static async Task<Standby> StartAsync(TestPostgres server, string name)
    {
        var (_, socket) = server.Places;
        var folder = Directory.CreateTempSubdirectory("ag-standby-").FullName;
        if (User is not null)
        {
            await SystemTool.RunAsync("/bin/chown", [User, folder]);
        }

        await RunAsync("pg_basebackup", "-d", $"host={socket} user=postgres application_name={name}", "-R", "-c", "fast", "-D",
            Path.Combine(folder, "data"));
        var standby = new Standby(folder);
        await standby.StartAgainAsync();
        return standby;
    }

    public Task StartAgainAsync() => RunAsync("pg_ctl", "start", "-w", "-D", Path.Combine(folder, "data"), "-l", Path.Combine(folder, "log"), "-o",
        $"-c unix_socket_directories={folder}");

    /// <summary>Makes it the primary.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl", "promote", "-w", "-D", Path.Combine(folder, "data"));

    public async Task StopAsync()
    {
        if (File.Exists(Path.Combine(folder, "data", "postmaster.pid")))
        {
            await RunAsync("pg_ctl", "stop", "-w", "-m", "fast", "-D", Path.Combine(folder, "data"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task RunAsync(string tool, params string[] arguments)
    {
        var (status, output) = await SystemTool.RunAsync(Path.Combine(EmbeddedPostgres.FindBinaries()!, tool), arguments, User);
        Assert.True(status == 0, $"{tool}: {output}");
    }
}
