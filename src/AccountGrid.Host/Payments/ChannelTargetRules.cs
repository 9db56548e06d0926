using System.Globalization;
using AccountGrid.Domain.Figures;

namespace AccountGrid.Host.Payments;

/// <summary>What makes a channel's owner, watch and targets usable: functions of their arguments alone.</summary>
internal static class ChannelTargetRules
{
    private const int SilenceMinutesMax = 1_440;
    private const int ProbeMinutesMax = 60;
    private const int ProbeSecondsMax = 30;
    private const int OwnerMax = 128;
    private const int UrlMax = 500;
    private const decimal SecondsMax = 10_000_000;
    private const decimal WorkingDaysMax = 60;

    /// <summary>The first thing that is wrong; null where all can be used.</summary>
    /// <param name="allowHttp">Whether a probe may go without TLS.</param>
    public static Refusal? Check(PaymentChannelDefinition d, bool allowHttp) =>
        Need(d.Owner is null || (d.Owner.Length is > 0 and <= OwnerMax && !d.Owner.Any(char.IsControl)), "owner", d.Owner,
            $"a person's name as cases have it, 1 to {OwnerMax} characters")
        ?? CheckWatch(d.Watch, allowHttp)
        ?? d.Targets?.Select(t => CheckTarget(d, t.Key, t.Value)).FirstOrDefault(r => r is not null);

    /// <summary>Local minute of the day, 0 to 1440; null for what is no such time.</summary>
    public static int? MinuteOf(string time) => time == "00:00" ? 0 : PaymentChannelRules.CutOffMinute(time);

    private static Refusal? CheckWatch(ChannelWatch? w, bool allowHttp) => w is null ? null
        : Need(w.SilenceMinutes is >= 1 and <= SilenceMinutesMax, "watch.silenceMinutes", w.SilenceMinutes, $"1 to {SilenceMinutesMax}")
        ?? Need(MinuteOf(w.From) is < 1_440, "watch.from", w.From, "a time from 00:00 to 23:59, HH:mm")
        ?? Need(MinuteOf(w.To) > MinuteOf(w.From), "watch.to", w.To, $"a time behind from, {w.From}, HH:mm")
        ?? (w.Probe is { } probe ? CheckProbe(probe, allowHttp) : null);

    private static Refusal? CheckProbe(ChannelProbe p, bool allowHttp) =>
        Need(IsAddress(p.Url, allowHttp), "watch.probe.url", p.Url, "an address with https and without a name or password")
        ?? Need(p.EveryMinutes is >= 1 and <= ProbeMinutesMax, "watch.probe.everyMinutes", p.EveryMinutes, $"1 to {ProbeMinutesMax}")
        ?? Need(p.TimeoutSeconds is >= 1 and <= ProbeSecondsMax, "watch.probe.timeoutSeconds", p.TimeoutSeconds, $"1 to {ProbeSecondsMax}");

    private static bool IsAddress(string url, bool allowHttp) => url.Length <= UrlMax && Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0 && (uri.Scheme == Uri.UriSchemeHttps || (allowHttp && uri.Scheme == Uri.UriSchemeHttp));

    private static Refusal? CheckTarget(PaymentChannelDefinition d, string name, decimal value)
    {
        if (ChannelMeasures.Find(name) is not { } measure)
        {
            return Wrong("targets", name, $"one of {string.Join(", ", Enum.GetValues<ChannelMeasure>().Select(m => m.Code()))}");
        }

        var (least, most) = measure.Unit() switch
        {
            "share" => (0m, 1m),
            "seconds" => (0m, SecondsMax),
            "workingDays" => (0m, WorkingDaysMax),
            _ => (0m, (decimal)ChannelMeasures.PerTenThousand),
        };
        return Need(value >= least && value <= most, $"targets.{name}", value, string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"))
            ?? Need(measure != ChannelMeasure.Availability || d.Watch is not null, $"targets.{name}", value, "possible without watch, which measures it")
            ?? Need(measure is not (ChannelMeasure.SettlementDelay or ChannelMeasure.Unmatched) || d.Settlement is not null, $"targets.{name}", value,
                "possible without settlement, which says how files are read");
    }

    private static Refusal? Need(bool isRight, string field, object? value, string right) => isRight ? null : Wrong(field, value, right);

    private static Refusal Wrong(string field, object? value, string right) =>
        new(PaymentChannelRefusals.Invalid, string.Create(CultureInfo.InvariantCulture, $"{field}: '{value}' is not {right}."));
}
