using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AccountGrid.Host.Client;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.Testing;

/// <summary>A real process of the grid, as a user starts it. Ended by its id whatever the test's outcome.</summary>
public sealed class GridProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, string> _environment;

    private GridProcess(Process process, string url, string data, Dictionary<string, string> environment)
    {
        _process = process;
        _environment = environment;
        Url = url;
        Data = data;
    }

    public string Url { get; }

    public string Data { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public string AdministratorKey => File.ReadAllText(Path.Combine(Data, "administrator.key")).Trim();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The program of this build.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "accountgrid.dll");

    /// <summary>Starts a process and waits until it is ready.</summary>
    /// <param name="url">Where to listen; a free port if null. A restarted process takes its predecessor's.</param>
    public static Task<GridProcess> StartAsync(string data, string? connectionString = null, string? url = null,
        params (string Name, string Value)[] settings) => StartOfAsync(Program, data, connectionString, url, settings);

    /// <summary>The same of another build.</summary>
    /// <param name="program">Its <c>accountgrid.dll</c>.</param>
    public static async Task<GridProcess> StartOfAsync(string program, string data, string? connectionString, string? url,
        params (string Name, string Value)[] settings)
    {
        url ??= $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { program, "serve", "--data", data, "--urls", url })
        {
            start.ArgumentList.Add(argument);
        }

        var environment = new Dictionary<string, string>();
        if (connectionString is not null)
        {
            environment["ConnectionStrings__AccountGrid"] = connectionString;
        }

        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var grid = new GridProcess(Process.Start(start)!, url, data, environment);
        grid._process.OutputDataReceived += (_, e) => grid.Keep(e.Data);
        grid._process.ErrorDataReceived += (_, e) => grid.Keep(e.Data);
        grid._process.BeginOutputReadLine();
        grid._process.BeginErrorReadLine();
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            await Eventually.GetAsync(() => grid.IsReadyAsync(http), ready => ready, "The process is ready");
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw new InvalidOperationException($"The grid did not start:\n{grid.Output}");
        }
    }

    /// <summary>Runs a verb of the program to its end; returns its exit code and what it printed.</summary>
    public static Task<(int Status, string Output)> RunAsync(string? connectionString, params string[] arguments) => ChildProcess.RunAsync(
        Program, arguments,
        connectionString is null ? new Dictionary<string, string>() : new() { ["ConnectionStrings__AccountGrid"] = connectionString });

    /// <summary>Audits the grid with this process's settings, as an operator of its machine does; returns the exit code and what was printed.</summary>
    public Task<(int Status, string Output)> AuditAsync() => ChildProcess.RunAsync(Program, ["audit", "--data", Data, "--url", Url], _environment);

    public GridClient Client() => new(Url, AdministratorKey);

    /// <summary>Kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for the end. Returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", $"-TERM {_process.Id}");
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        // The end of its output as well: see SystemTool.
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"The process ended with status {_process.ExitCode}.");
        }

        try
        {
            using var response = await http.GetAsync(Url + "/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
