namespace AccountGrid.Host.Figures;

/// <summary>Horizontal bars.</summary>
internal sealed record ReportChart(string Title, IReadOnlyList<(string Label, double Value)> Bars);
