namespace AccountGrid.Domain.Partitions;

/// <summary>The partition and account of a meter from now on.</summary>
public sealed record MeterRouteEffect(long Position, int Meter, int Account, int Partition);
