using System.Globalization;
using CsvHelper;

namespace AccountGrid.Host.Csv;

/// <summary>Rows as CSV (RFC 4180): a header, then a line for each row, numbers and dates in the invariant culture.</summary>
internal static class CsvText
{
    /// <param name="rows">Each with as many values as there are columns; null is an empty field.</param>
    public static string Of(IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
        {
            foreach (var row in rows.Prepend([.. columns]))
            {
                foreach (var field in row)
                {
                    csv.WriteField(field);
                }

                csv.NextRecord();
            }
        }

        return text.ToString();
    }

    public static IResult Answer(IReadOnlyList<string> columns, IEnumerable<object?[]> rows) =>
        TypedResults.Text(Of(columns, rows), "text/csv; charset=utf-8");
}
