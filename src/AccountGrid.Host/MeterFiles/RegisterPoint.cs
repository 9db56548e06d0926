using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>A cumulative register at an instant, UTC ms, in milliwatt-hours.</summary>
/// <param name="Line">Line of the file that it is from; 0 is none.</param>
public readonly record struct RegisterPoint(long TimeMs, long MilliWh, int Line, ReadingQuality Quality);
