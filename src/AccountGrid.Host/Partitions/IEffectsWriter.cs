using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Partitions;

/// <summary>Where a fold's effects are written, fenced.</summary>
internal interface IEffectsWriter
{
    Task WriteAsync(PartitionLease lease, long from, long to, Effects effects);
}
