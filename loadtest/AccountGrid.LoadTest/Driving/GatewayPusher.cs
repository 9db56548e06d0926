using System.Net;
using System.Net.Http.Headers;
using AccountGrid.Host.Ingest;
using AccountGrid.LoadTest.Fleet;

namespace AccountGrid.LoadTest.Driving;

/// <summary>
/// Sends gateways' rounds: generates them in order, holds what is late, tries again until the grid has taken them, resends some, and enters into the
/// fleet's books what was accepted. One caller at a time for each gateway.
/// </summary>
public sealed class GatewayPusher(MeterFleet fleet, GridApi api, GatewayFaults faults, TimeProvider time)
{
    /// <summary>Of a late batch every so many-th line waits.</summary>
    private const int HeldEvery = 10;

    /// <summary>The first of them; who is watched is not among them.</summary>
    private const int HeldFrom = 5;

    private AuthenticationHeaderValue[]? _keys;

    private readonly Dictionary<int, (LineBuffer Lines, int Round)> _held = [];

    public PushMeasures Measures { get; } = new();

    /// <summary>A key of its own for each gateway; until then all push with the one of the <see cref="GridApi"/>.</summary>
    public void UseKeys(IReadOnlyList<string> keys) => _keys = [.. keys.Select(k => new AuthenticationHeaderValue("Bearer", k))];

    /// <summary>Another way to send a gateway's lines than the API's over HTTP.</summary>
    internal Func<int, LineBuffer, CancellationToken, Task<PushOutcome>>? Way { get; init; }

    /// <summary>Told of each acknowledged push.</summary>
    public Action<Acknowledged>? OnAcknowledged { get; set; }

    /// <summary>Whether the line of a gateway's meter, counted from 0, can be one that waits for the next batch.</summary>
    public static bool MayBeHeld(int line) => line % HeldEvery == HeldFrom;

    /// <summary>Pushes rounds of a gateway in one batch, and comes back when they are acknowledged.</summary>
    /// <param name="dueAt">Timestamp of when each round fell due: its latency counts from there.</param>
    public async Task PushAsync(int gateway, int firstRound, IReadOnlyList<long> dueAt, LineBuffer lines, CancellationToken cancel)
    {
        var rounds = dueAt.Count;
        var (from, to) = fleet.MetersOf(gateway);
        var meters = to - from;
        var energy = new int[meters * rounds];
        lines.Clear();
        for (var i = 0; i < rounds; i++)
        {
            fleet.Generate(gateway, firstRound + i, faults.DriftMsOf(gateway, firstRound + i, fleet.Options.IntervalMs), lines,
                energy.AsSpan(i * meters, meters));
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
            await SendAsync(gateway, lines, [time.GetTimestamp()], cancel);
        }

        GiveUpKept();
    }

    /// <summary>At the end: lines that the grid still asks for later are counted as refused.</summary>
    private void GiveUpKept()
    {
        lock (_held)
        {
            foreach (var (gateway, kept) in _held)
            {
                Interlocked.Add(ref Measures.Rejected, kept.Lines.Lines);
                Measures.Note("asked for later to the end");
                fleet.LeaveOut(gateway);
            }

            _held.Clear();
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
            lines.Withhold(HeldFrom, HeldEvery, held);
            lock (_held)
            {
                _held[gateway] = (held, round);
            }

            Measures.Note("batches with late lines");
        }

        if (before.Lines is not null)
        {
            lines.Append(before.Lines.Written.Span, before.Lines.Lines);
        }
    }

    /// <summary>
    /// Enters an answer. A gateway of which a line was refused, or is in no count of its answer, is left out of the books: what it must come to is not known.
    /// </summary>
    private void Count(int gateway, LineBuffer lines, BatchAnswer answer)
    {
        var unanswered = lines.Lines - answer.Accepted - answer.Duplicates - answer.Rejected;
        var refused = answer.Rejected - Keep(gateway, lines, answer);
        Interlocked.Add(ref Measures.Accepted, answer.Accepted);
        Interlocked.Add(ref Measures.Rejected, refused + Math.Abs(unanswered));
        if (unanswered != 0)
        {
            Measures.Note("answers that do not add up");
        }

        if (answer.Rejected > 0)
        {
            Measures.Note(answer.Errors is [var first, ..] ? $"rejected: {first.Code}" : "rejected");
        }

        if (refused > 0 || unanswered != 0)
        {
            fleet.LeaveOut(gateway);
        }
    }

    /// <summary>Keeps the lines that must be sent again later, to go with the gateway's next batch. Returns how many.</summary>
    private int Keep(int gateway, LineBuffer lines, BatchAnswer answer)
    {
        var later = answer.Errors.Where(e => e.Resend == Resend.Later).Select(e => e.Line - 1).ToHashSet();
        if (later.Count == 0)
        {
            return 0;
        }

        lock (_held)
        {
            var kept = _held.TryGetValue(gateway, out var held) ? held : (Lines: new LineBuffer(), Round: 0);
            lines.CopyTo(later, kept.Lines);
            _held[gateway] = kept;
        }

        return later.Count;
    }

    private async Task SendAsync(int gateway, LineBuffer lines, IReadOnlyList<long> dueAt, CancellationToken cancel)
    {
        while (true)
        {
            var sent = time.GetTimestamp();
            try
            {
                Interlocked.Increment(ref Measures.Requests);
                var outcome = Way is { } way ? await way(gateway, lines, cancel) : await api.PushAsync(lines.Written, _keys?[gateway], cancel);
                if (outcome.Answer is { } answer)
                {
                    var now = time.GetTimestamp();
                    foreach (var due in dueAt)
                    {
                        Measures.Acknowledgement.Record(time.GetElapsedTime(due, now));
                    }

                    Measures.Service.Record(time.GetElapsedTime(sent, now));
                    Count(gateway, lines, answer);
                    return;
                }

                Measures.Note($"status {(int)outcome.Status!}");
                if (outcome.Status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError
                    or HttpStatusCode.BadGateway))
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
