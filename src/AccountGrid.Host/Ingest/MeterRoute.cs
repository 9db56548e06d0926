namespace AccountGrid.Host.Ingest;

/// <summary>Where an ingest endpoint sends a meter's readings.</summary>
/// <param name="Meter">The grid's number of the meter; it never changes.</param>
/// <param name="Partition">The partition of the meter's account; the fold of an earlier one passes a reading on.</param>
/// <param name="Gateway">The gateway that may push it.</param>
/// <param name="RateRegisters">Rate registers that it is charged by, from 1.8.1 on; 0 where it is charged by 1.8.0.</param>
public readonly record struct MeterRoute(int Meter, short Partition, int Gateway, byte RateRegisters = 0);
