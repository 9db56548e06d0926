using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Interval data with the header <c>meter,interval_end_utc,kwh</c>, rows in any order. An instant is RFC 3339 with an offset, a value a decimal with at most
/// six decimals, or one that differs from such by less than 10^-9 kWh: what adding up in binary floating point leaves.
/// </summary>
internal sealed class IntervalsReader : IMeterFileReader
{
    public const string Name = "intervals";
    public const string Header = "meter,interval_end_utc,kwh";

    private const decimal MilliWhPerKwh = 1_000_000m;

    public string Format => Name;

    public bool IsWhole => false;

    public void Read(MeterFileSource source, MeterFileMapping mapping, IMeterFileSink sink)
    {
        using var lines = new LineReader(source.Open());
        if (lines.Next()?.Trim() is var header && header != Header)
        {
            throw new MeterFileException(new FileError(1, "header", header, $"'{Header}'"));
        }

        var names = new Dictionary<string, (string Name, string Meter)>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        while (lines.Next() is { } line)
        {
            if (line.Length > 0 && Row(line, lines.Number, mapping, names, sink) is { } wrong)
            {
                sink.Refuse(wrong);
            }
        }
    }

    private static FileError? Row(string line, int number, MeterFileMapping mapping,
        Dictionary<string, (string Name, string Meter)>.AlternateLookup<ReadOnlySpan<char>> names, IMeterFileSink sink)
    {
        Span<Range> fields = stackalloc Range[4];
        var text = line.AsSpan();
        if (text.Split(fields, ',', StringSplitOptions.TrimEntries) is not 3 and var count)
        {
            return new FileError(number, "row", line,
                $"the three fields of {Header}; it has {(count < 3 ? count : text.Count(',') + 1)} fields. A decimal comma is not read: write 0.35");
        }

        if (!Rfc3339.TryParse(text[fields[1]], out var end))
        {
            return new FileError(number, "interval_end_utc", text[fields[1]].ToString(), Rfc3339.Form);
        }

        if (EnergyText.TryParse(text[fields[2]], '.', MilliWhPerKwh, isInterval: true, out var milliWh) is { } right)
        {
            return new FileError(number, "kwh", text[fields[2]].ToString(), right);
        }

        // One text for each meter, and not for each row.
        var id = text[fields[0]];
        if (!names.TryGetValue(id, out var known))
        {
            var name = id.ToString();
            names[id] = known = (name, mapping.MeterOf(name));
        }

        sink.Take(new FileReading(known.Meter, RegisterKind.Import, true, end.ToUnixTimeMilliseconds(), milliWh, ReadingQuality.None, number,
            Stream: known.Name));
        return null;
    }
}
