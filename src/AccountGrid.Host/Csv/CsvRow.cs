namespace AccountGrid.Host.Csv;

/// <summary>One row that could be split into the header's columns. Fields that are empty are not there.</summary>
/// <param name="Line">Line of the file, from 1.</param>
internal sealed record CsvRow(int Line, IReadOnlyDictionary<string, string> Fields);
