using System.Diagnostics;
using System.Text.RegularExpressions;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The commands of docs/gateway.md, run as they stand there against a grid.</summary>
public sealed partial class GatewayPageTests
{
    /// <summary>
    /// The example is built already, and runs on until a person stops it: here beside the other commands, from when it says that it has sent what it was given
    /// until it is started again.
    /// </summary>
    private const string Shim = """
        set -e
        shopt -s lastpipe
        running=
        trap '[ -z "$running" ] || kill -KILL $running' EXIT
        until_true() { for i in $(seq 600); do if "$@"; then return; fi; sleep 0.1; done; echo "not true: $*"; cat run.txt; exit 1; }
        stop() { if [ -n "$running" ]; then kill -TERM $running; wait $running; running=; cat run.txt; fi; }
        dotnet() {
          shift 6
          exec 3<&0
          stop
          command dotnet 'PROGRAM' "$@" <&3 3<&- > run.txt 2>&1 &
          running=$!
          exec 3<&-
          until_true grep -q '^sent;' run.txt
        }

        """;

    /// <summary>What the page says in words.</summary>
    private const string End = """
        taken() { curl -s -H "Authorization: Bearer $K" $U/v1/meters/M7 | grep '"registerWh":5,'; }
        until_true taken
        curl -s -X PUT -H "Authorization: Bearer $K" -H 'Content-Type: application/json' $U/v1/meters/M7/relay-test -d '{"action":"off"}'
        until_true grep -q '^relay M7 Off' run.txt
        stop
        """;

    [Fact]
    public async Task The_first_hour_goes_as_the_page_says()
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await TestPostgres.StartAsync();
        await using var grid = await GridProcess.StartAsync(folder.Of("grid"), await postgres.CreateDatabaseAsync(), null, ("Grid__Partitions", "4"));
        var page = await File.ReadAllTextAsync(Path.Combine(Example.Root, "docs", "gateway.md"));
        var commands = string.Concat(Block().Matches(page).Select(m => m.Groups[1].Value));
        var key = Path.Combine(grid.Data, "administrator.key");
        commands = Replace(Replace(commands, "/var/lib/accountgrid/administrator.key", key), "http://127.0.0.1:5080", grid.Url);

        var output = await RunAsync(folder.Path, $"{Shim.Replace("PROGRAM", Example.ProgramOf("Gateway"), StringComparison.Ordinal)}{commands}{End}");
        Assert.Contains("kept M1,2026-11-01T04:00:00+08:00,12000", output, StringComparison.Ordinal);
        Assert.Matches("rejected M1 .*: reading.value_out_of_range: ", output);
        Assert.Contains("sent; 1 wait to be sent later", output, StringComparison.Ordinal);
        Assert.Contains("\"amount\":\"-6.0", output, StringComparison.Ordinal);
        Assert.Contains("stopped; 1 are kept for the next start", output, StringComparison.Ordinal);
        Assert.Contains("relay M7 Off", output, StringComparison.Ordinal);
        Assert.Contains("stopped; 0 are kept for the next start", output, StringComparison.Ordinal);
    }

    private static string Replace(string text, string what, string with)
    {
        Assert.Contains(what, text, StringComparison.Ordinal);
        return text.Replace(what, with, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string folder, string script)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec 2>&1\n{script}");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    [GeneratedRegex("^```sh\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
