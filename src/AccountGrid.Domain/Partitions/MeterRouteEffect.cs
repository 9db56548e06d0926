namespace AccountGrid.Domain.Partitions;

/// <summary>The partition and account of a meter from now on.</summary>
/// <param name="RateRegisters">Rate registers that it is charged by; 0 where it is charged by 1.8.0.</param>
public sealed record MeterRouteEffect(long Position, int Meter, int Account, int Partition, int RateRegisters);
