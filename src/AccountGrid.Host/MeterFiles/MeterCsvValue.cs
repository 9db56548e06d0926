namespace AccountGrid.Host.MeterFiles;

/// <param name="Column">Column of the value.</param>
/// <param name="Register">OBIS code, such as 1.8.0.</param>
public sealed record MeterCsvValue(string Column, string Register = "1.8.0");
