namespace AccountGrid.Host.Csv;

/// <summary>Texts of people in a file that a spreadsheet opens.</summary>
internal static class CsvSafe
{
    /// <summary>Signs by which spreadsheets know a formula, the wide ones of Chinese keyboards too.</summary>
    private const string Signs = "=+-@＝＋－＠\t\r\n";

    /// <summary>A text that no spreadsheet takes for a formula: one that could be begins with an apostrophe. Numbers are not written through this.</summary>
    public static string Of(string text)
    {
        var bare = text.TrimStart(' ', '"', '\u00a0', '\u3000', '\ufeff');
        return bare.Length > 0 && Signs.Contains(bare[0], StringComparison.Ordinal) ? $"'{text}" : text;
    }
}
