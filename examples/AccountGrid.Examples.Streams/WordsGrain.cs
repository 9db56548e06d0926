using AccountGrid.Streams.Postgres;
using Orleans.Streams;
using Orleans.Streams.Core;

/// <summary>Holds a position beside its state, passes over what it has seen, and reads what a delivery skipped from the log itself.</summary>
[ImplicitStreamSubscription(LogStreams.DefaultNamespace)]
public sealed class WordsGrain(PostgresLog log) : Grain, IWordsGrain, IStreamSubscriptionObserver
{
    private long _position;
    private long _words;

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<LogBatch>().ResumeAsync((batch, _) => CatchUp(batch.EndPosition));

    public async Task<long> CountUpTo(long position)
    {
        await CatchUp(position);
        return _words;
    }

    private async Task CatchUp(long end)
    {
        while (_position < end && await log.ReadAsync((int)this.GetPrimaryKeyLong(), _position, 1 << 20) is { } batch)
        {
            foreach (var entry in batch.Entries.Where(e => e.FirstPosition >= _position))
            {
                _words += entry.Count;
                _position = entry.FirstPosition + entry.Count;
            }
        }
    }
}
