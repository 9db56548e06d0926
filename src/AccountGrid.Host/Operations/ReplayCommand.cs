using System.Globalization;
using System.Text;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Security;
using Spectre.Console;

namespace AccountGrid.Host.Operations;

/// <summary>How a file is replayed.</summary>
/// <param name="Speed">Times real time; 0 is as fast as the grid takes it.</param>
/// <param name="Provision">Register an account and a meter for each meter id first.</param>
/// <param name="Tariff">Name of the tariff for provisioned accounts.</param>
/// <param name="CapacityW">Capacity of provisioned meters, W.</param>
/// <param name="ShuffleSeed">Shuffles gateways' order, and each meter's values within a UTC day; null keeps order.</param>
/// <param name="ResendEvery">Every so many batches one is sent twice; 0 is never.</param>
/// <param name="MetersPerGateway">Meters behind one gateway.</param>
/// <param name="BatchItems">Readings in a batch.</param>
public sealed record ReplayOptions(
    double Speed = 0, bool Provision = false, string Tariff = "demo-flat", long CapacityW = 100_000, int? ShuffleSeed = null, int ResendEvery = 0, int MetersPerGateway = 50, int BatchItems = 2_000);

/// <summary>What a replay came to.</summary>
public sealed record ReplaySummary(int Meters, long Readings, long Accepted, long Duplicates, long Rejected, long Resent, double Seconds, IReadOnlyList<string> FirstErrors);

/// <summary>
/// Pushes interval data as cumulative registers through the HTTP API, from one task per gateway, in order of time. A meter's register starts high enough
/// that corrections in the data never take it below zero.
/// </summary>
public sealed class Replay(GridClient client, List<IntervalSeries> series, ReplayOptions options, TimeProvider time)
{
    /// <summary>Register of every meter before its first interval, Wh.</summary>
    public const long StartWh = 1_000_000;

    private const int ErrorsKept = 5;

    private readonly List<string> _errors = [];
    private long _sent;
    private long _accepted;
    private long _duplicates;
    private long _rejected;
    private long _resent;

    public long Sent => Interlocked.Read(ref _sent);

    public long Total { get; } = series.Sum(s => (long)s.Intervals.Count);

    public async Task<ReplaySummary> RunAsync(CancellationToken cancel = default)
    {
        var started = time.GetTimestamp();
        var gateways = await GatewaysAsync();
        if (options.ShuffleSeed is { } seed)
        {
            gateways = [.. gateways.OrderBy(g => Mix(seed, g.Name))];
        }

        var firstMs = series.Min(s => s.Intervals.Min(i => i.EndMs));
        try
        {
            await Task.WhenAll(gateways.Select(g => PushAsync(g, firstMs, started, cancel)));
        }
        finally
        {
            gateways.Where(g => g.Client != client).ToList().ForEach(g => g.Client.Dispose());
        }

        return new ReplaySummary(series.Count, Total, _accepted, _duplicates, _rejected, _resent, time.GetElapsedTime(started).TotalSeconds, _errors);
    }

    private async Task<List<Gateway>> GatewaysAsync()
    {
        var groups = series.Chunk(options.MetersPerGateway).Select((meters, i) => (Name: $"replay-{i + 1:000}", Meters: meters)).ToList();
        if (options.Provision)
        {
            await ProvisionAsync(groups);
        }

        var gateways = new List<Gateway>();
        foreach (var (name, meters) in groups)
        {
            var key = options.Provision ? (await client.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "replay", name))).Key : null;
            gateways.Add(new Gateway(name, meters, key is null ? client : new GridClient(client.Url, key)));
        }

        return gateways;
    }

    private async Task ProvisionAsync(List<(string Name, IntervalSeries[] Meters)> groups)
    {
        foreach (var tariff in ExampleTariffs.All.Where(t => t.Id == options.Tariff))
        {
            await client.PostAsync<TariffDefinition>("/v1/tariffs", tariff);
        }

        foreach (var (name, meters) in groups)
        {
            await client.RegisterAsync("/v1/gateways", new GatewayRequest(name));
            await Parallel.ForEachAsync(meters, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (meter, _) =>
            {
                var from = meter.Intervals.Min(i => i.EndMs) - Math.Max(meter.StepMs, 1000);
                var account = new OpenAccountRequest(meter.Meter, options.Tariff, OpenedOn: DateOnly.FromDateTime(Instants.ToInstant(from).UtcDateTime));
                await client.PostAsync<AccountAnswer>("/v1/accounts", account);
                var install = new InstallMeterRequest(meter.Meter, name, meter.Meter, Instants.ToInstant(from), StartWh, options.CapacityW, 0, meter.StepMs / 1000);
                await client.PostAsync<MeterAnswer>("/v1/meters", install);
            });
        }
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
            var register = StartWh * 1000;
            foreach (var interval in meter.Intervals)
            {
                register += interval.MilliWh;
                readings.Add(new RegisterValue(meter.Meter, interval.EndMs, register));
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

    private sealed record Gateway(string Name, IReadOnlyList<IntervalSeries> Meters, GridClient Client);

    private readonly record struct RegisterValue(string Meter, long EndMs, long RegisterMilliWh);
}

/// <summary>The verb: reads the file, replays it with a progress bar, says what came of it.</summary>
internal static class ReplayCommand
{
    public static async Task<int> RunAsync(string file, string? data, string? url, string? key, ReplayOptions options, CancellationToken cancel)
    {
        List<IntervalSeries> series;
        try
        {
            series = await IntervalFile.ReadAsync(file);
        }
        catch (Exception e) when (e is FormatException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file}: {e.Message}");
            return 2;
        }

        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        var replay = new Replay(session.Client, series, options, TimeProvider.System);
        var summary = await WithProgressAsync(replay, cancel);
        Console.WriteLine(
            $"{summary.Readings} readings of {summary.Meters} meters in {summary.Seconds:0.0} s ({summary.Readings / summary.Seconds:0} a second): "
            + $"{summary.Accepted} accepted, {summary.Duplicates} duplicates, {summary.Rejected} rejected, {summary.Resent} batches sent twice.");
        foreach (var error in summary.FirstErrors)
        {
            Console.WriteLine($"  rejected: {error}");
        }

        return summary.Rejected > 0 ? 1 : 0;
    }

    private static async Task<ReplaySummary> WithProgressAsync(Replay replay, CancellationToken cancel)
    {
        if (Console.IsOutputRedirected)
        {
            return await replay.RunAsync(cancel).WaitAsync(cancel);
        }

        return await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask("Readings", maxValue: replay.Total);
            var run = replay.RunAsync(cancel).WaitAsync(cancel);
            while (!run.IsCompleted)
            {
                await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
                task.Value = replay.Sent;
            }

            return await run;
        });
    }
}
