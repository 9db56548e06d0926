using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
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

    public async Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
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

/// <summary>Hands one partition's batches to its pulling agent. Starts where the reader last said it was.</summary>
internal sealed class LogReceiver(PostgresLog log, LogTail tail, int partition) : IQueueAdapterReceiver
{
    private PartitionTail? _following;
    private long? _rewindTo;

    public bool IsShutDown { get; private set; }

    public Task Initialize(TimeSpan timeout) => StartAsync();

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        if (_following is null)
        {
            await StartAsync();
        }

        return [.. _following!.TakeAll().Select(b => new LogBatchContainer(b, log.Options.StreamNamespace))];
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout)
    {
        IsShutDown = true;
        if (_following is not null)
        {
            tail.Leave(_following);
        }

        return Task.CompletedTask;
    }

    public void Rewind(long position)
    {
        if (_following is null)
        {
            _rewindTo = position;
        }
        else
        {
            _following.Rewind(position);
        }
    }

    private async Task StartAsync()
    {
        await using var command = log.Servers.Of(partition).CreateCommand("select consumed_position from log_reader where partition = $1");
        command.Parameters.Add(new() { Value = partition });
        var from = (long)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"Partition {partition} has no reader row."));
        _following = tail.Follow(partition, _rewindTo ?? from);
    }
}
