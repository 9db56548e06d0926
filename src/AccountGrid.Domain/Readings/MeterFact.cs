namespace AccountGrid.Domain.Readings;

/// <summary>
/// What is another of a meter from an instant on. Each fact holds up to the next instant for which there is that fact; null says nothing of it.
/// </summary>
/// <param name="FromMs">UTC ms.</param>
/// <param name="CapacityW">As in <see cref="MeterRating"/>, and so the others; a ratio is never 0 here.</param>
public sealed record MeterFact(long FromMs, long? CapacityW = null, long? RegisterWidthWh = null, int? IntervalMs = null, long? RatioMicro = null);
