using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Grpc;

/// <summary>
/// The tables of a batch, each entry checked once. What is wrong with an entry is said by the readings that name it; an entry that none names says nothing.
/// </summary>
internal sealed class BatchTables
{
    private const int ShownMax = 60;

    private readonly (ulong Hash, Refusal? Wrong)[] _meters;
    private readonly ((RegisterKind Kind, int Scale) Register, Refusal? Wrong)[] _registers;
    private readonly (ReadingQuality Flags, Refusal? Wrong)[] _qualities;

    public BatchTables(ReadingBatch message) => (_meters, _registers, _qualities) =
        ([.. message.Meters.Select(MeterOf)], [.. message.Registers.Select(RegisterOf)], [.. message.Qualities.Select(QualityOf)]);

    /// <summary>What is wrong with a reading that names this entry; null where nothing is.</summary>
    public Refusal? Meter(uint index, out ulong hash)
    {
        var isThere = index < (uint)_meters.Length;
        (hash, var wrong) = isThere ? _meters[index] : default;
        return isThere ? wrong : Missing(ReadingRefusals.MeterInvalid, "meter_index", index, "meters", _meters.Length);
    }

    /// <param name="index">Null where the batch has no such column: 1.8.0 in Wh.</param>
    public Refusal? Register(uint? index, out (RegisterKind Kind, int Scale) register)
    {
        register = (RegisterKind.Import, 0);
        if (index is not { } at)
        {
            return null;
        }

        var isThere = at < (uint)_registers.Length;
        (register, var wrong) = isThere ? _registers[at] : default;
        return isThere ? wrong : Missing(ReadingRefusals.RegisterUnknown, "register_index", at, "registers", _registers.Length);
    }

    /// <param name="index">Null where the batch has no such column: valid.</param>
    public Refusal? Quality(uint? index, out ReadingQuality quality)
    {
        quality = ReadingQuality.None;
        if (index is not { } at)
        {
            return null;
        }

        var isThere = at < (uint)_qualities.Length;
        (quality, var wrong) = isThere ? _qualities[at] : default;
        return isThere ? wrong : Missing(ReadingRefusals.QualityInvalid, "quality_index", at, "qualities", _qualities.Length);
    }

    private static (ulong, Refusal?) MeterOf(string id) => id.Length is > 0 and <= Limits.IdMaxLength
        ? (IdHash.Of(id), null)
        : (0, new(ReadingRefusals.MeterInvalid, $"meters: '{Shown(id)}' is not a string of 1 to {Limits.IdMaxLength} characters."));

    private static ((RegisterKind, int), Refusal?) RegisterOf(Register entry)
    {
        var problem = Obis.TryParse(entry.Obis, out var kind);
        Refusal? wrong = problem != ObisProblem.None
            ? new(problem == ObisProblem.NotCharged ? ReadingRefusals.RegisterNotCharged : ReadingRefusals.RegisterUnknown,
                $"obis: '{Shown(entry.Obis)}' {Obis.Explain(problem)}")
            : entry.Scale is < IngestLimits.ScaleMin or > IngestLimits.ScaleMax
                ? new(ReadingRefusals.ScaleInvalid, $"scale: {entry.Scale} is not a whole number from {IngestLimits.ScaleMin} to {IngestLimits.ScaleMax}.")
                : null;
        return ((kind, wrong is null ? entry.Scale : 0), wrong);
    }

    private static (ReadingQuality, Refusal?) QualityOf(Quality entry)
    {
        var quality = ReadingQuality.None;
        foreach (var code in entry.Codes)
        {
            if (!QualityCodes.TryParse(code, ref quality))
            {
                return (quality, new(ReadingRefusals.QualityInvalid,
                    $"codes: '{Shown(code)}' is neither a name such as 'estimated' nor a CIM code such as '1.1.9'."));
            }
        }

        // Valid is what an absent quality means; only what differs is carried on.
        return (quality & ~ReadingQuality.Valid, null);
    }

    private static Refusal Missing(RefusalCode code, string column, uint index, string table, int entries) =>
        new(code, $"{column}: {index} is no entry of {table}, which has {entries}, counted from 0.");

    private static string Shown(string text) => text.Length > ShownMax ? $"{text[..ShownMax]}..." : text;
}
