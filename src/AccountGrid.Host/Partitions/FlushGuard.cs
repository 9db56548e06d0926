using AccountGrid.Faults;
using AccountGrid.Host.Database;
using AccountGrid.Host.Telemetry;

namespace AccountGrid.Host.Partitions;

/// <summary>Writes a flush once, also where its outcome is not known at first.</summary>
internal sealed class FlushGuard(PartitionHold hold, IPartitionStore store, TimeProvider time, ILogger logger)
{
    /// <summary>How long a flush is tried; beyond it another activation may as well begin from what is stored.</summary>
    private static readonly TimeSpan FlushPatience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Makes memory right for the server of another timeline, or throws where the partition is lost by it: <see cref="FoldLoop.AdoptAsync"/>.
    /// </summary>
    public Func<int, Task> Adopt { get; set; } = _ => Task.CompletedTask;

    /// <summary>How long a flush is tried now.</summary>
    public TimeSpan Patience => hold.IsClosing ? ClosingPatience : FlushPatience;

    /// <summary>
    /// A flush that fails on its way leaves open whether it happened; only the database knows, so it is asked: under the row's lock, which waits for
    /// whatever is still under way. What did not happen is written again; what cannot be known in time, or is refused, ends this activation.
    /// </summary>
    /// <param name="kind">What is written, for the metrics: <c>effects</c> or <c>states</c>.</param>
    /// <param name="flush">The transaction.</param>
    /// <param name="part">Which of the database's two positions the flush moves.</param>
    /// <param name="from">Where that position stands before the flush.</param>
    /// <param name="to">Where it stands after it.</param>
    public async Task WriteAsync(string kind, Func<Task> flush, Func<(long Effects, long States, int Timeline), long> part, long from, long to)
    {
        var began = time.GetTimestamp();
        try
        {
            while (true)
            {
                try
                {
                    await flush();
                    GridMetrics.Flushed(kind, time.GetElapsedTime(began));
                    return;
                }
                catch (Exception e) when (IsWorthWaiting(e, began))
                {
                    PartitionMessages.FlushAgain(logger, hold.Partition, hold.Lease.Epoch, e);
                    if (Sabotage.TrustFailedFlush)
                    {
                        return;
                    }

                    var positions = await StandsAtAsync(began);
                    var stands = part(positions);
                    if (stands == to)
                    {
                        GridMetrics.Flushed(kind, time.GetElapsedTime(began));
                        return;
                    }

                    if (stands != from)
                    {
                        throw new FencedException(hold.Partition, hold.Lease.Epoch);
                    }

                    // Effects of records that the server does not have must not be written to it.
                    await AskAsync(async () =>
                    {
                        await Adopt(positions.Timeline);
                        return 0;
                    }, began);
                }
            }
        }
        catch (Exception e)
        {
            hold.Lose();
            GridMetrics.Flushed(kind, time.GetElapsedTime(began), e);
            PartitionMessages.Lost(logger, hold.Partition, hold.Lease.Epoch, e);
            throw;
        }
    }

    private async Task<(long Effects, long States, int Timeline)> StandsAtAsync(long began)
    {
        await Task.Delay(Pause, time);
        return await AskAsync(() => store.PositionsAsync(hold.Lease), began);
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, long began)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (IsWorthWaiting(e, began))
            {
                // The database is not back yet.
                await Task.Delay(Pause, time);
            }
        }
    }

    /// <summary>
    /// A server that is away or takes no changes is waited for as long as it lasts: nobody else can write meanwhile, and memory that is dropped would have to
    /// be loaded by all partitions at once when it is back. Anything else that passes is tried for some minutes.
    /// </summary>
    private bool IsWorthWaiting(Exception e, long began) =>
        PassingFaults.Is(e) && (time.GetElapsedTime(began) < Patience || (!hold.IsClosing && PassingFaults.IsServerAway(e)));
}
