namespace AccountGrid.Host.Partitions;

/// <summary>What taking a partition gives: an epoch to write with, and where its two flushes stand.</summary>
/// <param name="Timeline">The timeline of the server that memory is right for: a flush to another one must find out first. 0 is not known.</param>
public readonly record struct PartitionLease(int Partition, long Epoch, long EffectsPosition, long StatePosition, long StateNowMs,
    int PricesThrough = 0, int Timeline = 0);
