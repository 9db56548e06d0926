namespace AccountGrid.Host.Ingest;

/// <summary>Where an ingest endpoint sends a meter's readings.</summary>
/// <param name="Meter">The grid's number of the meter; it never changes.</param>
/// <param name="Partition">The partition of the meter's account; the fold of an earlier one passes a reading on.</param>
/// <param name="Gateway">The gateway that may push it.</param>
public readonly record struct MeterRoute(int Meter, short Partition, int Gateway);
