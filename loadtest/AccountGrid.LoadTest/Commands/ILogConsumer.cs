using AccountGrid.Streams.Postgres;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AccountGrid.LoadTest.Commands;

public interface ILogConsumer : IGrainWithIntegerKey;

[ImplicitStreamSubscription(StreamNamespace)]
public sealed class LogConsumer(Arrivals arrivals) : Grain, ILogConsumer, IStreamSubscriptionObserver
{
    /// <summary>
    /// Of this measurement alone: an implicit subscription binds every silo that loads this assembly, and one that fails to answer stalls its queue.
    /// </summary>
    public const string StreamNamespace = "stream-cost";

    private long _position;

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<LogBatch>().ResumeAsync((batch, _) =>
    {
        foreach (var entry in batch.Entries.Where(e => e.FirstPosition >= _position))
        {
            arrivals.Add(entry.Payload.Length);
            _position = entry.FirstPosition + entry.Count;
        }

        return Task.CompletedTask;
    });
}
