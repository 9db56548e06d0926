using System.Diagnostics;
using System.Globalization;
using AccountGrid.Host.Database;
using AccountGrid.LoadTest.Faults;

namespace AccountGrid.LoadTest.Failover;

/// <summary>A program that runs as the database's user, with its output in a file. As root it is <c>postgres</c>, as anybody else that user.</summary>
internal sealed class DaemonProcess
{
    private const string User = "postgres";

    private readonly Process _process;

    private DaemonProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public static DaemonProcess Start(string log, string program, params string[] arguments)
    {
        // The shell gives its place to the program, so that the process is the program's own.
        string[] asUser = DataFolder.IsRoot ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups"] : [];
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = Path.GetDirectoryName(log)! };
        foreach (var argument in new[] { "-c", "exec \"$@\" >>\"$0\" 2>&1", log }.Concat(asUser).Append(program).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = Path.GetDirectoryName(log)!;
        start.Environment["LC_ALL"] = "C.UTF-8";
        return new DaemonProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started."));
    }

    /// <summary>Gives a file or a folder to the user that daemons run as.</summary>
    public static async Task OwnAsync(string path)
    {
        if (DataFolder.IsRoot && await SystemTool.RunAsync("/bin/chown", [User + ":", path]) is { Status: not 0 } failed)
        {
            throw new StartException($"{path} cannot be given to user {User}: {failed.Output.Trim()}");
        }
    }

    public static async Task SignalAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. processes.Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        await kill.WaitForExitAsync();
    }

    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("KILL", [.. StoppedTree.ChildrenOf(_process.Id), _process.Id]);
            await _process.WaitForExitAsync();
        }
    }
}
