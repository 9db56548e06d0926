namespace AccountGrid.Domain.Partitions;

/// <summary>Where a meter is at home from now on.</summary>
public sealed record HomeEffect(long Position, int Meter, int Account, int Partition);
