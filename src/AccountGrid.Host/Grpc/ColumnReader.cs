using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Grpc;

/// <summary>
/// Reads a batch of columns. Untrusted becomes trusted here, by the same bounds and codes as a line of JSON. What is wrong with one reading refuses that
/// reading; what leaves open which entries belong together refuses the batch.
/// </summary>
internal static class ColumnReader
{
    /// <param name="latestMs">Latest time that a reading may carry, UTC ms.</param>
    /// <returns>The readings, each with its place from 1; or why nothing of the batch can be taken.</returns>
    public static (WireBatch? Batch, Refusal? Refusal) Read(ReadingBatch message, long latestMs)
    {
        if (Check(message) is { } wrong)
        {
            return (null, wrong);
        }

        var tables = new BatchTables(message);
        var batch = new WireBatch { Lines = message.Value.Count };
        batch.Readings.EnsureCapacity(message.Value.Count);
        for (var i = 0; i < message.Value.Count; i++)
        {
            if (ReadOne(message, tables, i, latestMs, out var reading) is { } refusal)
            {
                batch.Errors.Add(new LineRefusal(i + 1, refusal));
            }
            else
            {
                batch.Readings.Add((i + 1, reading));
            }
        }

        return (batch, null);
    }

    private static Refusal? Check(ReadingBatch message)
    {
        var readings = message.Value.Count;
        var columns = (ReadOnlySpan<(string Name, int Count, bool MayBeEmpty)>)
        [
            ("meter_index", message.MeterIndex.Count, false), ("time_delta_ms", message.TimeDeltaMs.Count, false),
            ("register_index", message.RegisterIndex.Count, true), ("quality_index", message.QualityIndex.Count, true),
            ("revision", message.Revision.Count, true)
        ];
        foreach (var (name, count, mayBeEmpty) in columns)
        {
            if (count != readings && !(mayBeEmpty && count == 0))
            {
                return Invalid($"{name}: it has {count} entries and value has {readings}; a column has one for each reading{(mayBeEmpty ? ", or none" : "")}.");
            }
        }

        return readings == 0 ? new(RequestRefusals.BatchEmpty, "value: it has no entries; the batch holds no readings.")
            : Bounded("value", readings) ?? Bounded("meters", message.Meters.Count) ?? Bounded("registers", message.Registers.Count)
                ?? Bounded("qualities", message.Qualities.Count) ?? Known(message)
                ?? (message.BatchId.Length > GrpcLimits.BatchIdMax
                    ? Invalid($"batch_id: it has {message.BatchId.Length} characters; at most {GrpcLimits.BatchIdMax} are taken.")
                    : message.BaseTimeMs is < ReadingChecks.MinMs or > ReadingChecks.MaxMs
                        ? Invalid($"base_time_ms: {message.BaseTimeMs} is no time from 1990 to 2200 in milliseconds since 1970 in UTC.")
                        : null);
    }

    private static Refusal? Bounded(string name, int count) => count <= IngestLimits.ItemsMax
        ? null
        : new(RequestRefusals.BatchTooManyItems, $"{name}: it has {count} entries; at most {IngestLimits.ItemsMax} are taken. Send smaller batches.");

    private static Refusal? Known(ReadingBatch message)
    {
        if (message.UnknownField is var field and not 0)
        {
            return Unknown("ReadingBatch", field);
        }

        foreach (var register in message.Registers)
        {
            if (register.UnknownField is var unknown and not 0)
            {
                return Unknown("Register", unknown);
            }
        }

        foreach (var quality in message.Qualities)
        {
            if (quality.UnknownField is var unknown and not 0)
            {
                return Unknown("Quality", unknown);
            }
        }

        return null;
    }

    private static Refusal Unknown(string type, int field) =>
        new(RequestRefusals.MemberUnknown, $"Field {field} of {type} is not known to this grid; readings.proto beside its program has those that are.");

    private static Refusal Invalid(string detail) => new(RequestRefusals.ValueInvalid, detail);

    private static Refusal? ReadOne(ReadingBatch message, BatchTables tables, int i, long latestMs, out WireReading reading)
    {
        reading = default;
        var refusal = tables.Meter(message.MeterIndex[i], out var meter);
        var ofRegister = tables.Register(message.RegisterIndex.Count == 0 ? null : message.RegisterIndex[i], out var register);
        var ofQuality = tables.Quality(message.QualityIndex.Count == 0 ? null : message.QualityIndex[i], out var quality);
        if ((refusal ?? ofRegister ?? ofQuality) is { } wrong)
        {
            return wrong;
        }

        var revision = message.Revision.Count == 0 ? 0 : message.Revision[i];
        if (revision > byte.MaxValue)
        {
            return new(ReadingRefusals.RevisionInvalid, $"revision: {revision} is not a whole number from 0 to 255.");
        }

        var delta = message.TimeDeltaMs[i];
        var ms = delta is < -ReadingChecks.MaxMs or > ReadingChecks.MaxMs ? -1 : message.BaseTimeMs + delta;
        if (ms is < ReadingChecks.MinMs or > ReadingChecks.MaxMs)
        {
            return new(ReadingRefusals.TimeInvalid, $"time_delta_ms: {delta} ms from base_time_ms {message.BaseTimeMs} is no time from 1990 to 2200.");
        }

        if (ms > latestMs)
        {
            return ReadingChecks.InFuture("time_delta_ms", ms, latestMs);
        }

        if (!ReadingChecks.TryScale(message.Value[i], register.Scale, out var wh))
        {
            return ReadingChecks.OutOfRange(message.Value[i], register.Scale);
        }

        reading = new WireReading(meter, register.Kind, ms, wh, quality, (byte)revision);
        return null;
    }
}
