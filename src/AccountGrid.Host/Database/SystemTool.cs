using System.Diagnostics;
using System.Text;

namespace AccountGrid.Host.Database;

/// <summary>Runs programs of the system to their end.</summary>
internal static class SystemTool
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(10);

    /// <summary>What a daemon that a tool leaves behind may keep open is not waited for longer.</summary>
    private static readonly TimeSpan OutputEndsWithin = TimeSpan.FromSeconds(2);

    /// <summary>
    /// What of this process's environment a program gets: the rest has connection strings, keys and passwords, and a server's environment can be read by its
    /// user.
    /// </summary>
    private static readonly string[] Passed = ["PATH", "HOME", "TMPDIR", "TZ"];

    /// <summary>What a package manager needs besides, to reach its sources.</summary>
    private static readonly string[] PassedToInstall = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

    /// <summary>
    /// Runs a program and returns its status and what it printed. Throws <see cref="StartException"/> if it cannot be started,
    /// <see cref="TimeoutException"/> after ten minutes.
    /// </summary>
    /// <param name="user">As whom; null is the user of this process.</param>
    public static async Task<(int Status, string Output)> RunAsync(string program, string[] arguments, string? user = null)
    {
        var process = Process.Start(StartOf(program, arguments, user)) ?? throw new StartException($"{program} could not be started.");
        var output = new StringBuilder();
        const TaskCreationOptions NotInItsReader = TaskCreationOptions.RunContinuationsAsynchronously;
        var (exited, printed, complained) =
            (new TaskCompletionSource(NotInItsReader), new TaskCompletionSource(NotInItsReader), new TaskCompletionSource(NotInItsReader));
        process.OutputDataReceived += (_, e) => Take(e.Data, printed);
        process.ErrorDataReceived += (_, e) => Take(e.Data, complained);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => exited.TrySetResult();
        if (!process.HasExited)
        {
            await exited.Task.WaitAsync(EndsWithin, TimeProvider.System);
        }

        var status = process.ExitCode;
        try
        {
            await Task.WhenAll(printed.Task, complained.Task).WaitAsync(OutputEndsWithin, TimeProvider.System);

            // Not before its output has ended: in .NET 10 a reader that begins its next read while the process is disposed waits for its own pipe for
            // good, spinning, and with it a thread of the pool, of which a small machine has two.
            process.Dispose();
        }
        catch (TimeoutException)
        {
            // Left to the collector, which only closes what nobody reads any more.
        }

        lock (output)
        {
            return (status, output.ToString());
        }

        void Take(string? line, TaskCompletionSource ended)
        {
            if (line is null)
            {
                ended.TrySetResult();
                return;
            }

            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }

    private static ProcessStartInfo StartOf(string program, string[] arguments, string? user)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var passed = program.EndsWith("/apt-get", StringComparison.Ordinal) ? [.. Passed, .. PassedToInstall] : Passed;
        foreach (var name in start.Environment.Keys.Where(n => !passed.Contains(n)).ToList())
        {
            start.Environment.Remove(name);
        }

        if (user is not null)
        {
            start.UserName = user;
            start.Environment["HOME"] = "/";
        }

        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        return start;
    }
}
