using Orleans.Runtime;
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

/// <summary>Maps streams to queues one to one, and queues to ring ranges for balancers that work with rings.</summary>
internal sealed class LogQueueMapper(int partitions) : IConsistentRingStreamQueueMapper
{
    private readonly QueueId[] _queues = [.. Enumerable.Range(0, partitions).Select(p => LogStreams.QueueOf(p, partitions))];

    public IEnumerable<QueueId> GetAllQueues() => _queues;

    public QueueId GetQueueForStream(StreamId streamId)
    {
        var partition = LogBatchContainer.PartitionOf(streamId);
        return partition >= 0 && partition < _queues.Length
            ? _queues[partition]
            : throw new ArgumentException($"Stream {streamId} is none of the log's {_queues.Length} partitions.", nameof(streamId));
    }

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) => _queues.Where(q => range.InRange(q.GetUniformHashCode()));
}
