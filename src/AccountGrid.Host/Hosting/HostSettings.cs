using AccountGrid.Host.Billing;
using AccountGrid.Host.Database;
using AccountGrid.Host.Figures;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Prepayment;
using AccountGrid.Host.Security;
using AccountGrid.Host.Surveys;

namespace AccountGrid.Host.Hosting;

/// <summary>All settings of a process, read and checked before anything is made.</summary>
internal sealed record HostSettings(GridOptions Grid, LogOptions Log, SecurityOptions Security, NoticeOptions Notices,
    SurveyOptions Surveys, FigureOptions Figures, PaymentChannelOptions Channels,
    PrepaymentOptions Prepayment, BillOptions Billing)
{
    /// <summary>Throws <see cref="StartException"/> with one line for the first setting that is wrong.</summary>
    public static HostSettings Read(IConfiguration configuration)
    {
        var settings = new HostSettings(
            Settings.Of<GridOptions>(configuration, "Grid"), Settings.Of<LogOptions>(configuration, "Log"),
            Settings.Of<SecurityOptions>(configuration, "Security"), Settings.Of<NoticeOptions>(configuration, "Notices"),
            Settings.Of<SurveyOptions>(configuration, "Surveys"), Settings.Of<FigureOptions>(configuration, "Figures"),
            Settings.Of<PaymentChannelOptions>(configuration, "Channels"), Settings.Of<PrepaymentOptions>(configuration, "Prepayment"),
            Settings.Of<BillOptions>(configuration, "Billing"));
        var notices = settings.Notices;
        var problem = notices.Webhook.Url.Length > 0 ? WebhookSignature.Problem(notices.Webhook.Secret) : null;
        return (problem ?? notices.Problem() ?? settings.Billing.Problem()) is { } wrong ? throw new StartException(wrong) : settings;
    }
}
