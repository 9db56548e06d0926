namespace AccountGrid.Host.Cli;

/// <summary>One interval: its end, UTC ms, its energy in milliwatt-hours (10^-6 kWh), as the file has it, and the line that it is from; 0 is none.</summary>
public readonly record struct Interval(long EndMs, long MilliWh, int Line = 0);
