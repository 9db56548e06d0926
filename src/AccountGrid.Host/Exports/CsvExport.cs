using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Host.Csv;
using CsvHelper;

namespace AccountGrid.Host.Exports;

/// <summary>A table as CSV (RFC 4180): a header with units and zones, then a line for each row.</summary>
internal static class CsvExport
{
    public const string ContentType = "text/csv; charset=utf-8";

    public static async Task WriteAsync(ExportTable table, Stream to)
    {
        await using var text = new StreamWriter(to, new System.Text.UTF8Encoding(false), leaveOpen: true);
        await using var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true);
        foreach (var column in table.Columns)
        {
            csv.WriteField(column.Unit is null ? column.Name : $"{column.Name} ({column.Unit})");
        }

        await csv.NextRecordAsync();
        await foreach (var row in table.Rows)
        {
            foreach (var value in row)
            {
                csv.WriteField(TextOf(value));
            }

            await csv.NextRecordAsync();
        }
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        string text => CsvSafe.Of(text),
        DateTimeOffset at => Instants.ToText(at.ToUnixTimeMilliseconds()),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
