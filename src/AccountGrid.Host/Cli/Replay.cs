using System.Globalization;
using System.Text;
using AccountGrid.Domain;
using AccountGrid.Host.Client;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.MeterFiles;
using AccountGrid.Host.Security;
using Spectre.Console;

namespace AccountGrid.Host.Cli;

/// <summary>
/// Pushes a file's meter data as cumulative registers through the HTTP API, from one task per gateway, in order of time. Intervals of a meter that the grid
/// knows go on from the register that it has there, so that a file may follow another, or come twice.
/// </summary>
public sealed class Replay(GridClient client, IReadOnlyList<MeterPlan> plans, ReplayOptions options, TimeProvider time)
{
    private const int ErrorsKept = 5;
    private const int AtOnce = 8;

    private readonly List<string> _errors = [];
    private readonly GridMeterValues _values = new(client);
    private readonly FileErrors _refused = new();
    private long _sent;
    private long _accepted;
    private long _duplicates;
    private long _rejected;
    private long _resent;

    public Replay(GridClient client, IEnumerable<IntervalSeries> series, ReplayOptions options, TimeProvider time)
        : this(client, [.. MeterPlan.Of(series, []).Select(p => p with { Rules = PlacingRules.OfIntervals })], options, time)
    {
    }

    public long Sent => Interlocked.Read(ref _sent);

    public long Total => plans.Sum(p => (long)p.Count);

    public async Task<ReplaySummary> RunAsync(CancellationToken cancel = default)
    {
        var started = time.GetTimestamp();
        foreach (var plan in plans)
        {
            _refused.Add(plan.Refused);
        }

        var gateways = await GatewaysAsync();
        if (options.ShuffleSeed is { } seed)
        {
            gateways = [.. gateways.OrderBy(g => Mix(seed, g.Name))];
        }

        try
        {
            var firstMs = gateways.SelectMany(g => g.Meters).SelectMany(m => m.Placed.Values).Select(v => v.Point.TimeMs).DefaultIfEmpty(0).Min();
            await Task.WhenAll(gateways.Select(g => PushAsync(g, firstMs, started, cancel)));
            if (_rejected == 0)
            {
                await MeterSettling.WaitAsync(gateways.SelectMany(g => g.Meters).Select(m => m.Placed), _values, time, cancel);
            }
        }
        finally
        {
            gateways.Where(g => g.Client != client).ToList().ForEach(g => g.Client.Dispose());
        }

        return new ReplaySummary(
            plans.Count, _sent, plans.Sum(p => p.Repeated), plans.Sum(p => p.Netted),
            [.. _refused.First.OrderBy(e => e.Line).Select(e => e.ToString())], _accepted, _duplicates, _rejected, _resent,
            time.GetElapsedTime(started).TotalSeconds, _errors, _refused.Count - _refused.First.Count);
    }

    /// <summary>
    /// Meters with the register that each begins at, behind their gateways. New ones have a gateway with a key of its own, others are sent with the caller's
    /// key.
    /// </summary>
    private async Task<List<Gateway>> GatewaysAsync()
    {
        var gateways = new List<Gateway>();
        foreach (var (meters, index) in plans.Where(p => p.Count > 0).Chunk(options.MetersPerGateway).Select((m, i) => (m, i)))
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

    private async Task<List<GatewayMeter>> PlaceAsync(string gateway, MeterPlan[] meters)
    {
        var provision = options.Provision ? await MeterProvision.BeginAsync(client, options, gateway) : null;
        var placed = new List<GatewayMeter>();
        await Parallel.ForEachAsync(meters, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (plan, _) =>
        {
            var isNew = provision is not null && await provision.InstallAsync(plan);
            var meter = isNew ? MeterPlacing.PlaceNew(plan, MeterProvision.StartWh) : await MeterPlacing.PlaceAsync(plan, _values);
            lock (placed)
            {
                placed.Add(new GatewayMeter(meter, isNew));
                _refused.Add(meter.Refused);
            }
        });
        return [.. placed.OrderBy(m => m.Placed.Meter, StringComparer.Ordinal)];
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
            foreach (var (meter, value) in batch)
            {
                ReadingLine.Append(body, meter, value);
            }

            if (options.Speed > 0)
            {
                var due = TimeSpan.FromMilliseconds((batch[^1].Value.Point.TimeMs - firstMs) / options.Speed) - time.GetElapsedTime(started);
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

    private List<(string Meter, PlacedValue Value)> ReadingsOf(Gateway gateway)
    {
        var readings = gateway.Meters.SelectMany(m => m.Placed.Values.Select(v => (m.Placed.Meter, Value: v)));

        // Shuffled within a UTC day, whichever that is for the tariff: a little more disorder than within a local one.
        return options.ShuffleSeed is { } seed
            ? [.. readings.OrderBy(r => (r.Value.Point.TimeMs - 1) / Instants.MsPerDay)
                .ThenBy(r => Mix(seed, r.Meter + r.Value.Point.TimeMs.ToString(CultureInfo.InvariantCulture)))]
            : [.. readings.OrderBy(r => r.Value.Point.TimeMs)];
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

    private sealed record Gateway(string Name, IReadOnlyList<GatewayMeter> Meters, GridClient Client);

    private sealed record GatewayMeter(PlacedMeter Placed, bool IsNew);
}
