using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AccountGrid.Host.Csv;

/// <summary>
/// A CSV with a header, a row a line (RFC 4180, but no field may hold a line break: a stray quotation mark then costs its own row and not all behind it).
/// Separated by commas, semicolons or tabs, whichever the header uses. Rows that are not well formed are refused one by one.
/// </summary>
internal sealed class CsvTable
{
    private static readonly char[] Separators = [',', ';', '\t'];

    private readonly string[] _lines;
    private readonly char _separator;

    /// <exception cref="FormatException">There is no header, or a column has the name of another.</exception>
    public CsvTable(string text)
    {
        _lines = text.ReplaceLineEndings("\n").Split('\n');
        HeaderLine = Array.FindIndex(_lines, l => l.Trim().Length > 0);
        if (HeaderLine < 0)
        {
            throw new FormatException("the file: it is empty.");
        }

        _separator = Separators.MaxBy(s => _lines[HeaderLine].Count(c => c == s));
        var (header, wrong) = Split(_lines[HeaderLine]);
        Header = header is null ? throw new FormatException($"the header: {wrong}") : [.. header.Select(h => h.ToLowerInvariant())];
        if (Header.Where(h => h.Length > 0).GroupBy(h => h).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new FormatException($"the header: column '{twice.Key}' is there {twice.Count()} times; give it once.");
        }
    }

    /// <summary>Names of the columns, lower case; empty for a column without one.</summary>
    public IReadOnlyList<string> Header { get; }

    private int HeaderLine { get; }

    /// <summary>The rows that can be split. Empty lines are none.</summary>
    /// <param name="refuse">Gets the line of each other row, from 1, and what is wrong with it.</param>
    public List<CsvRow> Rows(Action<int, string> refuse)
    {
        var rows = new List<CsvRow>();
        for (var i = HeaderLine + 1; i < _lines.Length; i++)
        {
            if (_lines[i].Trim().Length == 0)
            {
                continue;
            }

            var (fields, wrong) = Split(_lines[i]);
            wrong ??= Misfit(fields!);
            if (wrong is null)
            {
                rows.Add(
                    new CsvRow(i + 1, Header.Zip(fields!).Where(f => f.First.Length > 0 && f.Second.Length > 0).ToDictionary(f => f.First, f => f.Second)));
            }
            else
            {
                refuse(i + 1, wrong);
            }
        }

        return rows;
    }

    private string? Misfit(string[] fields)
    {
        if (fields.Length != Header.Count)
        {
            return $"it has {fields.Length} fields and the header {Header.Count}. A field that holds the separator '{Shown}' belongs in quotation marks; a "
                + "price has a decimal point, such as 0.35.";
        }

        for (var i = 0; i < fields.Length; i++)
        {
            if (Header[i].Length == 0 && fields[i].Length > 0)
            {
                return $"column {i + 1} has no name in the header, but this row has '{fields[i]}' there. Name the column, or leave it empty.";
            }
        }

        return null;
    }

    private string Shown => _separator == '\t' ? "tab" : _separator.ToString();

    private (string[]? Fields, string? Wrong) Split(string line)
    {
        var bad = false;
        var settings = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = _separator.ToString(),
            TrimOptions = TrimOptions.Trim,
            BadDataFound = _ => bad = true,
            BufferSize = Math.Max(256, line.Length + 2),
            ProcessFieldBufferSize = Math.Max(256, line.Length + 2),
        };
        using var parser = new CsvParser(new StringReader(line), settings);
        var fields = parser.Read() ? parser.Record : [];

        // The parser takes the end of the text for the end of a quotation.
        return bad || line.Count(c => c == '"') % 2 != 0
            ? (null, "a quotation mark neither encloses a field nor is doubled within one. Right are \"a \"\"quoted\"\" word\" for text with them, and no "
                + "quotation marks around the rest.")
            : (fields, null);
    }
}
