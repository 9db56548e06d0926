using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace AccountGrid.Testing;

/// <summary>A real broker, Debian's mosquitto, on loopback with a folder of its own. It writes what it holds after every change,
/// deliveries that wait for an acknowledgement only when it is told to. Ended by its id.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    public const string Program = "/usr/sbin/mosquitto";

    private readonly string[] _settings;
    private Process? _process;

    private Mosquitto(string folder, int port, string[] settings) => (Folder, Port, _settings) = (folder, port, settings);

    public string Folder { get; }

    public int Port { get; }

    /// <param name="settings">
    /// Further lines of its configuration, about its one listener at <see cref="Port"/>. Everybody may come in unless they say otherwise.
    /// </param>
    public static async Task<Mosquitto> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("ag-mq-").FullName;
        var broker = new Mosquitto(folder, GridProcess.FreePort(), settings);
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        string[] own =
        [
            $"listener {Port} 127.0.0.1", "user root", "persistence true", $"persistence_location {Folder}/", "autosave_interval 1", "autosave_on_changes true",
            "max_queued_messages 0", "max_inflight_messages 0", "log_dest none", "set_tcp_nodelay true",
        ];
        var all = own.Concat(_settings.Any(s => s.StartsWith("allow_anonymous", StringComparison.Ordinal)) ? [] : ["allow_anonymous true"])
            .Concat(_settings);
        var file = Path.Combine(Folder, "mosquitto.conf");
        await File.WriteAllLinesAsync(file, all);
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.GetAsync(ListensAsync, listens => listens, "The broker listens");
    }

    /// <summary>Has it write all it holds, so that it has it after a kill.</summary>
    /// <param name="message">The last message that it must have written.</param>
    public async Task SaveAsync(string message)
    {
        using var save = Process.Start("kill", $"-USR1 {_process!.Id}");
        await save.WaitForExitAsync();
        var (file, bytes) = (Path.Combine(Folder, "mosquitto.db"), Encoding.UTF8.GetBytes(message));
        await Eventually.GetAsync(async () => File.Exists(file) && (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(bytes) >= 0, saved => saved,
            $"'{message}' in {file}");
    }

    /// <summary>Kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"mosquitto ended with status {_process.ExitCode}.");
        }

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
