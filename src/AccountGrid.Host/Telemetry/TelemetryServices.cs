using AccountGrid.Host.Database;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AccountGrid.Host.Telemetry;

internal static class TelemetryServices
{
    /// <summary>Meters besides the grid's own: requests, Orleans, the database's pool, the runtime.</summary>
    private static readonly string[] OtherMeters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Orleans", "Npgsql", "System.Runtime"];

    /// <summary>Sources of spans: a request, the grain calls and the statements that it causes.</summary>
    private static readonly string[] Sources = ["Microsoft.AspNetCore", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application", "Npgsql"];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        services.AddSingleton(options).AddSingleton<PartitionPositions>()
            .AddSingleton<GridSampler>().AddHostedService(s => s.GetRequiredService<GridSampler>())
            .AddSingleton<GridGauges>().AddHostedService<MetricsListener>();
        if (options.OtlpEndpoint.Length == 0 && options.MetricsPort == 0)
        {
            return services;
        }

        void Otlp(OtlpExporterOptions o) => o.Endpoint = new Uri(options.OtlpEndpoint);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(r => r.AddService(options.ServiceName, serviceVersion: BuildInfo.Version))
            .WithMetrics(m =>
            {
                m.AddMeter([GridMetrics.Name, .. OtherMeters]);
                if (options.MetricsPort != 0)
                {
                    m.AddPrometheusExporter();
                }

                if (options.OtlpEndpoint.Length > 0)
                {
                    m.AddOtlpExporter(Otlp);
                }
            });
        if (options.OtlpEndpoint.Length > 0)
        {
            telemetry.WithTracing(t => t.AddSource(Sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TracedPercent / 100.0))).AddOtlpExporter(Otlp));
            services.AddLogging(l => l.AddOpenTelemetry(o => o.AddOtlpExporter(Otlp)));
        }

        return services;
    }
}
