namespace AccountGrid.Domain.Partitions;

/// <summary>Names one register's day: the assignment tells a meter's accounts apart on the day of a move.</summary>
public readonly record struct DayKey(int Meter, int Assignment, int Day, RegisterKind Register = RegisterKind.Import);
