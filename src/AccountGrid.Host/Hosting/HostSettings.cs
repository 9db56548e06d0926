using AccountGrid.Host.Billing;
using AccountGrid.Host.Database;
using AccountGrid.Host.Events;
using AccountGrid.Host.Figures;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Mqtt;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Prepayment;
using AccountGrid.Host.Security;
using AccountGrid.Host.Surveys;
using AccountGrid.Host.Telemetry;

namespace AccountGrid.Host.Hosting;

/// <summary>All settings of a process, read and checked before anything is made.</summary>
internal sealed record HostSettings(GridOptions Grid, LogOptions Log, SecurityOptions Security, NoticeOptions Notices,
    SurveyOptions Surveys, FigureOptions Figures, PaymentChannelOptions Channels,
    PrepaymentOptions Prepayment, BillOptions Billing, TelemetryOptions Telemetry, MqttOptions Mqtt, EventOptions Events,
    MeterFileOptions Files, GrpcOptions Grpc)
{
    /// <summary>Throws <see cref="StartException"/> with one line for the first setting that is wrong.</summary>
    public static HostSettings Read(IConfiguration configuration)
    {
        var settings = new HostSettings(
            Settings.Of<GridOptions>(configuration, "Grid"), Settings.Of<LogOptions>(configuration, "Log"),
            Settings.Of<SecurityOptions>(configuration, "Security"), Settings.Of<NoticeOptions>(configuration, "Notices"),
            Settings.Of<SurveyOptions>(configuration, "Surveys"), Settings.Of<FigureOptions>(configuration, "Figures"),
            Settings.Of<PaymentChannelOptions>(configuration, "Channels"), Settings.Of<PrepaymentOptions>(configuration, "Prepayment"),
            Settings.Of<BillOptions>(configuration, "Billing"), Settings.Of<TelemetryOptions>(configuration, "Telemetry"),
            Settings.Of<MqttOptions>(configuration, "Mqtt"), Settings.Of<EventOptions>(configuration, "Events"),
            Settings.Of<MeterFileOptions>(configuration, "Files"), Settings.Of<GrpcOptions>(configuration, "Grpc"));
        var notices = settings.Notices;
        var problem = notices.Webhook.Url.Length > 0 ? WebhookSignature.Problem(notices.Webhook.Secret) : null;
        problem ??= settings.Security.Oidc.Problem();
        problem ??= notices.Problem() ?? settings.Billing.Problem() ?? settings.Telemetry.Problem() ?? settings.Mqtt.Problem() ?? settings.Events.Problem()
            ?? settings.Files.Problem() ?? settings.Grpc.Problem() ?? EndpointProblem(configuration, settings.Grpc);
        return problem is { } wrong ? throw new StartException(wrong) : settings;
    }

    /// <summary>Kestrel's own endpoints take the place of all other addresses.</summary>
    private static string? EndpointProblem(IConfiguration configuration, GrpcOptions grpc) =>
        grpc.Port != 0 && configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()
            ? $"Grpc__Port: {grpc.Port} would not be opened, since Kestrel__Endpoints is set; give an endpoint with Protocols Http2 there."
            : null;
}
