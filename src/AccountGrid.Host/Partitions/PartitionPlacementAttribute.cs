using Orleans.Placement;

namespace AccountGrid.Host.Partitions;

[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(PartitionPlacement.Singleton);
