using Orleans.Streams;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// Names of streams and queues: partition i is queue i and the one stream (namespace, i), so that the subscribed grain's integer key is
/// its partition.
/// </summary>
public static class LogStreams
{
    /// <summary>Namespace of the partitions' streams unless <see cref="PostgresLogOptions.StreamNamespace"/> says another.</summary>
    public const string DefaultNamespace = "postgres-log";

    private const string QueuePrefix = "postgres-log";

    public static StreamId StreamOf(int partition, string streamNamespace = DefaultNamespace) => StreamId.Create(streamNamespace, (long)partition);

    /// <summary>Queue ids carry the partition as their number.</summary>
    public static QueueId QueueOf(int partition, int partitions) =>
        QueueId.GetQueueId(QueuePrefix, (uint)partition, (uint)((ulong)uint.MaxValue * (uint)partition / (uint)partitions));

    public static int PartitionOf(QueueId queue) => (int)queue.GetNumericId();
}
