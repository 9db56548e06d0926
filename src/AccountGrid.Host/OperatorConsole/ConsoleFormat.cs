using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>How the console writes amounts, energy and times: everywhere the same.</summary>
internal static class ConsoleFormat
{
    /// <summary>In the digits of the currency, with it: <c>-12.35 CNY</c>. The exact amount stands beside it as the element's title.</summary>
    public static string Money(string amount, string currency)
    {
        var digits = Currencies.DigitsOf(currency) ?? 2;
        return decimal.TryParse(amount, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? $"{decimal.Round(value, digits, MidpointRounding.AwayFromZero).ToString($"N{digits}", CultureInfo.InvariantCulture)} {currency}"
            : $"{amount} {currency}";
    }

    /// <summary>Of a case, which is in the currency of its account: two digits.</summary>
    public static string Amount(string amount) =>
        decimal.TryParse(amount, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value.ToString("N2", CultureInfo.InvariantCulture)
            : amount;

    /// <summary>A share of 1, or that it is not known.</summary>
    public static string Percent(double? share) => share is { } s ? (s * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–";

    /// <summary>A measure in its unit; a share as percent.</summary>
    public static string Measure(double? value, string unit) => value is not { } v ? "–"
        : unit == "share" ? Percent(v)
        : v.ToString("#,0.##", CultureInfo.InvariantCulture);

    /// <summary>The interval of a measure; nothing where it is counted in full.</summary>
    public static string Interval(double? low, double? high, string unit) =>
        low is null || high is null ? "–" : $"{Measure(low, unit)} – {Measure(high, unit)}";

    public static string Energy(long wh) => $"{(wh / 1000m).ToString("#,0.###", CultureInfo.InvariantCulture)} kWh";

    /// <summary>Local time with the zone's name, which is the account's: <c>2026-03-01 12:00 Asia/Shanghai</c>.</summary>
    public static string Time(DateTimeOffset at, string zone) => $"{Short(at, zone)} {zone}";

    /// <summary>Without the zone, where the table's head names it.</summary>
    public static string Short(DateTimeOffset at, string zone)
    {
        var local = LocalCalendar.Find(zone) is { } calendar ? TimeZoneInfo.ConvertTime(at, calendar.Zone) : at.ToUniversalTime();
        return local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }
}
