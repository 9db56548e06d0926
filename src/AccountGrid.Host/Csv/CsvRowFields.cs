using System.Globalization;
using System.Text.RegularExpressions;
using AccountGrid.Domain;

namespace AccountGrid.Host.Csv;

/// <summary>Fields of a row by type. Each throws <see cref="FormatException"/> with the column, the value and what would be right.</summary>
internal static partial class CsvRowFields
{
    private static readonly string[] Yes = ["true", "yes", "y", "1"];
    private static readonly string[] No = ["false", "no", "n", "0"];

    public static string? TextOrNull(this CsvRow row, string name) => row.Fields.GetValueOrDefault(name);

    public static string TextOr(this CsvRow row, string name, string otherwise) => row.Fields.GetValueOrDefault(name, otherwise);

    public static string Text(this CsvRow row, string name) => row.TextOrNull(name) ?? throw new FormatException($"{name}: it is empty.");

    /// <summary>A name, unless a spreadsheet has made a rounded number of it.</summary>
    public static string Id(this CsvRow row, string name) => row.Text(name) is var id && Rounded().IsMatch(id)
        ? throw new FormatException($"{name}: '{id}' looks like a long number that a spreadsheet rounded; format the column as text.")
        : id;

    public static bool YesOrNo(this CsvRow row, string name) =>
        row.Parsed<bool>(name, "true, yes, y, 1 or false, no, n, 0",
            t => Yes.Contains(t, StringComparer.OrdinalIgnoreCase) ? true : No.Contains(t, StringComparer.OrdinalIgnoreCase) ? false : null) ?? false;

    public static int? IntOrNull(this CsvRow row, string name) =>
        row.Parsed(name, "a whole number", t => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : (int?)null);

    public static long LongOr(this CsvRow row, string name, long otherwise) => row.LongOrNull(name) ?? otherwise;

    public static long? LongOrNull(this CsvRow row, string name) =>
        row.Parsed(name, "a whole number", t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : (long?)null);

    /// <summary>Whole numbers, separated by | or ;.</summary>
    public static IReadOnlyList<long>? LongsOrNull(this CsvRow row, string name) => row.TextOrNull(name) is not { } text ? null
        : [.. text.Split(['|', ';'], StringSplitOptions.TrimEntries).Select(
            t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
                ? n : throw new FormatException($"{name}: '{t}' is not a whole number."))];

    public static DateOnly? DayOrNull(this CsvRow row, string name) =>
        row.Parsed(name, "a day as yyyy-MM-dd",
            t => DateOnly.TryParseExact(t, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? d : (DateOnly?)null);

    public static DateTimeOffset? InstantOrNull(this CsvRow row, string name) =>
        row.Parsed(name, Rfc3339.Form, t => Rfc3339.TryParse(t, out var instant) ? instant : (DateTimeOffset?)null);

    private static T? Parsed<T>(this CsvRow row, string name, string right, Func<string, T?> parse)
        where T : struct =>
        row.TextOrNull(name) is not { } text ? null : parse(text) ?? throw new FormatException($"{name}: '{text}' is not {right}.");

    [GeneratedRegex(@"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$")]
    private static partial Regex Rounded();
}
