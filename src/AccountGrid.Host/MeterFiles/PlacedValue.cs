using AccountGrid.Domain;

namespace AccountGrid.Host.MeterFiles;

/// <summary>A register's value that a file comes to.</summary>
public readonly record struct PlacedValue(RegisterKind Register, RegisterPoint Point);
