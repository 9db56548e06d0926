using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>What a register counted between two readings.</summary>
/// <param name="StartMs">UTC ms, as the end.</param>
/// <param name="RegisterWh">The register at the end, Wh.</param>
/// <param name="Quality">Of the value at the end.</param>
internal readonly record struct UsageRow(string Meter, RegisterKind Register, long StartMs, long EndMs, long EnergyWh, long RegisterWh, ReadingQuality Quality);
