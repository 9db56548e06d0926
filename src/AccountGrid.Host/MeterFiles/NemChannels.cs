using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Which register of which meter a data stream of NEM12 or NEM13 is, and the market's time.</summary>
internal static class NemChannels
{
    /// <summary>Market time: Australian Eastern Standard Time without daylight saving (AEMO, Meter Data File Format, 3.2).</summary>
    private static readonly TimeSpan MarketTime = TimeSpan.FromHours(10);

    private static readonly Dictionary<string, RegisterKind> Usual = new()
    {
        ["E1"] = RegisterKind.Import,
        ["B1"] = RegisterKind.Export,
    };

    /// <summary>The register of a stream.</summary>
    /// <param name="nmi">National Metering Identifier.</param>
    /// <param name="suffix">NMI suffix, such as E1 (energy that the customer takes), B1 (that the customer delivers) or Q1 (reactive).</param>
    /// <param name="skip">Why it is not read; null where it is.</param>
    /// <param name="right">What would be right of the suffix, where it is not known which register is meant.</param>
    public static (string Meter, RegisterKind Register)? Find(string nmi, string suffix, MeterFileMapping mapping, out string? skip, out string? right)
    {
        (skip, right) = (null, null);
        var named = mapping.Meters.TryGetValue($"{nmi}/{suffix}", out var own);
        var meter = own ?? mapping.MeterOf(nmi);
        if (mapping.Channels.TryGetValue(suffix, out var obis))
        {
            skip = obis == "skip" ? $"channel {suffix}, by the mapping" : null;
            return Obis.TryParse(obis, out var register) == ObisProblem.None ? (meter, register) : null;
        }

        if (Usual.TryGetValue(suffix, out var usual))
        {
            return (meter, usual);
        }

        if (suffix.Length > 0 && suffix[0] is not ('E' or 'B') && !char.IsAsciiDigit(suffix[0]))
        {
            skip = $"channel {suffix}: no active energy";
            return null;
        }

        if (named)
        {
            return (meter, suffix.StartsWith('B') ? RegisterKind.Export : RegisterKind.Import);
        }

        right = $"E1 or B1, or one that the mapping names: its register or skip in channels, or a meter of its own as {nmi}/{suffix} in meters";
        return null;
    }

    /// <summary>UTC ms of a market time.</summary>
    /// <param name="zone">The mapping's; null is market time.</param>
    public static long Ms(DateTime local, LocalCalendar? zone) =>
        (local.Ticks - DateTime.UnixEpoch.Ticks - (zone is null ? MarketTime : zone.Zone.BaseUtcOffset).Ticks) / TimeSpan.TicksPerMillisecond;
}
