using System.Buffers;
using System.Runtime.InteropServices;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;
using AccountGrid.Host.Measures;
using AccountGrid.Host.Telemetry;

namespace AccountGrid.Host.Ingest;

/// <summary>
/// What all ingest endpoints share: finds each reading's meter and its route, checks that this gateway may push it, appends everything that may pass in
/// one group commit, and answers after it. Throws what the log throws; nothing of the batch is then acknowledged.
/// </summary>
public sealed class ReadingIntake(MeterDirectory routes, ReadingLog log, GridOptions options, GridMeasures measures, TimeProvider time)
{
    /// <summary>Latest time that a reading may carry now, UTC ms.</summary>
    public long LatestMs => time.GetUtcNow().ToUnixTimeMilliseconds() + options.ClockDriftMs;

    /// <summary>Takes what a gateway pushed, whichever way it came. Each reading is counted here, and nowhere else.</summary>
    /// <param name="gateway">Number of the pushing gateway; 0 may push any meter.</param>
    /// <param name="unlisted">Readings that were refused beyond the listed errors, most probably as the first of those.</param>
    public async Task<IntakeResult> TakeAsync(WireBatch batch, int gateway, int unlisted = 0)
    {
        var result = await AppendAsync(batch, gateway);
        if (gateway != 0)
        {
            measures.Pushed(gateway);
        }

        var codes = result.Errors.Select(e => e.Refusal.Code.Text);
        GridMetrics.Readings(result.Accepted, result.Duplicates,
            unlisted > 0 && result.Errors.Count > 0 ? codes.Concat(Enumerable.Repeat(result.Errors[0].Refusal.Code.Text, unlisted)) : codes);
        return result with { Rejected = result.Rejected + unlisted };
    }

    /// <summary>
    /// Takes readings again that were refused before. It is no sign that the gateway is there, and what is refused again has been counted.
    /// </summary>
    public async Task<IntakeResult> RetryAsync(WireBatch batch, int gateway)
    {
        var result = await AppendAsync(batch, gateway);
        GridMetrics.Readings(result.Accepted, result.Duplicates, []);
        return result;
    }

    private async Task<IntakeResult> AppendAsync(WireBatch batch, int gateway)
    {
        var began = time.GetTimestamp();
        await LookUpUnknownAsync(batch);
        var routed = ArrayPool<RoutedReading>.Shared.Rent(batch.Readings.Count);
        try
        {
            var accepted = Route(batch, gateway, routed, out var duplicates);
            if (accepted > 0)
            {
                await log.AppendAsync(routed.AsSpan(0, accepted));
                GridMetrics.Acknowledged(time.GetElapsedTime(began));
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
            else if (RegisterCodes.IsRate(item.Reading.Register) && (byte)item.Reading.Register > route.RateRegisters)
            {
                batch.Errors.Add(new LineRefusal(item.Line, NotCharged(item.Reading.Register, route.RateRegisters)));
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

    private static Refusal NotCharged(RegisterKind register, int rateRegisters) => new(ReadingRefusals.RegisterNotCharged,
        $"obis: {RegisterCodes.Of(register)} is a rate register, but the meter is charged by "
            + (rateRegisters == 0
                ? "1.8.0, by the periods of its tariff. Send 1.8.0, or install the meter as one that is charged by its rate registers."
                : $"1.8.1 to 1.8.{rateRegisters}."));

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
