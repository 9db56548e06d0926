using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Ingest;

/// <summary>One reading as the wire has it, checked field by field but not yet against the directory.</summary>
public readonly record struct WireReading(ulong MeterHash, RegisterKind Register, long TimeMs, long ValueWh, ReadingQuality Quality, byte Revision);
