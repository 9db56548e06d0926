namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A column with a further id of a payment.</summary>
/// <param name="Kind">Such as <c>rrn</c>, <c>endToEnd</c>, <c>utr</c>, <c>mandate</c> or <c>receipt</c>.</param>
public sealed record CsvReference(string Kind, string Column);
