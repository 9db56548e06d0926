using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The commands of docs/web-api.md, run as they stand there against a grid.</summary>
public sealed class WebApiPageTests
{
    [Fact]
    public async Task The_first_hour_goes_as_the_page_says()
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await TestPostgres.StartAsync();
        await using var grid = await GridProcess.StartAsync(folder.Of("grid"), await postgres.CreateDatabaseAsync(), null, ("Grid__Partitions", "4"));
        var commands = PageCommands.Of("web-api.md", Path.Combine(grid.Data, "administrator.key"), grid.Url);
        var output = await PageCommands.RunAsync(folder.Path, "set -e\n" + commands);
        Assert.DoesNotContain("\"code\":\"key.", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split("\"amount\":\"10.000000000\",\"currency\":\"CNY\",\"balance\":\"10.000000000\"").Length - 1);
        Assert.Contains("amuont: there is no such member; did you mean amount?", output, StringComparison.Ordinal);
        Assert.Contains("\"amount\":\"12.500000000\"", output, StringComparison.Ordinal);
        Assert.Contains("\"unknown\":[\"W2\"]", output, StringComparison.Ordinal);
        Assert.Contains("event: balance", output, StringComparison.Ordinal);
        Assert.Contains("\"hasMore\":true", output, StringComparison.Ordinal);
        Assert.Contains("accountgrid.payment.taken.v1", output, StringComparison.Ordinal);
        Assert.Contains("{\"language\":\"zh-CN\"", output, StringComparison.Ordinal);
        Assert.EndsWith("\"code\":\"request.changed_since\"", output[..output.LastIndexOf(",\"traceId\"", StringComparison.Ordinal)], StringComparison.Ordinal);
    }
}
