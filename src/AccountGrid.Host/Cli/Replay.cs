using System.Globalization;
using System.Text;
using AccountGrid.Domain;
using AccountGrid.Host.Client;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Security;
using Spectre.Console;

namespace AccountGrid.Host.Cli;

/// <summary>
/// Pushes interval data as cumulative registers through the HTTP API, from one task per gateway, in order of time. A meter that the grid knows goes on from
/// the register that it has there, so that a file may follow another, or come twice.
/// </summary>
public sealed class Replay(GridClient client, List<IntervalSeries> series, ReplayOptions options, TimeProvider time)
{
    private const int ErrorsKept = 5;
    private const int AtOnce = 8;

    private readonly List<IntervalPlan> _plans = [.. series.Select(IntervalPlan.Of)];
    private readonly List<string> _errors = [];
    private readonly List<string> _unplaced = [];
    private long _sent;
    private long _accepted;
    private long _duplicates;
    private long _rejected;
    private long _resent;

    public long Sent => Interlocked.Read(ref _sent);

    public long Total => _plans.Sum(p => (long)p.Intervals.Count);

    public async Task<ReplaySummary> RunAsync(CancellationToken cancel = default)
    {
        var started = time.GetTimestamp();
        var gateways = await GatewaysAsync();
        if (options.ShuffleSeed is { } seed)
        {
            gateways = [.. gateways.OrderBy(g => Mix(seed, g.Name))];
        }

        try
        {
            var firstMs = gateways.SelectMany(g => g.Meters).Select(m => m.Plan.Intervals[0].EndMs).DefaultIfEmpty(0).Min();
            await Task.WhenAll(gateways.Select(g => PushAsync(g, firstMs, started, cancel)));
        }
        finally
        {
            gateways.Where(g => g.Client != client).ToList().ForEach(g => g.Client.Dispose());
        }

        return new ReplaySummary(
            _plans.Count, _sent, _plans.Sum(p => p.Repeated), _plans.Sum(p => p.Netted), [.. _plans.SelectMany(p => p.Refused), .. _unplaced], _accepted,
            _duplicates, _rejected, _resent,
            time.GetElapsedTime(started).TotalSeconds, _errors);
    }

    /// <summary>
    /// Meters with the register that each begins at, behind their gateways. New ones have a gateway with a key of its own, others are sent with the caller's
    /// key.
    /// </summary>
    private async Task<List<Gateway>> GatewaysAsync()
    {
        var gateways = new List<Gateway>();
        foreach (var (meters, index) in _plans.Where(p => p.Intervals.Count > 0).Chunk(options.MetersPerGateway).Select((m, i) => (m, i)))
        {
            var name = $"replay-{index + 1:000}";
            var placed = await PlaceAsync(name, meters);
            if (placed.Exists(m => m.IsNew))
            {
                var key = (await client.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "replay", name))).Key;
                gateways.Add(new Gateway(name, placed.FindAll(m => m.IsNew), new GridClient(client.Url, key)));
            }

            gateways.Add(new Gateway($"{name} known", placed.FindAll(m => !m.IsNew), client));
        }

        return gateways.FindAll(g => g.Meters.Count > 0);
    }

    private async Task<List<PlacedMeter>> PlaceAsync(string gateway, IntervalPlan[] meters)
    {
        var provision = options.Provision ? await MeterProvision.BeginAsync(client, options, gateway) : null;
        var placed = new List<PlacedMeter>();
        await Parallel.ForEachAsync(meters, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (plan, _) =>
        {
            var isNew = provision is not null && await provision.InstallAsync(plan);
            var (startWh, wrong) = isNew ? (MeterProvision.StartWh, null) : await RegisterStart.FindAsync(client, plan);
            lock (placed)
            {
                if (startWh is { } wh)
                {
                    placed.Add(new PlacedMeter(plan, wh, isNew));
                }
                else
                {
                    _unplaced.Add(wrong!);
                }
            }
        });
        return [.. placed.OrderBy(m => m.Plan.Meter, StringComparer.Ordinal)];
    }

    private async Task PushAsync(Gateway gateway, long firstMs, long started, CancellationToken cancel)
    {
        var readings = ReadingsOf(gateway);
        var body = new StringBuilder();
        var random = new Random(options.ShuffleSeed ?? 0);
        for (var i = 0; i < readings.Count; i += options.BatchItems)
        {
            cancel.ThrowIfCancellationRequested();
            body.Clear();
            var batch = readings[i..Math.Min(readings.Count, i + options.BatchItems)];
            foreach (var r in batch)
            {
                body.Append(CultureInfo.InvariantCulture, $"{{\"meter\":\"{r.Meter}\",\"ts\":{r.EndMs},\"value\":{r.RegisterMilliWh},\"scale\":-3}}\n");
            }

            if (options.Speed > 0)
            {
                var due = TimeSpan.FromMilliseconds((batch[^1].EndMs - firstMs) / options.Speed) - time.GetElapsedTime(started);
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due, time, cancel);
                }
            }

            var bytes = Encoding.UTF8.GetBytes(body.ToString());
            Count(await gateway.Client.PushAsync(bytes), batch.Count);
            if (options.ResendEvery > 0 && random.Next(options.ResendEvery) == 0)
            {
                await gateway.Client.PushAsync(bytes);
                Interlocked.Increment(ref _resent);
            }
        }
    }

    private List<RegisterValue> ReadingsOf(Gateway gateway)
    {
        var readings = new List<RegisterValue>();
        foreach (var meter in gateway.Meters)
        {
            var register = meter.StartWh * 1000;
            foreach (var interval in meter.Plan.Intervals)
            {
                register += interval.MilliWh;
                readings.Add(new RegisterValue(meter.Plan.Meter, interval.EndMs, register));
            }
        }

        // Shuffled within a UTC day, whichever that is for the tariff: a little more disorder than within a local one.
        return options.ShuffleSeed is { } seed
            ? [.. readings.OrderBy(r => (r.EndMs - 1) / Instants.MsPerDay).ThenBy(r => Mix(seed, r.Meter + r.EndMs.ToString(CultureInfo.InvariantCulture)))]
            : [.. readings.OrderBy(r => r.EndMs)];
    }

    private void Count(BatchAnswer answer, int items)
    {
        Interlocked.Add(ref _sent, items);
        Interlocked.Add(ref _accepted, answer.Accepted);
        Interlocked.Add(ref _duplicates, answer.Duplicates);
        Interlocked.Add(ref _rejected, answer.Rejected);
        lock (_errors)
        {
            _errors.AddRange(answer.Errors.Take(ErrorsKept - _errors.Count).Select(e => $"{e.Code}: {e.Detail}"));
        }
    }

    private static ulong Mix(int seed, string text) => Partitions.IdHash.Of($"{seed}:{text}");

    private sealed record Gateway(string Name, IReadOnlyList<PlacedMeter> Meters, GridClient Client);

    /// <param name="StartWh">Register before the first interval, Wh.</param>
    private sealed record PlacedMeter(IntervalPlan Plan, long StartWh, bool IsNew);

    private readonly record struct RegisterValue(string Meter, long EndMs, long RegisterMilliWh);
}
