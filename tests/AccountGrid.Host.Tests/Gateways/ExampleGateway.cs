using System.Diagnostics;
using System.Text;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The example's gateway as a process of its own, ended by its id.</summary>
internal sealed class ExampleGateway : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ExampleGateway(Process process) => _process = process;

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

    /// <param name="example">Its name, without what all have.</param>
    public static ExampleGateway Start(string example, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(Example.ProgramOf(example)))
        {
            start.ArgumentList.Add(argument);
        }

        var gateway = new ExampleGateway(Process.Start(start)!);
        gateway._process.OutputDataReceived += (_, e) => gateway.Keep(e.Data);
        gateway._process.ErrorDataReceived += (_, e) => gateway.Keep(e.Data);
        gateway._process.BeginOutputReadLine();
        gateway._process.BeginErrorReadLine();
        return gateway;
    }

    /// <summary>Gives it lines, and waits until it says that it keeps them.</summary>
    public async Task FeedAsync(IReadOnlyList<string> lines)
    {
        await WriteAsync(lines);
        await SaysAsync($"kept {lines[^1]}");
    }

    public async Task WriteAsync(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            await _process.StandardInput.WriteLineAsync(line);
        }

        await _process.StandardInput.FlushAsync();
    }

    public Task<string> SaysAsync(string text) =>
        Eventually.GetAsync(() => Task.FromResult(Output), o => o.Contains(text, StringComparison.Ordinal), $"The gateway says '{text}'");

    /// <summary>Kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>No more lines, and SIGTERM when all is sent. Returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await SaysAsync("sent; ");
        return await StopAsync("TERM");
    }

    /// <summary>No more lines; it ends by itself. Returns the exit code.</summary>
    public Task<int> EndOfInputAsync()
    {
        _process.StandardInput.Close();
        return ExitAsync();
    }

    /// <summary>Returns the exit code.</summary>
    public async Task<int> StopAsync(string signal)
    {
        using var kill = Process.Start("kill", $"-{signal} {_process.Id}");
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    private async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
