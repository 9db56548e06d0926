using AccountGrid.Faults;

namespace AccountGrid.Domain.Rating;

/// <summary>
/// Local days of an IANA zone as half-open ranges of UTC milliseconds. A day is 23 or 25 hours long where clocks change; a
/// midnight that does not exist begins at the first instant that does.
/// </summary>
public sealed class LocalCalendar(TimeZoneInfo zone)
{
    public TimeZoneInfo Zone { get; } = zone;

    public static LocalCalendar? Find(string zoneId) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone) ? new LocalCalendar(Sabotage.IgnoreZone ? TimeZoneInfo.Utc : zone) : null;

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

    /// <summary>Wall-clock minute of the day at an instant, 0 to 1439.</summary>
    public int MinuteOf(long ms)
    {
        var local = TimeZoneInfo.ConvertTime(Instants.ToInstant(ms), Zone);
        return (local.Hour * 60) + local.Minute;
    }
}
