using System.Text;

namespace AccountGrid.Host.MeterFiles;

/// <summary>The formats of meter data that are read.</summary>
public static class MeterFileFormats
{
    private const int HeadBytes = 4 * 1024;

    private static readonly IMeterFileReader[] Readers =
    [
        new IntervalsReader(), new MeterCsvReader(), new Nem12Reader(), new Nem13Reader(), new MeterReadingsReader(), new EspiReader(), new P1Reader(),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Readers.Select(r => r.Format)];

    /// <summary>Reads a file.</summary>
    /// <param name="format">Its format; null is the mapping's, or what the content says.</param>
    /// <param name="cancel">Asked at each value.</param>
    /// <exception cref="MeterFileException">Nothing of the file can be used; the message says why and what would be right.</exception>
    public static MeterFileContent Read(MeterFileSource source, string? format, MeterFileMapping mapping, int valuesMax = MeterFileLimits.ValuesMax,
        CancellationToken cancel = default)
    {
        format ??= mapping.Format ?? Detect(source) ?? (mapping.Csv is null ? null : MeterCsvReader.Name)
            ?? throw new MeterFileException(new FileError(0, "format", "its content",
                $"of a format that can be told; name one of {string.Join(", ", Names)}, and for a CSV a mapping"));
        var reader = Array.Find(Readers, r => r.Format == format)
            ?? throw new MeterFileException(new FileError(0, "format", format, string.Join(", ", Names)));
        var content = new MeterFileContent { Format = format, Rules = PlacingRules.Of(format, mapping), ValuesMax = valuesMax, Cancel = cancel };
        try
        {
            reader.Read(source, mapping, content);
        }
        catch (MeterFileException e) when (content.Refused > 0)
        {
            throw new MeterFileException(e.Error, content.Errors);
        }

        content.Finish(reader.IsWhole);
        return content;
    }

    /// <summary>The format of a file by its first bytes; null where it cannot be told, as for a CSV of somebody's own.</summary>
    public static string? Detect(MeterFileSource source)
    {
        var head = source.Head(HeadBytes);
        var text = (head is [0xff, 0xfe, ..] ? Encoding.Unicode : head is [0xfe, 0xff, ..] ? Encoding.BigEndianUnicode : Encoding.UTF8).GetString(head)
            .TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        return text.StartsWith("100,NEM12", StringComparison.Ordinal) ? Nem12Reader.Name
            : text.StartsWith("100,NEM13", StringComparison.Ordinal) ? Nem13Reader.Name
            : text.Split('\n')[0].Trim() == IntervalsReader.Header ? IntervalsReader.Name
            : text.StartsWith('/') ? P1Reader.Name
            : text.StartsWith('<') ? text.Contains("http://www.w3.org/2005/Atom", StringComparison.Ordinal) ? EspiReader.Name : MeterReadingsReader.Name
            : null;
    }
}
