using System.Collections.Concurrent;
using System.Globalization;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Driving;

/// <summary>
/// Queries, top-ups, subscriptions, and samples of freshness. All that they pay is kept for the books. What fails is asked again, and the time counts: a
/// fault's dip is in the percentiles.
/// </summary>
/// <param name="isReserved">Accounts that get no top-up.</param>
public sealed class Probes(MeterFleet fleet, GridApi api, ProbeOptions options, int seed, TimeProvider time, Func<int, bool>? isReserved = null)
{
    /// <summary>How often a watched balance is looked at: freshness is told to so much.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>A reading that does not show, or a query that is not answered, for so long counts as that long.</summary>
    private static readonly TimeSpan GivesUp = TimeSpan.FromSeconds(60);

    /// <summary>How long until what failed is asked again.</summary>
    private static readonly TimeSpan AsksAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Queries under way at once; what is due beyond it waits, and the wait counts.</summary>
    private const int QueriesAtOnce = 64;

    private readonly ConcurrentDictionary<int, decimal> _paid = new();
    private long _nextSampleAt;
    private long _topUps;
    private long _liveEvents;
    private int _samples;

    public Latencies Queries { get; } = new();

    public Latencies TopUps { get; } = new();

    public Latencies Freshness { get; } = new();

    public ConcurrentDictionary<string, long> Trouble { get; } = new();

    public long LiveEvents => Interlocked.Read(ref _liveEvents);

    /// <summary>What was paid onto an account, in units.</summary>
    public decimal PaidOf(int meter) => _paid.GetValueOrDefault(meter);

    public void NotePaid(int meter, decimal amount) => _paid.AddOrUpdate(meter, amount, (_, before) => before + amount);

    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(
        PacedAsync(options.QueriesPerSecond, QueryAsync, cancel),
        PacedAsync(options.TopUpsPerSecond, TopUpAsync, cancel),
        Task.WhenAll(Enumerable.Range(0, options.Subscriptions).Select(i => SubscribeAsync(i, cancel))));

    /// <summary>Watches a pushed reading until its account's balance shows it, at the asked rate of samples.</summary>
    public void Sample(Acknowledged pushed, CancellationToken cancel)
    {
        if (options.FreshnessPerSecond <= 0)
        {
            return;
        }

        var next = Interlocked.Read(ref _nextSampleAt);
        var now = time.GetTimestamp();
        var period = (long)(time.TimestampFrequency / options.FreshnessPerSecond);
        if (now >= next && Interlocked.CompareExchange(ref _nextSampleAt, now + period, next) == next)
        {
            var (from, to) = fleet.MetersOf(pushed.Gateway);
            var line = (int)(unchecked((uint)(pushed.Round * 7919)) % (uint)(to - from));
            var meter = from + (GatewayPusher.MayBeHeld(line) ? line - 1 : line);
            Interlocked.Increment(ref _samples);
            _ = WatchAsync(meter, fleet.RegisterOf(meter), pushed.At, cancel);
        }
    }

    /// <summary>Waits for the samples that are under way.</summary>
    public async Task SamplesAsync(CancellationToken cancel)
    {
        while (Volatile.Read(ref _samples) > 0)
        {
            await Task.Delay(LookEvery, time, cancel);
        }
    }

    private async Task WatchAsync(int meter, long registerWh, long acknowledgedAt, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                var shows = false;
                try
                {
                    shows = (await api.BalanceAsync(fleet.AccountId(meter), cancel)).Meters[0].RegisterWh >= registerWh;
                }
                catch (Exception e) when (IsFailure(e) && !cancel.IsCancellationRequested)
                {
                    Trouble.AddOrUpdate($"freshness: {NameOf(e)}", 1, (_, n) => n + 1);
                    await Task.Delay(AsksAgainAfter, time, cancel);
                }

                var age = time.GetElapsedTime(acknowledgedAt);
                if (shows || age > GivesUp)
                {
                    Freshness.Record(age);
                    return;
                }

                await Task.Delay(LookEvery, time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Broken off.
        }
        finally
        {
            Interlocked.Decrement(ref _samples);
        }
    }

    private static bool IsFailure(Exception e) => e is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException or IOException;

    private static string NameOf(Exception e) => (e as HttpRequestException)?.StatusCode?.ToString() ?? e.GetType().Name;

