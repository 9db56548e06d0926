using System.Buffers;
using System.Runtime.InteropServices;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Ingest;

/// <summary>
/// What all ingest endpoints share: finds each reading's meter and its route, checks that this gateway may push it, appends everything that may pass in
/// one group commit, and answers after it. Throws what the log throws; nothing of the batch is then acknowledged.
/// </summary>
public sealed class ReadingIntake(MeterDirectory routes, ReadingLog log, GridOptions options, TimeProvider time)
{
    /// <summary>Latest time that a reading may carry now, UTC ms.</summary>
    public long LatestMs => time.GetUtcNow().ToUnixTimeMilliseconds() + options.ClockDriftMs;

    /// <param name="gateway">Number of the pushing gateway; 0 may push any meter.</param>
    public async Task<IntakeResult> TakeAsync(WireBatch batch, int gateway)
    {
        await LookUpUnknownAsync(batch);
        var routed = ArrayPool<RoutedReading>.Shared.Rent(batch.Readings.Count);
        try
        {
            var accepted = Route(batch, gateway, routed, out var duplicates);
            if (accepted > 0)
            {
                await log.AppendAsync(routed.AsSpan(0, accepted));
            }

            batch.Errors.Sort((a, b) => a.Line.CompareTo(b.Line));
            return new IntakeResult(accepted, duplicates, batch.Errors, batch.Errors.Count);
        }
        finally
        {
            ArrayPool<RoutedReading>.Shared.Return(routed);
        }
    }

    /// <summary>Finds each reading's route; says of each that cannot pass why. Returns how many may.</summary>
    private int Route(WireBatch batch, int gateway, RoutedReading[] routed, out int duplicates)
    {
        var readings = CollectionsMarshal.AsSpan(batch.Readings);
        var seen = new SeenInBatch(readings);
        var accepted = 0;
        duplicates = 0;
        for (var i = 0; i < readings.Length; i++)
        {
            ref readonly var item = ref readings[i];
            if (!routes.TryFind(item.Reading.MeterHash, out var route))
            {
                batch.Errors.Add(new LineRefusal(item.Line, new Refusal(ReadingRefusals.MeterUnknown, "meter: no such meter is registered.")));
            }
            else if (gateway != 0 && route.Gateway != gateway)
            {
                batch.Errors.Add(new LineRefusal(item.Line, new Refusal(ReadingRefusals.MeterNotYours, "meter: it is registered with another gateway.")));
            }
            else if (!seen.Add(i))
            {
                duplicates++;
            }
            else
            {
                var wire = item.Reading;
                routed[accepted++] =
                    new RoutedReading(route.Partition, new Reading(route.Meter, wire.Register, wire.TimeMs, wire.ValueWh, wire.Quality, wire.Revision));
            }
        }

        seen.Dispose();
        return accepted;
    }

    private async Task LookUpUnknownAsync(WireBatch batch)
    {
        HashSet<ulong>? unknown = null;
        foreach (var (_, wire) in batch.Readings)
        {
            if (!routes.TryFind(wire.MeterHash, out _))
            {
                (unknown ??= []).Add(wire.MeterHash);
            }
        }

        if (unknown is not null)
        {
            await routes.LookUpAsync(unknown);
        }
    }
}
