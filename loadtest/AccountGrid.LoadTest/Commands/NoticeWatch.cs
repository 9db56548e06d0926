using System.Globalization;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;
using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Commands;

/// <summary>
/// Accounts that will cross their low-balance level: which of their readings does, by the tester's own model, and when that was acknowledged. The grid
/// says when the notice was sent.
/// </summary>
public sealed class NoticeWatch(MeterFleet fleet, int every, GatewayFaults faults, TimeProvider time)
{
    private const decimal Level = 0.05m;

    /// <summary>A level is armed once the balance has stood at it and a hundredth more, so what is paid in lies above that.</summary>
    private const decimal Armed = 0.06m;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<int, DateTimeOffset> _crossedAt = [];

    public string? LevelOf(int meter) => IsWatched(meter, every) ? Level.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>Gives each watched account just enough that it crosses within its first readings, not all at once.</summary>
    public async Task PayInAsync(GridApi api, Probes probes)
    {
        var watched = Enumerable.Range(0, fleet.Options.Meters).Where(m => IsWatched(m, every));
        await Parallel.ForEachAsync(watched, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (meter, cancel) =>
        {
            var amount = Armed + ((1 + (meter / every % 40)) / 1_000m);
            await api.PayAsync(fleet.AccountId(meter), amount.ToString(CultureInfo.InvariantCulture),
                $"watch-{fleet.Options.Seed}-{fleet.Options.First + meter}", cancel);
            probes.NotePaid(meter, amount);
        });
        _paid = probes;
    }

    private Probes? _paid;

    public void Acknowledged(Acknowledged pushed)
    {
        // What a drifted interval costs is the grid's business, and so when it crosses.
        if (every == 0 || faults.Drifts(pushed.Gateway))
        {
            return;
        }

        var (from, to) = fleet.MetersOf(pushed.Gateway);
        for (var meter = from + ((every - (from % every)) % every); meter < to; meter += every)
        {
            lock (_crossedAt)
            {
                if (IsWatched(meter, every) && !_crossedAt.ContainsKey(meter) && _paid!.PaidOf(meter) - fleet.Charge(meter) < Level)
                {
                    _crossedAt[meter] = time.GetUtcNow();
                }
            }
        }
    }

    public async Task<NoticeSummary> SummaryAsync(GridApi api, CancellationToken cancel)
    {
        KeyValuePair<int, DateTimeOffset>[] crossed;
        lock (_crossedAt)
        {
            crossed = [.. _crossedAt];
        }

        var latencies = new Latencies();
        var missing = 0;
        var asked = time.GetTimestamp();
        await Parallel.ForEachAsync(crossed, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel }, async (crossing, stop) =>
        {
            var sentAt = await api.NoticeSentAsync(fleet.AccountId(crossing.Key), "low-balance", stop);
            while (sentAt is null && time.GetElapsedTime(asked) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, stop);
                sentAt = await api.NoticeSentAsync(fleet.AccountId(crossing.Key), "low-balance", stop);
            }

            if (sentAt is { } at)
            {
                latencies.Record(at - crossing.Value);
            }
            else
            {
                Interlocked.Increment(ref missing);
            }
        });
        return new NoticeSummary(latencies.Summary(), crossed.Length, missing);
    }

    /// <summary>Neither a meter whose line may wait for the next batch, nor one that is topped up, is watched: when it crosses would not be known.</summary>
    public static bool IsWatched(int meter, int every) => every > 0 && meter % every == 0 && !GatewayPusher.MayBeHeld(meter);
}
