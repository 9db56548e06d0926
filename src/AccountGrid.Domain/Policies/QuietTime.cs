using System.Globalization;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Policies;

/// <summary>Quiet hours in a zone, as a message carries them: <c>1260-480 Asia/Shanghai</c>.</summary>
public sealed record QuietTime(Hours Hours, string Zone)
{
    /// <summary>The first instant from one on at which the message may be handed over.</summary>
    public long After(long ms) => LocalCalendar.Find(Zone) is { } calendar && Hours.Contains(calendar.MinuteOf(ms)) ? Hours.NextEnd(calendar, ms) : ms;

    /// <summary>Null for text that is no quiet time.</summary>
    public static QuietTime? Parse(string? text)
    {
        var parts = text?.Split(' ', '-') ?? [];
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            ? new QuietTime(new Hours(from, to), parts[2])
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Hours.FromMinute}-{Hours.ToMinute} {Zone}");
}