    private async Task PacedAsync(double perSecond, Func<long, long, CancellationToken, Task> work, CancellationToken cancel)
    {
        if (perSecond <= 0)
        {
            return;
        }

        using var atOnce = new SemaphoreSlim(QueriesAtOnce);
        var started = time.GetTimestamp();
        try
        {
            for (long n = 0; !cancel.IsCancellationRequested; n++)
            {
                var due = TimeSpan.FromSeconds(n / perSecond);
                var wait = due - time.GetElapsedTime(started);
                if (wait > TimeSpan.FromMilliseconds(1))
                {
                    await Task.Delay(wait, time, cancel);
                }

                await atOnce.WaitAsync(cancel);
                _ = OneAsync(n, started + (long)(due.TotalSeconds * time.TimestampFrequency));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The run is over.
        }

        // Those under way come home before the semaphore goes.
        for (var i = 0; i < QueriesAtOnce; i++)
        {
            await atOnce.WaitAsync(CancellationToken.None);
        }

        async Task OneAsync(long n, long dueAt)
        {
            try
            {
                await work(n, dueAt, CancellationToken.None);
            }
            catch (Exception e) when (IsFailure(e))
            {
                Trouble.AddOrUpdate($"{work.Method.Name}: {NameOf(e)}", 1, (_, c) => c + 1);
            }
            finally
            {
                atOnce.Release();
            }
        }
    }

    private async Task QueryAsync(long n, long dueAt, CancellationToken cancel)
    {
        var account = fleet.AccountId(Popular(n));
        while (true)
        {
            try
            {
                await api.BalanceAsync(account, cancel);
                break;
            }
            catch (Exception e) when (IsFailure(e))
            {
                Trouble.AddOrUpdate($"query: {NameOf(e)}", 1, (_, c) => c + 1);
                if (time.GetElapsedTime(dueAt) > GivesUp)
                {
                    break;
                }

                await Task.Delay(AsksAgainAfter, time, cancel);
            }
        }

        Queries.Record(time.GetElapsedTime(dueAt));
    }

    private async Task TopUpAsync(long n, long dueAt, CancellationToken cancel)
    {
        // Counted over all stretches: the same key again would be the same payment.
        var number = Interlocked.Increment(ref _topUps);
        var meter = Popular(n * 31);
        if (isReserved is not null && isReserved(meter))
        {
            meter = (meter + 1) % fleet.Options.Meters;
            if (isReserved(meter))
            {
                return;
            }
        }

        var amount = 1 + (n % 50);
        var key = $"{seed}-{fleet.Options.First}-{number}";
        for (var tries = 1; ; tries++)
        {
            try
            {
                await api.PayAsync(fleet.AccountId(meter), amount.ToString(CultureInfo.InvariantCulture), key, cancel);
                break;
            }
            catch (Exception e) when (tries < 60
                && e is HttpRequestException { StatusCode: null or System.Net.HttpStatusCode.ServiceUnavailable or System.Net.HttpStatusCode.TooManyRequests }
                    or OperationCanceledException or IOException)
            {
                // Under its key it counts once, however often it is asked.
                await Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None);
            }
        }

        NotePaid(meter, amount);
        TopUps.Record(time.GetElapsedTime(dueAt));
    }

    private async Task SubscribeAsync(int index, CancellationToken cancel)
    {
        var account = fleet.AccountId((int)((index * 2654435761L) % fleet.Options.Meters));
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using var stream = await api.SubscribeAsync(account, cancel);
                while (await stream.ReadLineAsync(cancel) is { } line)
                {
                    if (line.StartsWith("data:", StringComparison.Ordinal))
                    {
                        Interlocked.Increment(ref _liveEvents);
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                if (!cancel.IsCancellationRequested)
                {
                    Trouble.AddOrUpdate("subscription ended", 1, (_, n) => n + 1);
                    await Task.Delay(TimeSpan.FromSeconds(1), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private int Popular(long n)
    {
        var x = unchecked((ulong)(n + seed) * 0x9e3779b97f4a7c15);
        x ^= x >> 29;
        var range = x % 10 == 0 ? fleet.Options.Meters : Math.Max(1, fleet.Options.Meters / 100);
        return (int)((x >> 8) % (ulong)range);
    }
}
