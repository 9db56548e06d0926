using System.Diagnostics;
using System.Globalization;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Tests;

public sealed class SystemToolTests
{
    /// <summary>Whoever takes a process away before its output has ended leaves a reader that spins for good.</summary>
    [Fact]
    public async Task All_that_a_tool_prints_comes_back()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal((3, "good\nbad\n"), await SystemTool.RunAsync("/bin/sh", ["-c", "echo good; sleep 0.02; echo bad >&2; exit 3"]));
        }
    }

    [Fact]
    public async Task A_daemon_that_a_tool_leaves_behind_is_not_waited_for()
    {
        var (status, output) = await SystemTool.RunAsync("/bin/sh", ["-c", "sleep 300 & echo $!"]);
        Assert.Equal(0, status);
        using var daemon = Process.GetProcessById(int.Parse(output, CultureInfo.InvariantCulture));
        try
        {
            Assert.False(daemon.HasExited);
        }
        finally
        {
            daemon.Kill();
        }
    }
}
