namespace AccountGrid.LoadTest.Reports;

/// <summary>A line of a plot.</summary>
public sealed record PlotLine(string Name, string Colour, IReadOnlyList<(double X, double Y)> Points);
