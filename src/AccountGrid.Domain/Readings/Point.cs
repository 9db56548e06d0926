namespace AccountGrid.Domain.Readings;

/// <summary>
/// A known point of a meter's import register. <see cref="Shape"/> is the load shape by which the difference up to this point was spread,
/// <see cref="Decision"/> what a person decided about it; both are null for nearly all.
/// </summary>
public readonly record struct Point(long TimeMs, long ValueWh, ReadingQuality Quality = ReadingQuality.None, byte Revision = 0, byte[]? Shape = null,
    PointDecision? Decision = null);
