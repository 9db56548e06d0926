using System.Net;
using System.Net.Sockets;

namespace AccountGrid.Host.Tests.Telemetry;

/// <summary>
/// A grid that cannot open its metrics' port. Apart from those that can: grids of one process share their gauges, and this one's end with it.
/// </summary>
public sealed class MetricsPortTests
{
    [Fact]
    public async Task A_port_that_is_taken_is_named_by_its_setting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var grid = new GridFixture { More = [$"--Telemetry:MetricsPort={port}"] };
        var refused = await Assert.ThrowsAsync<Host.Database.StartException>(async () => await grid.InitializeAsync());
        Assert.StartsWith($"Telemetry__MetricsPort: port {port} of 127.0.0.1 cannot be opened", refused.Message, StringComparison.Ordinal);
    }
}
