using AccountGrid.Contracts;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// References to the grains that every query goes to. Orleans works an interface's name out of its type at each <c>GetGrain</c>; that is done once here.
/// </summary>
internal static class GridGrains
{
    public static IAccountLogGrain Account(this IGrainFactory grains, string id)
    {
        var kind = Kind<IAccountLogGrain>.Of ??= KindOf(grains.GetGrain<IAccountLogGrain>(id));
        return (IAccountLogGrain)grains.GetGrain(GrainId.Create(kind.Type, id), kind.Interface);
    }

    public static IPartitionGrain Partition(this IGrainFactory grains, int partition)
    {
        var kind = Kind<IPartitionGrain>.Of ??= KindOf(grains.GetGrain<IPartitionGrain>(partition));
        return (IPartitionGrain)grains.GetGrain(GrainId.Create(kind.Type, GrainIdKeyExtensions.CreateIntegerKey(partition)), kind.Interface);
    }

    private static GrainKind KindOf(IAddressable grain)
    {
        var reference = (GrainReference)grain;
        return new GrainKind(reference.GrainId.Type, reference.InterfaceType);
    }

    private sealed record GrainKind(GrainType Type, GrainInterfaceType Interface);

    private static class Kind<T>
    {
        public static GrainKind? Of { get; set; }
    }
}
