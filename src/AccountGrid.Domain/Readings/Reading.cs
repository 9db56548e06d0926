namespace AccountGrid.Domain.Readings;

/// <summary>
/// One register value as the log carries it, trusted: the ingest endpoint has checked each field. Identity is (meter, register, time).
/// </summary>
/// <param name="Meter">The grid's number of the meter.</param>
/// <param name="TimeMs">When the meter registered it, UTC ms.</param>
/// <param name="ValueWh">Cumulative register, Wh.</param>
/// <param name="Revision">A higher one replaces a value under the same identity; 0 is the first.</param>
public readonly record struct Reading(int Meter, RegisterKind Register, long TimeMs, long ValueWh, ReadingQuality Quality, byte Revision);
