using Orleans.Streams;

namespace AccountGrid.Streams.Postgres;

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
