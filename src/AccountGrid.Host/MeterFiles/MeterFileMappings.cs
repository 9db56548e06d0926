using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Reads and checks mappings of meter-data files: functions of their arguments alone.</summary>
internal static class MeterFileMappings
{
    private const int ColumnMax = 10_000;
    private const int MinutesPerDay = 24 * 60;
    private const int SkipLinesMax = 1_000;
    private const int MultiplierMax = 9;

    /// <summary>Shorter ones are standard formats of .NET and not of a day: yyMMdd is the shortest.</summary>
    private const int FormatMin = 6;

    /// <summary>The mapping of a JSON document; where it is null, all that is wrong with it, each with field, value and what would be right.</summary>
    public static (MeterFileMapping? Mapping, IReadOnlyList<string> Wrong) Read(ReadOnlyMemory<byte> utf8)
    {
        utf8 = utf8[^BatchReader.WithoutMark(utf8.Span).Length..];
        if (JsonInput.Check(utf8, typeof(MeterFileMapping), ApiJson.Options) is { } refusal)
        {
            return (null, [refusal.Detail]);
        }

        var mapping = JsonSerializer.Deserialize<MeterFileMapping>(utf8.Span, ApiJson.Options)!;
        var wrong = Check(mapping);
        return wrong.Count == 0 ? (mapping, wrong) : (null, wrong);
    }

    public static char? DelimiterOf(MeterCsvMapping csv) => csv.Delimiter == "tab" ? '\t' : csv.Delimiter.Length == 1 ? csv.Delimiter[0] : null;

    /// <summary>All that is wrong with a mapping; empty where it can be used.</summary>
    private static List<string> Check(MeterFileMapping m)
    {
        var wrong = new List<string>();
        void Need(bool isRight, string field, object? value, string right)
        {
            if (!isRight)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{field}: '{value}' is not {right}."));
            }
        }

        Need(m.Format is null || MeterFileFormats.Names.Contains(m.Format), "format", m.Format, string.Join(", ", MeterFileFormats.Names));
        Need(m.Zone is null || LocalCalendar.Find(m.Zone) is not null, "zone", m.Zone, "a time zone such as Europe/Amsterdam, or Etc/GMT-10 for UTC+10");
        Need(m.RepeatedHour is "refuse" or "inOrder", "repeatedHour", m.RepeatedHour, "refuse or inOrder");
        Need(m.Gaps is null or "wait" or "continue", "gaps", m.Gaps, "wait or continue");
        Need(m.P1Registers is "rates" or "total", "p1Registers", m.P1Registers, "rates or total");
        foreach (var (name, id) in m.Meters)
        {
            Need(Ids.IsValid(id), $"meters.{name}", id, Ids.Right);
        }

        foreach (var (suffix, obis) in m.Channels)
        {
            Need(obis == "skip" || IsRegister(obis), $"channels.{suffix}", obis, "a register such as 1.8.0, or skip");
        }

        if (m.Espi is { } espi)
        {
            Need(Math.Abs(espi.PowerOfTenMultiplier) <= MultiplierMax, "espi.powerOfTenMultiplier", espi.PowerOfTenMultiplier, "from -9 to 9");
            Need(IsRegister(espi.Register), "espi.register", espi.Register, "a register such as 1.8.0");
            Need(espi.Holds is "energy" or "register", "espi.holds", espi.Holds, "energy or register");
        }

        if (m.Csv is { } csv)
        {
            Check(csv, m.Zone, Need);
        }

