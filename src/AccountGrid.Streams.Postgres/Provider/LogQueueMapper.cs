using Orleans.Streams;

namespace AccountGrid.Streams.Postgres;

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
