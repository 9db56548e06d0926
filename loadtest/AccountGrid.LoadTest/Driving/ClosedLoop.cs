using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.LoadTest.Driving;

/// <summary>
/// Full speed: so many senders, each with a batch under way all the time, no two of one gateway. Finds the ceiling; its latencies say nothing about a
/// schedule. Goes on from stretch to stretch with each gateway's next round.
/// </summary>
/// <param name="gateways">Only the first so many send.</param>
public sealed class ClosedLoop(MeterFleet fleet, int gateways, TimeProvider time)
{
    private readonly int[] _rounds = new int[gateways];
    private readonly int[] _isBusy = new int[gateways];
    private long _next;

    /// <summary>Some gateway has no further readings of the past: a stretch ends there, since a reading of the future is refused.</summary>
    public bool IsUsedUp { get; private set; }

    /// <summary>One round of every gateway.</summary>
    public Task RoundAsync(GatewayPusher pusher, int senders, CancellationToken cancel) => Parallel.ForEachAsync(
        Enumerable.Range(0, gateways), new ParallelOptions { MaxDegreeOfParallelism = senders, CancellationToken = cancel }, async (gateway, stop) =>
            await pusher.PushAsync(gateway, _rounds[gateway]++, [time.GetTimestamp()], new LineBuffer(), stop));

    /// <summary>Pushes for so long, or until <see cref="IsUsedUp"/>; comes back once all is acknowledged.</summary>
    /// <param name="senders">Batches under way at once; half as many as gateways at most.</param>
    /// <param name="roundsPerBatch">Readings of each meter in one batch, 1 or more.</param>
    public Task RunAsync(GatewayPusher pusher, TimeSpan length, int senders, int roundsPerBatch, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, Math.Min(senders, Math.Max(1, gateways / 2))).Select(_ => Task.Run(async () =>
        {
            var lines = new LineBuffer();
            var due = new long[roundsPerBatch];
            while (time.GetElapsedTime(started) < length && !cancel.IsCancellationRequested && !IsUsedUp)
            {
                var gateway = Take();
                var round = _rounds[gateway];
                if (fleet.TimeOf(round + roundsPerBatch - 1) > time.GetUtcNow().ToUnixTimeMilliseconds())
                {
                    IsUsedUp = true;
                    return;
                }

                _rounds[gateway] = round + roundsPerBatch;
                var meters = fleet.MetersOf(gateway);
                Interlocked.Add(ref pusher.Measures.Offered, (meters.To - meters.From) * roundsPerBatch);
                Array.Fill(due, time.GetTimestamp());
                await pusher.PushAsync(gateway, round, due, lines, cancel);
                Volatile.Write(ref _isBusy[gateway], 0);
            }
        }, cancel)));
    }

    /// <summary>The next gateway that nobody has; at least half of them are free.</summary>
    private int Take()
    {
        while (true)
        {
            var gateway = (int)((ulong)(Interlocked.Increment(ref _next) - 1) % (ulong)gateways);
            if (Interlocked.Exchange(ref _isBusy[gateway], 1) == 0)
            {
                return gateway;
            }
        }
    }
}
