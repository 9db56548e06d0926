namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Which rows of a CSV count, by the value of one column; a value of neither list is an error.</summary>
/// <param name="Keep">Values whose rows count, such as <c>SUCCESS</c> or the record type <c>D</c>.</param>
/// <param name="Pass">Values whose rows are passed over, such as <c>FAILED</c>.</param>
public sealed record CsvRowFilter(string Column, IReadOnlyList<string> Keep, IReadOnlyList<string>? Pass = null);
