namespace AccountGrid.Host.Exports;

/// <summary>What a file holds: its columns, and rows with as many values, in their order and of their types, or null.</summary>
/// <param name="Kind">Name of what a row is.</param>
/// <param name="Zone">IANA zone of the one account that the rows are of; null where each row has its own.</param>
internal sealed record ExportTable(string Kind, IReadOnlyList<ExportColumn> Columns, IAsyncEnumerable<object?[]> Rows, string? Zone = null);
