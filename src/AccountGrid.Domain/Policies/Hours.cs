using System.Globalization;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Policies;

/// <summary>Wall-clock hours of a local day in minutes, half-open; over midnight where the end comes first; equal ends are no time at all.</summary>
public readonly record struct Hours(int FromMinute, int ToMinute)
{
    private const int MinutesPerDay = 24 * 60;

    public bool Contains(int minute) => FromMinute <= ToMinute ? minute >= FromMinute && minute < ToMinute : minute >= FromMinute || minute < ToMinute;

    /// <summary>The first instant at which the hours that contain an instant are over. Where clocks change within them it is found by the wall clock.</summary>
    public long NextEnd(LocalCalendar calendar, long ms) => Next(calendar, ms, this, inside: false);

    /// <summary>The first instant from one on that lies in the hours; the instant itself where it does, or where there are none.</summary>
    public long NextBegin(LocalCalendar calendar, long ms) => FromMinute == ToMinute ? ms : Next(calendar, ms, this, inside: true);

    /// <summary>Reads <c>HH:mm</c> to <c>HH:mm</c>, <c>24:00</c> included; null for anything else.</summary>
    public static Hours? Of(HoursPolicy hours) =>
        Minute(hours.From) is { } from && Minute(hours.To) is { } to ? new Hours(from % MinutesPerDay, from == to ? from % MinutesPerDay : to) : null;

    private static long Next(LocalCalendar calendar, long ms, Hours hours, bool inside)
    {
        const long Minute = 60_000;
        if (hours.Contains(calendar.MinuteOf(ms)) == inside)
        {
            return ms;
        }

        // Wall clocks change at whole quarters of an hour: step by those, then find the minute.
        var at = ms - (ms % Minute);
        for (var i = 0; i < 2 * MinutesPerDay; i++)
        {
            at += Minute;
            if (hours.Contains(calendar.MinuteOf(at)) == inside)
            {
                return at;
            }
        }

        return ms;
    }

    private static int? Minute(string? text)
    {
        if (text == "24:00")
        {
            return MinutesPerDay;
        }

        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;
    }
}