        return wrong;
    }

    private static void Check(MeterCsvMapping csv, string? zone, Action<bool, string, object?, string> need)
    {
        need(DelimiterOf(csv) is not null and not '"', "csv.delimiter", csv.Delimiter, "one character such as ;, or tab");
        need(csv.Quote.Length == 0 || (csv.Quote.Length == 1 && csv.Quote[0] != DelimiterOf(csv)), "csv.quote", csv.Quote,
            "one character other than the delimiter, or empty");
        need(csv.DecimalSign is "." or "," && csv.DecimalSign[0] != DelimiterOf(csv), "csv.decimalSign", csv.DecimalSign,
            "a point or a comma, and not the delimiter");
        need(LineReader.Find(csv.Encoding) is not null, "csv.encoding", csv.Encoding, "an encoding such as utf-8, utf-16, gb18030 or windows-1252");
        need(csv.SkipLines is >= 0 and <= SkipLinesMax, "csv.skipLines", csv.SkipLines, $"from 0 to {SkipLinesMax}");
        need(csv.MeterColumn is null != csv.Meter is null, "csv.meter", csv.Meter, "given exactly where csv.meterColumn is not");
        need(csv.Meter is null || Ids.IsValid(csv.Meter), "csv.meter", csv.Meter, Ids.Right);
        need(csv.Time.Count is 1 or 2, "csv.time", csv.Time.Count, "one column, or two for a date and a time");
        need(csv.TimeFormats.Count is >= 1 and <= 8, "csv.timeFormats", csv.TimeFormats.Count, "1 to 8 formats");
        var isDay = csv.Day is not null;
        foreach (var format in csv.TimeFormats)
        {
            var isInstant = format is "rfc3339" or "unix-s" or "unix-ms";
            need(isInstant ? !isDay : IsFormat(format), "csv.timeFormats", format,
                "a .NET format such as dd-MM-yyyy HH:mm without an offset, or (not for days) rfc3339, unix-s or unix-ms");
            need(isInstant || zone is not null, "zone", zone, $"given; times written as {format} are local");
        }

        need(csv.Stamps is "start" or "end", "csv.stamps", csv.Stamps, "start or end");
        need(csv.Holds is "energy" or "register", "csv.holds", csv.Holds, "energy or register");
        need(csv.IntervalMinutes is >= 0 and <= MinutesPerDay && (isDay || csv.Holds != "energy" || csv.IntervalMinutes > 0),
            "csv.intervalMinutes", csv.IntervalMinutes, "the length of an interval, from 1 to 1440, which energy needs");
        need(EnergyText.MilliWhOf(csv.Unit) is not null, "csv.unit", csv.Unit, "Wh, kWh or MWh");
        need(csv.Values.Count > 0 != isDay && csv.Values.Count <= 32, "csv.values", csv.Values.Count, "1 to 32 columns exactly where csv.day is not given");
        foreach (var register in csv.Values.Select(v => v.Register).Concat(csv.Day is { } d ? [d.Register] : []))
        {
            need(IsRegister(register), "csv.values.register", register, "a register such as 1.8.0");
        }

        need(csv.Day is null or { Count: 24 or 48 or 96 }, "csv.day.count", csv.Day?.Count, "24, 48 or 96");
        foreach (var (word, meaning) in csv.Quality)
        {
            var quality = ReadingQuality.None;
            need(meaning == "missing" || QualityCodes.TryParse(meaning, ref quality), $"csv.quality.{word}", meaning,
                "valid, manual, edited, estimated, questionable, derived, projected, a CIM code such as 1.8.0, or missing");
        }

        var named = new[] { csv.MeterColumn, csv.QualityColumn, csv.Day?.First }.OfType<string>();
        foreach (var column in csv.Time.Concat(csv.Values.Select(v => v.Column)).Concat(named))
        {
            var isPlace = column.StartsWith('#');
            var isRight = isPlace ? int.TryParse(column.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= ColumnMax
                : csv.Header;
            need(isRight, "csv", column, "a column by its header, or as #1 by its place; without a header only by its place");
        }
    }

    private static bool IsRegister(string obis) => Obis.TryParse(obis, out _) == ObisProblem.None;

    private static bool IsFormat(string format)
    {
        try
        {
            return format.Length >= FormatMin && format.Contains('y') && !format.Contains('z') && !format.Contains('K')
                && DateTime.UnixEpoch.ToString(format, CultureInfo.InvariantCulture).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
