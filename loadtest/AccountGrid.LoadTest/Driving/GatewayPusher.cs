using System.Net;
using System.Net.Http.Headers;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Driving;

/// <summary>Counts and latencies of a run's pushes.</summary>
public sealed class PushMeasures
{
    public long Offered;
    public long Accepted;
    public long Rejected;
    public long Requests;

    public Latencies Acknowledgement { get; } = new();

    public Latencies Service { get; } = new();

    public Dictionary<string, long> Trouble { get; } = [];

    public void Note(string trouble)
    {
        lock (Trouble)
        {
            Trouble[trouble] = Trouble.GetValueOrDefault(trouble) + 1;
        }
    }
}

/// <summary>A round that was acknowledged, for whoever samples.</summary>
public readonly record struct Acknowledged(int Gateway, int Round, long At);

/// <summary>
/// Sends gateways' rounds: generates them in order, holds what is late, tries again until the grid has taken them, resends some, and enters into the
/// fleet's books what was accepted. One caller at a time for each gateway.
/// </summary>
public sealed class GatewayPusher(MeterFleet fleet, GridApi api, GatewayFaults faults, TimeProvider time)
{
    private AuthenticationHeaderValue[]? _keys;

    private readonly Dictionary<int, (LineBuffer Lines, int Round)> _held = [];

    public PushMeasures Measures { get; } = new();

    /// <summary>A key of its own for each gateway; until then all push with the one of the <see cref="GridApi"/>.</summary>
    public void UseKeys(IReadOnlyList<string> keys) => _keys = [.. keys.Select(k => new AuthenticationHeaderValue("Bearer", k))];

    /// <summary>Told of each acknowledged push.</summary>
    public Action<Acknowledged>? OnAcknowledged { get; set; }

    /// <summary>Pushes rounds of a gateway in one batch, and comes back when they are acknowledged.</summary>
    /// <param name="dueAt">Timestamp of when they fell due: latency counts from it.</param>
    public async Task PushAsync(int gateway, int firstRound, int rounds, long dueAt, LineBuffer lines, CancellationToken cancel)
    {
        var (from, to) = fleet.MetersOf(gateway);
        var meters = to - from;
        var energy = new int[meters * rounds];
        lines.Clear();
        var drift = faults.DriftMsOf(gateway);
        for (var i = 0; i < rounds; i++)
        {
            fleet.Generate(gateway, firstRound + i, drift, lines, energy.AsSpan(i * meters, meters));
        }

        var last = firstRound + rounds - 1;
        Hold(gateway, last, lines);
        await SendAsync(gateway, lines, dueAt, cancel);
        for (var i = 0; i < rounds; i++)
        {
            fleet.Accept(gateway, firstRound + i, energy.AsSpan(i * meters, meters));
        }

        OnAcknowledged?.Invoke(new Acknowledged(gateway, last, time.GetTimestamp()));
        if (faults.Resends(gateway, last))
        {
            await ResendAsync(gateway, lines, cancel);
        }
    }

    /// <summary>Sends once more what was acknowledged. Whether it arrives does not matter: the gateway thinks it has to.</summary>
    private async Task ResendAsync(int gateway, LineBuffer lines, CancellationToken cancel)
    {
        try
        {
            await api.PushAsync(lines.Written, _keys?[gateway], cancel);
            Measures.Note("resent");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            Measures.Note("resent in vain");
        }
    }

    /// <summary>Sends what is still held back, so that the books can be closed.</summary>
    public async Task PushHeldAsync(CancellationToken cancel)
    {
        List<(int Gateway, LineBuffer Lines)> rest;
        lock (_held)
        {
            rest = [.. _held.Select(h => (h.Key, h.Value.Lines))];
            _held.Clear();
        }

        foreach (var (gateway, lines) in rest)
        {
            await SendAsync(gateway, lines, time.GetTimestamp(), cancel);
        }
    }

    /// <summary>Adds what an earlier round held back, behind this round's lines; holds some of this one's.</summary>
    private void Hold(int gateway, int round, LineBuffer lines)
    {
        (LineBuffer Lines, int Round) before;
        lock (_held)
        {
            _held.Remove(gateway, out before);
        }

        if (faults.IsLate(gateway, round))
        {
            var held = new LineBuffer();
            lines.Withhold(10, held);
            lock (_held)
            {
                _held[gateway] = (held, round);
            }

            Measures.Note("late lines");
        }

        if (before.Lines is not null)
        {
            lines.Append(before.Lines.Written.Span, before.Lines.Lines);
        }
    }

    private async Task SendAsync(int gateway, LineBuffer lines, long dueAt, CancellationToken cancel)
    {
        while (true)
        {
            var sent = time.GetTimestamp();
            try
            {
                Interlocked.Increment(ref Measures.Requests);
                var outcome = await api.PushAsync(lines.Written, _keys?[gateway], cancel);
                if (outcome.Answer is { } answer)
                {
                    var now = time.GetTimestamp();
                    Measures.Acknowledgement.Record(time.GetElapsedTime(dueAt, now));
                    Measures.Service.Record(time.GetElapsedTime(sent, now));
                    Interlocked.Add(ref Measures.Accepted, answer.Accepted);
                    Interlocked.Add(ref Measures.Rejected, answer.Rejected);
                    if (answer.Rejected > 0)
                    {
                        Measures.Note($"rejected: {answer.Errors[0].Code}");
                    }

                    return;
                }

                Measures.Note($"status {(int)outcome.Status!}");
                if (outcome.Status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway))
                {
                    throw new InvalidOperationException($"The target refused a batch with status {(int)outcome.Status}.");
                }

                await Task.Delay(outcome.RetryAfter, time, cancel);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
            {
                // Whether it was taken is not known: sent again, which changes nothing if it was.
                Measures.Note(e is TaskCanceledException ? "timeout" : "connection");
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancel);
            }
        }
    }
}
