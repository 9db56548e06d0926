using System.Globalization;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>What makes the layout of a CSV usable.</summary>
internal static class CsvMappingCheck
{
    private const int HeaderLineMax = 1_000;
    private const int ColumnMax = 500;

    /// <summary>Checks each field.</summary>
    /// <param name="need">Takes whether it is right, the field, its value, and what would be right.</param>
    public static void Check(CsvMapping csv, Action<bool, string, object?, string> need)
    {
        need(SettlementText.Find(csv.Encoding) is not null, "csv.encoding", csv.Encoding, "the name of an encoding such as utf-8, gbk or windows-1252");
        need(SettlementMappings.DelimiterOf(csv) is { } d && d != '"' && !char.IsLetterOrDigit(d), "csv.delimiter", csv.Delimiter,
            "one sign such as , or ; or |, or the word tab");
        need(csv.DecimalSign is "." or ",", "csv.decimalSign", csv.DecimalSign, ". or ,");
        need(csv.GroupSign is "" or "." or "," or " " or "'" && csv.GroupSign != csv.DecimalSign, "csv.groupSign", csv.GroupSign,
            "empty, or one of . , ' and blank that is not the decimal sign");
        need(csv.AmountIn is "units" or "minor", "csv.amountIn", csv.AmountIn, "units or minor");
        need(!csv.Strip.Any(c => char.IsLetterOrDigit(c) || c is '-' or '.'), "csv.strip", csv.Strip, "signs only, without - and .");
        need(csv.HeaderLine is null or (>= 0 and <= HeaderLineMax), "csv.headerLine", csv.HeaderLine, $"0 to {HeaderLineMax}");
        need(csv.Comments.All(c => c.Length > 0), "csv.comments", string.Join(", ", csv.Comments), "a list of starts of lines without an empty one");
        CheckColumns(csv, need);
        CheckKinds(csv, need);
        CheckTotals(csv, need);
        CheckFormats("csv.timeFormats", csv.TimeFormats, hasTime: true, need);
        CheckFormats("csv.dayFormats", csv.DayFormats, hasTime: false, need);
    }

    private static void CheckColumns(CsvMapping csv, Action<bool, string, object?, string> need)
    {
        var c = csv.Columns;
        (string Field, string? Column)[] columns =
        [
            ("amount", c.Amount), ("txn", c.Txn), ("time", c.Time), ("day", c.Day), ("account", c.Account), ("fee", c.Fee), ("kind", c.Kind),
            ("original", c.Original), ("currency", c.Currency),
        ];
        foreach (var (field, column) in columns.Where(x => x.Column is not null))
        {
            need(IsColumn(csv, column!), $"csv.columns.{field}", column, Right(csv));
        }

        for (var i = 0; i < csv.References.Count; i++)
        {
            need(IsColumn(csv, csv.References[i].Column), $"csv.references[{i}].column", csv.References[i].Column, Right(csv));
            need(csv.References[i].Kind.Length is > 0 and <= 32, $"csv.references[{i}].kind", csv.References[i].Kind, "a name such as rrn");
        }

        need(c.Txn is not null || csv.References.Count > 0, "csv.columns.txn", c.Txn, "a column; without an id of any kind no row can be matched");
        need(c.Time is not null || c.Day is not null, "csv.columns.time", c.Time, "a column; one of time and day is needed");
    }

    private static void CheckKinds(CsvMapping csv, Action<bool, string, object?, string> need)
    {
        need((csv.Columns.Kind is null) == (csv.Kinds is null), "csv.kinds", csv.Kinds is null ? null : "given",
            "right: the column kind and its values are needed together");
        if (csv.Kinds is { } k)
        {
            var all = new[] { k.Payment, k.Refund, k.Fee, k.Passed }.SelectMany(v => v ?? []).ToList();
            need(k.Payment.Count > 0, "csv.kinds.payment", "", "a list of at least one value");
            need(all.Distinct().Count() == all.Count, "csv.kinds", string.Join(", ", all), "a list in which each value has one meaning");
            need(!csv.NegativeIsRefund, "csv.negativeIsRefund", "true", "false; the column kind says what is a refund");
        }

        if (csv.Rows is { } rows)
        {
            need(IsColumn(csv, rows.Column), "csv.rows.column", rows.Column, Right(csv));
            need(rows.Keep.Count > 0, "csv.rows.keep", "", "a list of at least one value");
            need(!rows.Keep.Intersect(rows.Pass ?? []).Any(), "csv.rows.pass", string.Join(", ", rows.Pass ?? []), "a list without values of keep");
        }
    }

    private static void CheckTotals(CsvMapping csv, Action<bool, string, object?, string> need)
    {
        for (var i = 0; i < csv.Totals.Count; i++)
        {
            var t = csv.Totals[i];
            need(t.Starts.Length > 0, $"csv.totals[{i}].starts", t.Starts, "the start of a line");
            need(t.Fields.Count > 0, $"csv.totals[{i}].fields", "", $"at least one of {string.Join(", ", CsvSums.Names)}");
            foreach (var (name, place) in t.Fields)
            {
                need(CsvSums.Names.Contains(name), $"csv.totals[{i}].fields", name, string.Join(", ", CsvSums.Names));
                need(place is >= 1 and <= ColumnMax, $"csv.totals[{i}].fields.{name}", place, $"the number of a field, 1 to {ColumnMax}");
            }
        }
    }

    private static void CheckFormats(string field, IReadOnlyList<string> formats, bool hasTime, Action<bool, string, object?, string> need)
    {
        need(formats.Count > 0, field, "", "a list of at least one format");
        foreach (var format in formats)
        {
            need(ReadsItself(format, hasTime), field, format, hasTime
                ? "a .NET format of a time that reads what it writes, such as yyyy-MM-dd HH:mm:ss; with an offset, zzz"
                : "a .NET format of a day that reads what it writes, such as yyyyMMdd");
        }
    }

    /// <summary>Whether a format has all of a time or a day: what it writes it must read again. K would take the zone of the machine.</summary>
    private static bool ReadsItself(string format, bool hasTime)
    {
        var example = new DateTime(2026, 3, 9, 14, 5, 0);
        try
        {
            if (format.Length < 4 || format.Contains('K', StringComparison.Ordinal))
            {
                return false;
            }

            if (!hasTime)
            {
                var day = DateOnly.FromDateTime(example);
                return DateOnly.TryParseExact(day.ToString(format, CultureInfo.InvariantCulture), format, out var read) && read == day;
            }

            var instant = new DateTimeOffset(example, TimeSpan.FromHours(8));
            return format.Contains('z', StringComparison.Ordinal)
                ? DateTimeOffset.TryParseExact(instant.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture,
                    DateTimeStyles.None, out var i) && i == instant
                : DateTime.TryParseExact(example.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture, DateTimeStyles.None,
                    out var t) && t == example;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsColumn(CsvMapping csv, string column) => column.StartsWith('#')
        ? int.TryParse(column.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= ColumnMax
        : csv.HeaderLine != 0 && column.Trim().Length > 0;

    private static string Right(CsvMapping csv) => csv.HeaderLine == 0
        ? $"the number of a column, #1 to #{ColumnMax}; without a header line columns have no names"
        : $"the name of a column, or its number, #1 to #{ColumnMax}";
}
