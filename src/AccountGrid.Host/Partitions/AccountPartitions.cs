namespace AccountGrid.Host.Partitions;

/// <summary>Which partition an account lives in: by hash of its id, for ever. A meter on no account lives by its own id's hash.</summary>
public sealed class AccountPartitions(int partitions)
{
    public int Count { get; } = partitions;

    public int OfKey(string id) => (int)(IdHash.Of(id) % (ulong)Count);
}
