namespace AccountGrid.Host.Partitions;

/// <summary>What taking a partition gives: an epoch to write with, and where its two flushes stand.</summary>
public readonly record struct PartitionLease(int Partition, long Epoch, long EffectsPosition, long StatePosition, long StateNowMs,
    int PricesThrough = 0);
