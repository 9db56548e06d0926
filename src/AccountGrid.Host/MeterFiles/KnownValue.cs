namespace AccountGrid.Host.MeterFiles;

/// <summary>A register's value that the grid has and that counts.</summary>
/// <param name="IsEstimate">Measured data may replace it.</param>
public readonly record struct KnownValue(long Wh, bool IsEstimate = false);
