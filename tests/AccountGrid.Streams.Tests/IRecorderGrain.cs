using System.Collections.Concurrent;
using AccountGrid.Streams.Postgres;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AccountGrid.Streams.Tests;

public interface IRecorderGrain : IGrainWithIntegerKey;

[ImplicitStreamSubscription(LogStreams.DefaultNamespace)]
public sealed class RecorderGrain(ConcurrentDictionary<int, ConcurrentQueue<LogEntry>> seen, StartAt start) : Grain, IRecorderGrain, IStreamSubscriptionObserver
{
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        var token = start.Position is { } from && this.GetPrimaryKeyLong() == 0 && from > 0 ? new EventSequenceTokenV2(from) : null;
        await handleFactory.Create<LogBatch>().ResumeAsync((batch, _) =>
        {
            foreach (var entry in batch.Entries.Where(e => token is null || e.FirstPosition >= token.SequenceNumber))
            {
                seen.GetOrAdd((int)this.GetPrimaryKeyLong(), _ => new ConcurrentQueue<LogEntry>()).Enqueue(entry);
            }

            return Task.CompletedTask;
        }, token);
    }
}
