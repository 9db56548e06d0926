using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Telemetry;

/// <summary>Metrics, traces and logs for a collector, and metrics to be fetched; section <c>Telemetry</c> of the configuration.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Address of an OpenTelemetry collector, such as http://127.0.0.1:4317, to which metrics, traces and logs are sent by OTLP over gRPC. Empty sends nothing.
    /// </summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Port on which Prometheus fetches <c>/metrics</c>. 0 opens none.</summary>
    [Range(0, 65_535)]
    public int MetricsPort { get; set; }

    /// <summary>Address on which that port listens. What it answers names no customer, and asks for no key.</summary>
    [ShownSetting]
    public string MetricsAddress { get; set; } = "127.0.0.1";

    /// <summary>Name of the service in metrics, traces and logs.</summary>
    [ShownSetting]
    public string ServiceName { get; set; } = "accountgrid";

    /// <summary>Share of requests that begin a trace of their own, percent. A request that belongs to a trace is traced if its caller does.</summary>
    [Range(0, 100)]
    public int TracedPercent { get; set; } = 1;

    /// <summary>
    /// How long a gateway that has pushed within <see cref="GatewaySilentDays"/> may push nothing while others push before it counts as silent, minutes: longer
    /// than the interval at which gateways push. A gateway's last push is known to ten minutes.
    /// </summary>
    [Range(20, 43_200)]
    public int GatewaySilentMinutes { get; set; } = 60;

    /// <summary>After so long a gateway that pushes nothing is taken to be gone, and is not counted as silent any more, days.</summary>
    [Range(1, 3_660)]
    public int GatewaySilentDays { get; set; } = 7;

    /// <summary>What is wrong with the settings; null is nothing.</summary>
    internal string? Problem() =>
        OtlpEndpoint.Length > 0 && (!Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            ? $"Telemetry__OtlpEndpoint: '{OtlpEndpoint}' is not an address such as http://127.0.0.1:4317."
            : OtlpEndpoint.Length > 0 && new Uri(OtlpEndpoint) is { Scheme: "http", IsLoopback: false }
                ? $"Telemetry__OtlpEndpoint: '{OtlpEndpoint}' leaves the machine unencrypted; log lines name accounts and people: use "
                    + "https, or a collector here."
            : !System.Net.IPAddress.TryParse(MetricsAddress, out _)
                ? $"Telemetry__MetricsAddress: '{MetricsAddress}' is not an IP address such as 127.0.0.1."
                : ServiceName.Trim().Length == 0
                    ? "Telemetry__ServiceName: it is empty; a name such as accountgrid is needed."
                    : null;
}
