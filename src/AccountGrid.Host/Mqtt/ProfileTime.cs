using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain;

namespace AccountGrid.Host.Mqtt;

/// <summary>Where a message has the time of its values, and how it is written.</summary>
/// <param name="At">Its place.</param>
/// <param name="Unit"><c>unix-ms</c>, <c>unix-s</c>, <c>rfc3339</c>, or a .NET format of local time such as <c>yyyyMMddHHmmss</c>.</param>
/// <param name="Zone">The zone of local time; null for the other units.</param>
internal sealed record ProfileTime(ProfilePointer At, string Unit, TimeZoneInfo? Zone)
{
    /// <summary>Reads a time as UTC ms. False with what is wrong, to follow the field's name.</summary>
    public bool TryRead(JsonElement value, out long ms, out string? problem)
    {
        ms = 0;
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };
        problem = Unit switch
        {
            "unix-ms" => TryWhole(text, 1, out ms) ? null : Wrong(text, "milliseconds since 1970 in UTC, such as 1793491200000"),
            "unix-s" => TryWhole(text, 1_000, out ms) ? null : Wrong(text, "seconds since 1970 in UTC, such as 1793491200"),
            "rfc3339" => TryRfc(text, out ms) ? null : Wrong(text, Rfc3339.Form),
            _ => Local(text, out ms),
        };
        return problem is null;
    }

    private string? Local(string text, out long ms)
    {
        ms = 0;
        if (!DateTime.TryParseExact(text, Unit, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return Wrong(text, $"a local time written as {Unit}");
        }

        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (Zone!.IsInvalidTime(local))
        {
            return $"'{text}' is skipped by the clocks of {Zone.Id}: send UTC, or local time that exists.";
        }

        // One of two hours is meant, and nobody knows which; a register of the next hour has its energy too.
        if (Zone.IsAmbiguousTime(local))
        {
            return $"'{text}' happens twice in {Zone.Id}, before and after its clocks go back: send UTC.";
        }

        ms = new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUnixTimeMilliseconds();
        return null;
    }

    private static bool TryRfc(string text, out long ms)
    {
        var isTime = Rfc3339.TryParse(text, out var instant);
        ms = instant.ToUnixTimeMilliseconds();
        return isTime;
    }

    private static bool TryWhole(string text, long factor, out long ms)
    {
        ms = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            || number * factor is var exact && (exact < 0 || exact > Ingest.ReadingChecks.MaxMs))
        {
            return false;
        }

        ms = (long)exact;
        return true;
    }

    private static string Wrong(string text, string right) => $"'{MessageText.Short(text)}' is not {right}.";
}
