using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Times of a file as instants. No zone and no half of a doubled hour is ever assumed.</summary>
/// <param name="formats">.NET formats, or <c>rfc3339</c>, <c>unix-s</c>, <c>unix-ms</c>; the first that fits counts.</param>
/// <param name="zone">Zone of local times; null where there are none.</param>
/// <param name="repeatedHour">See <see cref="MeterFileMapping.RepeatedHour"/>.</param>
internal sealed class FileTimes(IReadOnlyList<string> formats, TimeZoneInfo? zone, string repeatedHour)
{
    /// <summary>Midnight as the end of its day.</summary>
    private const string DayEnd = "24:00";

    /// <summary>Reads a time. Null where it is right; else what would be right, so that "is not" can stand before it.</summary>
    public string? TryRead(string text, out FileTime time)
    {
        foreach (var format in formats)
        {
            if (format is "rfc3339" or "unix-s" or "unix-ms")
            {
                if (TryInstant(text, format, out var ms))
                {
                    time = new FileTime(ms, ms);
                    return null;
                }
            }
            else if (TryLocal(text, format, out var local))
            {
                return TryLocal(local, out time);
            }
        }

        time = default;
        return $"a time written as {string.Join(" or ", formats.Select(f => f == "rfc3339" ? Rfc3339.Form : f))}";
    }

    /// <summary>Reads a day by one of the formats.</summary>
    public bool TryDay(string text, out DateTime day)
    {
        day = default;
        return formats.Any(f => DateTime.TryParseExact(text, f, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            && DateTime.TryParseExact(text, [.. formats], CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    /// <summary>What would be right where the order of rows does not tell which of two instants is meant.</summary>
    public string RightInOrder =>
        $"one of two, as inOrder needs it: each time that happens twice in {zone!.Id} exactly twice, and the meter's rows rising. None of that hour is taken";

    private string? TryLocal(DateTime local, out FileTime time)
    {
        time = default;
        var known = zone!;
        if (known.IsInvalidTime(local))
        {
            return $"a time that exists in {known.Id}, whose clocks skip it";
        }

        if (!known.IsAmbiguousTime(local))
        {
            var ms = Ms(local, known.GetUtcOffset(local));
            time = new FileTime(ms, ms);
            return null;
        }

        var offsets = known.GetAmbiguousTimeOffsets(local);
        time = new FileTime(Ms(local, offsets.Max()), Ms(local, offsets.Min()));
        return repeatedHour == "inOrder" ? null
            : $"a time that is known: it happens twice in {known.Id}; send UTC, or say in the mapping's repeatedHour which is meant";
    }

    private static bool TryLocal(string text, string format, out DateTime local)
    {
        if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out local))
        {
            local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
            return true;
        }

        var at = text.IndexOf(DayEnd, StringComparison.Ordinal);
        if (at < 0 || !format.Contains("HH", StringComparison.Ordinal)
            || !DateTime.TryParseExact($"{text[..at]}00:00{text[(at + DayEnd.Length)..]}", format, CultureInfo.InvariantCulture, DateTimeStyles.None, out local)
            || local.TimeOfDay != TimeSpan.Zero || local.Date == DateTime.MaxValue.Date)
        {
            return false;
        }

        local = DateTime.SpecifyKind(local.AddDays(1), DateTimeKind.Unspecified);
        return true;
    }

    private static bool TryInstant(string text, string format, out long ms)
    {
        if (format == "rfc3339")
        {
            var isTime = Rfc3339.TryParse(text, out var instant);
            ms = instant.ToUnixTimeMilliseconds();
            return isTime;
        }

        var factor = format == "unix-s" ? 1_000L : 1L;
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ms) && ms <= ReadingChecks.MaxMs / factor;
        ms *= isNumber ? factor : 0;
        return isNumber;
    }

    private static long Ms(DateTime local, TimeSpan offset) => (local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond;
}
