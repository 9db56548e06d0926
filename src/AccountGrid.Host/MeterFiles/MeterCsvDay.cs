namespace AccountGrid.Host.MeterFiles;

/// <summary>A day's values beside each other.</summary>
/// <param name="First">Column of the first.</param>
/// <param name="Count">24, 48 or 96: the columns from the first on are equal parts of the day by its clock.</param>
/// <param name="Register">OBIS code, such as 1.8.0.</param>
public sealed record MeterCsvDay(string First, int Count, string Register = "1.8.0");
