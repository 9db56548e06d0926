using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The commands of docs/gateway.md, run as they stand there against a grid.</summary>
public sealed class GatewayPageTests
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
        var commands = PageCommands.Of("gateway.md", Path.Combine(grid.Data, "administrator.key"), grid.Url);

        var output = await PageCommands.RunAsync(
            folder.Path, $"{Shim.Replace("PROGRAM", Example.ProgramOf("Gateway"), StringComparison.Ordinal)}{commands}{End}");
        Assert.Contains("kept M1,2026-11-01T04:00:00+08:00,12000", output, StringComparison.Ordinal);
        Assert.Matches("rejected M1 .*: reading.value_out_of_range: ", output);
        Assert.Contains("sent; 1 wait to be sent later", output, StringComparison.Ordinal);
        Assert.Contains("\"amount\":\"-6.0", output, StringComparison.Ordinal);
        Assert.Contains("stopped; 1 are kept for the next start", output, StringComparison.Ordinal);
        Assert.Contains("relay M7 Off", output, StringComparison.Ordinal);
        Assert.Contains("stopped; 0 are kept for the next start", output, StringComparison.Ordinal);
    }
}
