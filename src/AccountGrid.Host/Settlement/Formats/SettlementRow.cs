namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A row of a table with a header: its values by the names of the columns.</summary>
/// <param name="columns">Place of each column.</param>
internal sealed class SettlementRow(int line, string[] fields, IReadOnlyDictionary<string, int> columns)
{
    public int Line => line;

    /// <summary>A value; empty where there is no such column.</summary>
    public string this[string column] => columns.TryGetValue(column, out var i) ? fields[i] : "";

    public bool Has(string column) => columns.ContainsKey(column);

    /// <summary>The first of the names that is a column here; null where none is.</summary>
    public string? First(IEnumerable<string> names) => names.FirstOrDefault(Has);
}
