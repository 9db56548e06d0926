using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Storage;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Ingest;

/// <summary>What became of a batch. Duplicates are those that the door can see: the same reading twice in one batch.</summary>
public sealed record IntakeResult(int Accepted, int Duplicates, IReadOnlyList<LineError> Errors, int Rejected);

/// <summary>
/// The door behind every way in: finds each reading's meter and its home, checks that this gateway may push it, appends everything that may pass in
/// one group commit, and answers after it. Throws what the log throws; nothing of the batch is then acknowledged.
/// </summary>
public sealed class ReadingIntake(MeterHomes homes, PostgresLog log, GridOptions options, TimeProvider time)
{
    /// <summary>Latest time that a reading may carry now, UTC ms.</summary>
    public long LatestMs => time.GetUtcNow().ToUnixTimeMilliseconds() + options.ClockDriftMs;

    /// <param name="gateway">Number of the pushing gateway; 0 may push any meter.</param>
    public async Task<IntakeResult> TakeAsync(WireBatch batch, int gateway)
    {
        await LookUpUnknownAsync(batch);
        var errors = batch.Errors;
        var duplicates = 0;
        var seen = new HashSet<WireReading>(batch.Readings.Count);
        var byPartition = new Dictionary<int, List<Reading>>();
        foreach (var (line, wire) in batch.Readings)
        {
            if (!homes.TryFind(wire.MeterHash, out var home))
            {
                errors.Add(new LineError(line, "reading.meter_unknown", "meter: no such meter is registered."));
            }
            else if (gateway != 0 && home.Gateway != gateway)
            {
                errors.Add(new LineError(line, "reading.meter_not_yours", "meter: it is registered behind another gateway."));
            }
            else if (!seen.Add(wire))
            {
                duplicates++;
            }
            else
            {
                (byPartition.TryGetValue(home.Partition, out var list) ? list : byPartition[home.Partition] = [])
                    .Add(new Reading(home.Meter, wire.Register, wire.TimeMs, wire.ValueWh, wire.Quality, wire.Revision));
            }
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var appends = byPartition.Select(p => new LogAppend(p.Key, p.Value.Count, LogRecords.Encode(now, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(p.Value)))).ToArray();
        await log.AppendAsync(appends);
        errors.Sort((a, b) => a.Line.CompareTo(b.Line));
        return new IntakeResult(seen.Count, duplicates, errors, errors.Count);
    }

    private async Task LookUpUnknownAsync(WireBatch batch)
    {
        HashSet<ulong>? unknown = null;
        foreach (var (_, wire) in batch.Readings)
        {
            if (!homes.TryFind(wire.MeterHash, out _))
            {
                (unknown ??= []).Add(wire.MeterHash);
            }
        }

        if (unknown is not null)
        {
            await homes.LookUpAsync(unknown);
        }
    }
}
