using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Accumulation data of the Australian market (AEMO, Meter Data File Format Specification NEM12 and NEM13): records 100 header, 250 a register with its
/// previous and its current read, 550 events, 900 end. Taken whole or not at all.
/// </summary>
internal sealed class Nem13Reader : IMeterFileReader
{
    public const string Name = "nem13";

    private const string TimeFormat = "yyyyMMddHHmmss";

    public string Format => Name;

    public bool IsWhole => true;

    public void Read(MeterFileSource source, MeterFileMapping mapping, IMeterFileSink sink)
    {
        using var lines = new LineReader(source.Open());
        var zone = mapping.Zone is null ? null : LocalCalendar.Find(mapping.Zone);
        var before = "";
        while (lines.Next() is { } line)
        {
            var fields = line.Split(',').Select(f => f.Trim()).ToArray();
            switch (fields[0], before)
            {
                case ("", _) when line.Trim().Length == 0:
                    continue;
                case ("100", "") when fields.ElementAtOrDefault(1) == "NEM13":
                case ("550", "250" or "550"):
                case ("900", "100" or "250" or "550"):
                    break;
                case (_, ""):
                    throw new MeterFileException(new FileError(lines.Number, "record indicator", line, "100,NEM13, with which the file begins"));
                case ("250", "100" or "250" or "550"):
                    new Record(fields, lines.Number, mapping, zone, sink).Take();
                    break;
                default:
                    sink.Refuse(new FileError(lines.Number, "record indicator", fields[0], "250, 550 behind a 250, or 900 at the end"));
                    break;
            }

            before = fields[0];
        }

        if (before != "900")
        {
            sink.Refuse(new FileError(lines.Number, "record indicator", null, "900, the end of the file; perhaps the file was cut off"));
        }
    }

    /// <summary>A 250 record with the two reads of a register.</summary>
    private sealed class Record(string[] fields, int line, MeterFileMapping mapping, LocalCalendar? zone, IMeterFileSink sink)
    {
        public void Take()
        {
            var found = NemChannels.Find(Field(1), Field(4), mapping, out var skip, out var right);
            if (skip is not null)
            {
                sink.Pass(skip);
                return;
            }

            if (found is not { } channel)
            {
                Wrong("NMI suffix", Field(4), right!);
                return;
            }

            // E is energy that the customer takes from the network, I what it delivers.
            var isExport = channel.Register == RegisterKind.Export;
            if (Field(7) != (isExport ? "I" : "E"))
            {
                Wrong("direction indicator", Field(7), isExport ? "I, as the register is one of export" : "E, as the register is one of import");
            }
            else if (EnergyText.MilliWhOf(Field(19)) is not { } unit)
            {
                Wrong("UOM", Field(19), "Wh, kWh or MWh of an energy register");
            }
            else if (Reads(channel.Meter, channel.Register, unit) is { } reads && IsSum(reads, unit))
            {
                reads.ForEach(r => sink.Take(r));
            }
        }

        /// <summary>Null where something is wrong with them, which is said.</summary>
        private List<FileReading>? Reads(string meter, RegisterKind register, decimal unit)
        {
            var reads = new List<FileReading>();
            foreach (var (name, at) in new[] { ("previous", 8), ("current", 13) })
            {
                if (EnergyText.TryParse(Field(at), '.', unit, isInterval: false, out var milliWh) is { } value)
                {
                    Wrong($"{name} register read", Field(at), value);
                    return null;
                }

                if (!DateTime.TryParseExact(Field(at + 1), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
                {
                    Wrong($"{name} register read date", Field(at + 1), "a time as yyyyMMddHHmmss");
                    return null;
                }

                if (NemQuality.TryParse(Field(at + 2), mayVary: false, out var quality) is { } method)
                {
                    Wrong($"{name} quality method", Field(at + 2), method);
                    return null;
                }

                if (!quality.IsMissing)
                {
                    reads.Add(new FileReading(meter, register, false, NemChannels.Ms(local, zone), milliWh, quality.Quality, line,
                        Stream: $"{Field(1)}/{Field(4)}"));
                }
            }

            return reads;
        }

        private bool IsSum(List<FileReading> reads, decimal unit)
        {
            if (EnergyText.TryParse(Field(18), '.', unit, isInterval: true, out var quantity) is { } number)
            {
                Wrong("quantity", Field(18), number);
                return false;
            }

            if (reads.Count == 2 && reads[1].MilliWh - reads[0].MilliWh != quantity)
            {
                Wrong("quantity", Field(18),
                    $"{EnergyText.Kwh(reads[1].MilliWh - reads[0].MilliWh)} kWh, the current read less the previous; a register with a multiplier or one that "
                        + "began again is not read");
                return false;
            }

            return true;
        }

        private string Field(int at) => fields.ElementAtOrDefault(at) ?? "";

        private void Wrong(string field, string value, string right) => sink.Refuse(new FileError(line, field, value.Length == 0 ? null : value, right));
    }
}
