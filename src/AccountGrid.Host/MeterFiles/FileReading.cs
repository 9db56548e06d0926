using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>One value of a meter-data file.</summary>
/// <param name="Meter">The meter as the grid calls it.</param>
/// <param name="IsInterval">Whether it is the energy of the interval that ends at the instant; else it is the register at the instant.</param>
/// <param name="AtMs">UTC ms.</param>
/// <param name="MilliWh">Milliwatt-hours (10^-6 kWh).</param>
/// <param name="Line">Line of the file, from 1.</param>
/// <param name="LengthMs">Length of the interval, ms; 0 is not known.</param>
/// <param name="Stream">What the file calls the series that it is of: two of one register would be added up or taken for repeats.</param>
internal readonly record struct FileReading(
    string Meter, RegisterKind Register, bool IsInterval, long AtMs, long MilliWh, ReadingQuality Quality, int Line, long LengthMs = 0, string Stream = "");
