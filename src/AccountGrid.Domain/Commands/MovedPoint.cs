using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

public sealed record MovedPoint(
    long TimeMs, long ValueWh, ReadingQuality Quality, byte Revision, PointDecision? Decision = null, RegisterKind Register = RegisterKind.Import);
