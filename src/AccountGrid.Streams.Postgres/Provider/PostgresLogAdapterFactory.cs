using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// The stream provider: queues are partitions, receivers follow the log's tail, caches rewind. Events produced through Orleans' own
/// stream API are appended as one-record payloads of bytes; most producers call <see cref="PostgresLog.AppendAsync(LogAppend)"/>.
/// </summary>
internal sealed class PostgresLogAdapterFactory : IQueueAdapterFactory, IQueueAdapter, IQueueAdapterCache
{
    private readonly PostgresLog _log;
    private readonly LogTail _tail;
    private readonly LogQueueMapper _mapper;
    private readonly Dictionary<QueueId, LogReceiver> _receivers = [];

    private PostgresLogAdapterFactory(string name, PostgresLog log, LogTail tail)
    {
        Name = name;
        _log = log;
        _tail = tail;
        _mapper = new LogQueueMapper(log.Options.Partitions);
    }

    public string Name { get; }

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public static IQueueAdapterFactory Create(IServiceProvider services, string name) =>
        new PostgresLogAdapterFactory(name, services.GetRequiredService<PostgresLog>(), services.GetRequiredService<LogTail>());

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => ReceiverOf(queueId);

    public IQueueCache CreateQueueCache(QueueId queueId)
    {
        var receiver = ReceiverOf(queueId);
        return new LogQueueCache(_log.Options.ReadAheadBytesMax, receiver.Rewind);
    }

    public async Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token,
        Dictionary<string, object>? requestContext)
    {
        var partition = LogBatchContainer.PartitionOf(streamId);
        var appends = events.Select(e => new LogAppend(partition, 1, AsBytes(e))).ToArray();
        await _log.AppendAsync(appends);
    }

    private static byte[] AsBytes<T>(T item) =>
        item as byte[] ?? throw new ArgumentException($"The log carries byte[]; {typeof(T).Name} must be encoded first.", nameof(item));

    // An agent that takes a queue over makes its cache and its receiver anew; both must be of one pair.
    private LogReceiver ReceiverOf(QueueId queue)
    {
        lock (_receivers)
        {
            if (!_receivers.TryGetValue(queue, out var receiver) || receiver.IsShutDown)
            {
                _receivers[queue] = receiver = new LogReceiver(_log, _tail, LogStreams.PartitionOf(queue));
            }

            return receiver;
        }
    }
}
