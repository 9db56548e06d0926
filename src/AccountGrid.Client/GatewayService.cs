using Microsoft.Extensions.Hosting;

namespace AccountGrid.Client;

/// <summary>Sends while the host runs.</summary>
internal sealed class GatewayService(GatewayClient gateway) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => gateway.RunAsync(stoppingToken);
}
