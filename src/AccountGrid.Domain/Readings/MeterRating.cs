namespace AccountGrid.Domain.Readings;

/// <summary>What a meter can measure, fixed when it is installed.</summary>
/// <param name="CapacityW">Capacity of the service, W; 0 is not known: then only <see cref="Limits.DifferenceMaxWh"/> bounds a difference.</param>
/// <param name="RegisterWidthWh">Value at which the register starts again from zero, Wh; 0 is never.</param>
/// <param name="IntervalMs">Usual time between readings, ms; 0 is not known and switches gap reports off.</param>
public readonly record struct MeterRating(long CapacityW, long RegisterWidthWh, int IntervalMs);
