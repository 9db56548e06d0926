namespace AccountGrid.Host.MeterFiles;

/// <summary>What of a file is sent for a meter, and what cannot be.</summary>
/// <param name="Values">In order of time, register by register.</param>
public sealed record PlacedMeter(string Meter, IReadOnlyList<PlacedValue> Values, FileErrors Refused);
