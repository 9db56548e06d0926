using System.Net;
using AccountGrid.Host.Database;
using OpenTelemetry.Metrics;

namespace AccountGrid.Host.Telemetry;

/// <summary>Answers <c>/metrics</c> on a port of its own, so that what is fetched there passes neither the API's limits nor its keys.</summary>
/// <param name="gauges">Made with the process, though nobody calls them.</param>
/// <param name="services">Has the exporter where the port is set.</param>
#pragma warning disable CS9113 // The gauges are held here: they are asked by the metrics' listener alone.
internal sealed class MetricsListener(TelemetryOptions options, GridGauges gauges, IServiceProvider services) : IHostedService
#pragma warning restore CS9113
{
    private WebApplication? _app;

    /// <summary>Address of the endpoint; null where there is none.</summary>
    public string? Url => _app?.Urls.First();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.MetricsPort == 0)
        {
            return;
        }

        // Without the configuration of the process, whose endpoints are those of the API.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxConcurrentConnections = 100;
            k.Listen(new IPEndPoint(IPAddress.Parse(options.MetricsAddress), options.MetricsPort));
        });
        _app = builder.Build();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(services.GetRequiredService<MeterProvider>(), null, "/metrics", null, null);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new StartException(
                $"Telemetry__MetricsPort: port {options.MetricsPort} of {options.MetricsAddress} cannot be opened "
                    + $"({e.GetBaseException().Message}); choose another.");
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            await _app.StopAsync(cancellationToken);
            await _app.DisposeAsync();
        }
    }
}
