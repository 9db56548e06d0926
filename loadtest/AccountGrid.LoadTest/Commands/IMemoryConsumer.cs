using Orleans.Streams;
using Orleans.Streams.Core;

namespace AccountGrid.LoadTest.Commands;

public interface IMemoryConsumer : IGrainWithIntegerKey;

[ImplicitStreamSubscription("memory-events")]
public sealed class MemoryConsumer(Arrivals arrivals) : Grain, IMemoryConsumer, IStreamSubscriptionObserver
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<byte[]>().ResumeAsync((payload, _) =>
    {
        arrivals.Add(payload.Length);
        return Task.CompletedTask;
    });
}
