namespace AccountGrid.Host.Figures;

/// <summary>A table of a report.</summary>
/// <param name="Rows">Cells, as many as columns.</param>
/// <param name="Chart">Shown with the table; null is none.</param>
internal sealed record ReportSection(string Title, IReadOnlyList<string> Columns, IReadOnlyList<List<string>> Rows, ReportChart? Chart);
