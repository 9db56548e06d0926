using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A line of a CSV as fields. No field may hold a line break, so that a stray quotation mark is an error of its own line.</summary>
internal static class CsvFields
{
    /// <summary>The fields; null where a quotation mark is in the wrong place.</summary>
    public static string[]? Split(string line, char delimiter)
    {
        if (!line.Contains('"', StringComparison.Ordinal))
        {
            return line.Split(delimiter);
        }

        var bad = false;
        var settings = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            BadDataFound = _ => bad = true,
            BufferSize = Math.Max(256, line.Length + 2),
            ProcessFieldBufferSize = Math.Max(256, line.Length + 2),
        };
        using var parser = new CsvParser(new StringReader(line), settings);
        var fields = parser.Read() ? parser.Record : [];

        // The parser takes the end of the text for the end of a quotation.
        return bad || line.Count(c => c == '"') % 2 != 0 ? null : fields;
    }
}
