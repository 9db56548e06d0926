namespace AccountGrid.Host.Exports;

/// <summary>A column of an exported file.</summary>
/// <param name="Unit">Unit, or zone of instants and days; null where it has none.</param>
internal sealed record ExportColumn(string Name, ExportType Type, string? Unit = null);
