namespace AccountGrid.Host.Partitions;

/// <summary>
/// Places a partition's grain on the silo that pulls its queue, and account and meter grains beside their partition where the caller says which.
/// </summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class PartitionPlacement : PlacementStrategy
{
    internal static PartitionPlacement Singleton { get; } = new();
}
