using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// One interval: its end, UTC ms, its energy in milliwatt-hours (10^-6 kWh), as the file has it, the line that it is from (0 is none), its quality, and its
/// length, ms (0 is not known).
/// </summary>
public readonly record struct Interval(
    long EndMs, long MilliWh, int Line = 0, ReadingQuality Quality = ReadingQuality.None, long LengthMs = 0);
