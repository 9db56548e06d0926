using AccountGrid.Streams.Postgres;
using Orleans.Runtime.Placement;

namespace AccountGrid.Host.Partitions;

internal sealed class PartitionPlacementDirector(AccountPartitions partitions) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var partition = target.GrainIdentity.Type.ToString() == PartitionGrain.TypeName && target.GrainIdentity.TryGetIntegerKey(out var number, out _)
            ? (int)number
            : partitions.OfKey(target.GrainIdentity.Key.ToString()!);
        return Task.FromResult(Rendezvous.OwnerOf(partition, silos) ?? context.LocalSilo);
    }
}
