using System.Collections.Frozen;
using AccountGrid.Faults;

namespace AccountGrid.Domain.Rating;

/// <summary>
/// Local days of an IANA zone as half-open ranges of UTC milliseconds. A day is 23 or 25 hours long where clocks change; a
/// midnight that does not exist begins at the first instant that does.
/// </summary>
public sealed class LocalCalendar(TimeZoneInfo zone)
{
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>Names in the system's zone folder that are no zone: the machine's own, and copies with other rules for leap seconds.</summary>
    private static readonly string[] NoZones = ["localtime", "posixrules", "Factory"];

    private static readonly Lazy<FrozenDictionary<string, string>> Spellings = new(() =>
        TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(IsName).ToFrozenDictionary(id => id, StringComparer.OrdinalIgnoreCase));

    /// <summary>
    /// The calendar of an IANA zone, spelt as the zone database spells it. Null for anything else: whether the system finds another spelling depends on its
    /// file system and on what it was asked before.
    /// </summary>
    public static LocalCalendar? Find(string zoneId) =>
        IsName(zoneId) && TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone) && zone.Id == zoneId && (SpellingOf(zoneId) ?? zoneId) == zoneId
            ? new LocalCalendar(Sabotage.IgnoreZone ? TimeZoneInfo.Utc : zone)
            : null;

    /// <summary>How the zone database spells a zone; null where it is not known in any spelling.</summary>
    public static string? SpellingOf(string zoneId) => Spellings.Value.GetValueOrDefault(zoneId);

    private static bool IsName(string id) =>
        id.Split('/') is var parts && parts[0] is not ("posix" or "right") && !NoZones.Contains(id)
            && parts.All(p => p.Length > 0 && p.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+'));

    /// <summary>The local day that contains the instant.</summary>
    public int DayOf(long ms)
    {
        var utc = Instants.ToInstant(ms);
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(utc, Zone).DateTime).DayNumber;
    }

    /// <summary>The local day that an interval ending at the instant ends in: an instant of midnight belongs to the day before.</summary>
    public int DayOfIntervalEnd(long ms) => DayOf(ms - 1);

    /// <summary>First instant of a local day.</summary>
    public long StartOf(int day)
    {
        var local = DateOnly.FromDayNumber(day).ToDateTime(TimeOnly.MinValue);
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUnixTimeMilliseconds();
    }

    /// <summary>The instant at which clocks show a minute of a day; on a day on which clocks change, that of the clock behind the change.</summary>
    /// <param name="minute">0 to 1440, the end of the day.</param>
    public long At(int day, int minute)
    {
        const long MsPerMinute = 60_000;
        var next = StartOf(day + 1);
        if (minute >= 24 * 60)
        {
            return next;
        }

        var at = StartOf(day) + (minute * MsPerMinute);
        return Math.Min(next, at + ((minute - MinuteOf(at)) * MsPerMinute));
    }

    /// <summary>Wall-clock minute of the day at an instant, 0 to 1439.</summary>
    public int MinuteOf(long ms)
    {
        var local = TimeZoneInfo.ConvertTime(Instants.ToInstant(ms), Zone);
        return (local.Hour * 60) + local.Minute;
    }
}
