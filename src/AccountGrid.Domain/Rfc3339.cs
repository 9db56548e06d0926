namespace AccountGrid.Domain;

/// <summary>
/// Instants as text: <c>yyyy-MM-ddTHH:mm:ss</c> with up to nine decimals of a second, and an offset, <c>Z</c> or <c>±HH:mm</c> (RFC 3339, a profile of ISO
/// 8601). Nothing else is read: a day first, a month first and a local time without offset look alike and mean different instants.
/// </summary>
public static class Rfc3339
{
    /// <summary>What is read, for messages to users.</summary>
    public const string Form = "RFC 3339 with an offset, such as 2026-11-01T00:00:00+08:00";

    private const int SecondsLength = 19;
    private const int DecimalsMax = 9;
    private const int TickDecimals = 7;
    private const int OffsetHoursMax = 14;

    /// <summary>False for anything that is not the documented form, or that no calendar has. Decimals beyond 100 ns are cut off.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length <= SecondsLength || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ') || text[13] != ':' || text[16] != ':'
            || !Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var rest = text[SecondsLength..];
        if (!TryDecimals(ref rest, out var ticks) || !TryOffset(rest, out var offset))
        {
            return false;
        }

        var utc = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified).Ticks + ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        instant = new DateTimeOffset(utc, TimeSpan.Zero).ToOffset(offset);
        return true;
    }

    private static bool TryDecimals(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.')
        {
            return true;
        }

        var count = 0;
        for (; count + 1 < rest.Length && char.IsAsciiDigit(rest[count + 1]); count++)
        {
            ticks = count < TickDecimals ? (ticks * 10) + (rest[count + 1] - '0') : ticks;
        }

        for (var i = count; i < TickDecimals; i++)
        {
            ticks *= 10;
        }

        rest = rest[(count + 1)..];
        return count is > 0 and <= DecimalsMax;
    }

    private static bool TryOffset(ReadOnlySpan<char> rest, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (rest is ['Z' or 'z'])
        {
            return true;
        }

        if (rest.Length != 6 || rest[0] is not ('+' or '-') || rest[3] != ':' || !Digits(rest[1..3], out var hours) || !Digits(rest[4..6], out var minutes)
            || minutes > 59 || (hours * 60) + minutes > OffsetHoursMax * 60)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
