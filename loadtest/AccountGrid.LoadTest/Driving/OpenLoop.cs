using System.Threading.Channels;
using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.LoadTest.Driving;

/// <summary>
/// The schedule: each gateway's round falls due at its own moment of the interval, whatever the grid does. A gateway that is still busy, or has no link,
/// gathers rounds and sends them together. Latency counts for each round from when it fell due, or from when the link came back, so a stall is not hidden.
/// </summary>
public sealed class OpenLoop(MeterFleet fleet, GatewayPusher pusher, GatewayFaults faults, TimeProvider time)
{
    /// <summary>Batches under way at once; what is due beyond it waits its turn, and the wait counts.</summary>
    private const int Senders = 256;

    private readonly GatewayState[] _states = [.. Enumerable.Range(0, fleet.Gateways).Select(_ => new GatewayState())];
    private Channel<int> _ready = null!;
    private int _turns;

    /// <summary>Readings that fell due and were not acknowledged yet.</summary>
    private long _underWay;

    /// <summary>One stretch. The next goes on with each gateway's next round, so that no meter misses an interval between them.</summary>
    /// <param name="speed">Times real time; 1 sends a round each interval.</param>
    /// <param name="behindMax">Once so much of the schedule is not acknowledged nothing more falls due; null goes on to the end, whatever the grid
    /// does.</param>
    public async Task RunAsync(TimeSpan length, double speed, TimeSpan? behindMax, CancellationToken cancel)
    {
        _ready = Channel.CreateUnbounded<int>();
        var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendLoopAsync(cancel), cancel)).ToArray();
        var started = time.GetTimestamp();
        var perBatch = TimeSpan.FromMilliseconds(fleet.Options.IntervalMs / speed / fleet.Gateways);
        var behind = behindMax is { } most ? most / perBatch * fleet.Options.PerGateway : double.MaxValue;
        long n = 0;
        for (; !cancel.IsCancellationRequested; n++)
        {
            var due = perBatch * n;
            if (due > length || Interlocked.Read(ref _underWay) > behind)
            {
                break;
            }

            var wait = due - time.GetElapsedTime(started);
            if (wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait, time, cancel);
            }

            FallsDue((int)(n % fleet.Gateways), _turns + (int)(n / fleet.Gateways), started + (long)(due.TotalSeconds * time.TimestampFrequency));
        }

        _turns += 1 + (int)((n - 1) / fleet.Gateways);

        // What has no link gets it back, so that everything due is sent in the end.
        for (var gateway = 0; gateway < _states.Length; gateway++)
        {
            Restore(gateway, time.GetTimestamp());
        }

        _ready.Writer.Complete();
        await Task.WhenAll(senders);
    }

    private void FallsDue(int gateway, int round, long dueAt)
    {
        var meters = fleet.MetersOf(gateway);
        Interlocked.Add(ref pusher.Measures.Offered, meters.To - meters.From);
        Interlocked.Add(ref _underWay, meters.To - meters.From);
        var state = _states[gateway];
        lock (state)
        {
            if (round >= state.LostUntil && faults.LosesLinkFor(gateway, round) is > 0 and var lost)
            {
                state.LostUntil = round + lost;
                pusher.Measures.Note("links lost");
            }

            state.Due.Enqueue(dueAt);
            var isLost = round < state.LostUntil;
            if (state.WasLost && !isLost)
            {
                state.AllDueAt(dueAt);
            }

            state.WasLost = isLost;
            if (!isLost)
            {
                Queue(gateway, state);
            }
        }
    }

    private void Restore(int gateway, long now)
    {
        var state = _states[gateway];
        lock (state)
        {
            if (state.WasLost)
            {
                state.WasLost = false;
                state.AllDueAt(now);
                Queue(gateway, state);
            }
        }
    }

    private void Queue(int gateway, GatewayState state)
    {
        if (!state.IsQueued && state.Due.Count > 0)
        {
            state.IsQueued = true;
            _ready.Writer.TryWrite(gateway);
        }
    }

    private async Task SendLoopAsync(CancellationToken cancel)
    {
        var lines = new LineBuffer();
        await foreach (var gateway in _ready.Reader.ReadAllAsync(cancel))
        {
            var state = _states[gateway];
            var meters = fleet.MetersOf(gateway);
            while (Take(state) is { DueAt.Length: > 0 } batch)
            {
                await pusher.PushAsync(gateway, batch.First, batch.DueAt, lines, cancel);
                Interlocked.Add(ref _underWay, (meters.From - meters.To) * batch.DueAt.Length);
            }
        }
    }

    /// <summary>The rounds to send now, at most what one request may hold; none lets the gateway go.</summary>
    private (int First, long[] DueAt) Take(GatewayState state)
    {
        lock (state)
        {
            var rounds = Math.Min(state.Due.Count, Host.Ingest.IngestLimits.ItemsMax / fleet.Options.PerGateway / 2);
            if (rounds == 0 || state.WasLost)
            {
                state.IsQueued = false;
                return (0, []);
            }

            var dueAt = new long[rounds];
            for (var i = 0; i < rounds; i++)
            {
                dueAt[i] = state.Due.Dequeue();
            }

            state.Next += rounds;
            return (state.Next - rounds, dueAt);
        }
    }

    private sealed class GatewayState
    {
        public int Next;
        public readonly Queue<long> Due = new();
        public int LostUntil;
        public bool WasLost;
        public bool IsQueued;

        /// <summary>What waits counts from this moment: the link came back.</summary>
        public void AllDueAt(long at)
        {
            for (var i = Due.Count; i > 0; i--)
            {
                Due.Dequeue();
                Due.Enqueue(at);
            }
        }
    }
}
