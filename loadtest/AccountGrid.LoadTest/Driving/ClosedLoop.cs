using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.LoadTest.Driving;

/// <summary>Full speed: so many senders, each with a batch under way all the time. Finds the ceiling; its latencies say nothing about a schedule.</summary>
public sealed class ClosedLoop(MeterFleet fleet, GatewayPusher pusher, TimeProvider time)
{
    /// <summary>The next batch to send, counted over all gateways; goes on where the last run ended.</summary>
    private long _next;

    /// <summary>Rounds that all gateways have begun.</summary>
    public int Rounds => (int)(Interlocked.Read(ref _next) / fleet.Gateways);

    /// <param name="roundsPerBatch">Readings of each meter in one batch.</param>
    public Task RunAsync(TimeSpan length, int senders, int roundsPerBatch, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, Math.Min(senders, Math.Max(1, fleet.Gateways / 2))).Select(_ => Task.Run(async () =>
        {
            var lines = new LineBuffer();
            while (time.GetElapsedTime(started) < length && !cancel.IsCancellationRequested)
            {
                var n = Interlocked.Increment(ref _next) - 1;
                var gateway = (int)(n % fleet.Gateways);
                var round = (int)(n / fleet.Gateways) * roundsPerBatch;
                var meters = fleet.MetersOf(gateway);
                Interlocked.Add(ref pusher.Measures.Offered, (meters.To - meters.From) * roundsPerBatch);
                await pusher.PushAsync(gateway, round, roundsPerBatch, time.GetTimestamp(), lines, cancel);
            }
        }, cancel)));
    }
}
