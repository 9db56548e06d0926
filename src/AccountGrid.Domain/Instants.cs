using System.Globalization;

namespace AccountGrid.Domain;

/// <summary>
/// Instants are UTC milliseconds since 1970 in the log and in state (<c>…Ms</c>), and days are <see cref="DateOnly.DayNumber"/>
/// (days since 0001-01-01) in the zone of a tariff. This holds the few conversions.
/// </summary>
public static class Instants
{
    public const long MsPerMinute = 60_000;
    public const long MsPerHour = 3_600_000;
    public const long MsPerDay = 24 * MsPerHour;

    public static DateTimeOffset ToInstant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    /// <summary>RFC 3339 in UTC, with milliseconds only where there are any.</summary>
    public static string ToText(long ms) =>
        ToInstant(ms).ToString(ms % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string DayToText(int dayNumber) => DateOnly.FromDayNumber(dayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
