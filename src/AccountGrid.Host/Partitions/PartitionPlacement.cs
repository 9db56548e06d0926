using AccountGrid.Streams.Postgres;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace AccountGrid.Host.Partitions;

/// <summary>Places a partition's grain on the silo that pulls its queue, and account and meter grains beside their partition where the caller says which.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class PartitionPlacement : PlacementStrategy
{
    internal static PartitionPlacement Singleton { get; } = new();
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(PartitionPlacement.Singleton);

internal sealed class PartitionPlacementDirector(AccountPartitions partitions) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var partition = target.GrainIdentity.Type.ToString() == PartitionGrain.TypeName && target.GrainIdentity.TryGetIntegerKey(out var number, out _) ? (int)number : partitions.OfKey(target.GrainIdentity.Key.ToString()!);
        return Task.FromResult(Rendezvous.OwnerOf(partition, silos) ?? context.LocalSilo);
    }
}

/// <summary>Which partition an account lives in: by hash of its id, for ever. A meter on no account lives by its own id's hash.</summary>
public sealed class AccountPartitions(int partitions)
{
    public int Count { get; } = partitions;

    public int OfKey(string id) => (int)(IdHash.Of(id) % (ulong)Count);
}

/// <summary>A hash of ids that is the same on every machine and for every build: FNV-1a over UTF-8, then mixed.</summary>
public static class IdHash
{
    public static ulong Of(string id)
    {
        Span<byte> bytes = stackalloc byte[id.Length * 3];
        return Of(bytes[..System.Text.Encoding.UTF8.GetBytes(id, bytes)]);
    }

    public static ulong Of(ReadOnlySpan<byte> utf8)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in utf8)
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        hash = unchecked((hash ^ (hash >> 32)) * 0xd6e8feb86659fd93);
        return hash ^ (hash >> 32);
    }
}
