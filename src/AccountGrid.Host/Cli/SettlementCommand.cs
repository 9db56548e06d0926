using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Cli;

/// <summary>The verb <c>settlement check</c>: what an import of a file would take, without a grid.</summary>
internal static class SettlementCommand
{
    /// <summary>Says what the file has, or all that is wrong with it, a line each, and status 1.</summary>
    /// <param name="format">Null where it is told by the mapping or by the content.</param>
    /// <param name="mappingFile">A mapping document; null where the format's own names are right.</param>
    public static async Task<int> CheckAsync(
        string file, string? format, string? mappingFile, string? currency, string? zone, string cutOff, bool withLines, TextWriter output, TextWriter errors)
    {
        var bytes = await ReadAsync(file, SettlementReader.BytesMax);
        var (mapping, wrong) = await MappingAsync(bytes, file, format, mappingFile);
        if (mapping is null)
        {
            wrong.ToList().ForEach(w => errors.WriteLine($"{mappingFile}: {w}"));
            return 1;
        }

        var reading = SettlementReader.Read(bytes, mapping, Target(mapping, currency, zone, cutOff));
        if (reading.Content is not { } content)
        {
            reading.Errors.ToList().ForEach(e => errors.WriteLine($"{file}: {e}"));
            await errors.WriteLineAsync($"{file}: {reading.Errors.Count} errors; an import would take nothing of it.");
            return 1;
        }

        foreach (var text in SettlementListing.Summary(content).Concat(withLines ? content.Lines.Select(SettlementListing.Line) : []))
        {
            await output.WriteLineAsync(text);
        }

        return 0;
    }

    private static async Task<(SettlementMapping? Mapping, IReadOnlyList<string> Wrong)> MappingAsync(
        byte[] bytes, string file, string? format, string? mappingFile)
    {
        if (mappingFile is not null)
        {
            var (mapping, wrong) = SettlementMappings.Read(await ReadAsync(mappingFile, SettlementReader.BytesMax));
            return mapping is null || format is null || mapping.Format == format
                ? (mapping, wrong)
                : throw new StartException($"--format: '{format}' is not '{mapping.Format}', the format of {mappingFile}; name one of the two.");
        }

        var known = string.Join(", ", SettlementMappings.Formats);
        format ??= SettlementReader.Detect(bytes)
            ?? throw new StartException($"{file}: its format cannot be told; name it with --format ({known}) or, for a CSV, --mapping.");
        return format == "csv"
            ? throw new StartException("--mapping: a CSV needs a mapping document that says which column is what.")
            : SettlementMappings.Formats.Contains(format)
                ? (new SettlementMapping { Format = format }, [])
                : throw new StartException($"--format: '{format}' is not one of {known}.");
    }

    private static SettlementTarget Target(SettlementMapping mapping, string? currency, string? zone, string cutOff)
    {
        var home = SettlementReader.HomeOf(mapping.Format);
        currency ??= home?.Currency ?? throw new StartException("--currency: it is missing; name the channel's currency, such as CNY.");
        zone ??= mapping.Zone ?? home?.Zone ?? throw new StartException("--zone: it is missing; name the channel's time zone, such as Asia/Shanghai.");
        return new(
            Currencies.DigitsOf(currency) is null ? throw new StartException($"--currency: '{currency}' is not a currency of ISO 4217 such as CNY.") : currency,
            LocalCalendar.Find(zone) ?? throw new StartException($"--zone: '{zone}' is not a time zone such as Asia/Shanghai."),
            PaymentChannelRules.CutOffMinute(cutOff) ?? throw new StartException($"--cut-off: '{cutOff}' is not a time from 00:01 to 24:00, HH:mm."));
    }

    private static async Task<byte[]> ReadAsync(string file, long max)
    {
        var info = new FileInfo(file);
        return !info.Exists ? throw new StartException($"{file}: there is no such file.")
            : info.Length > max ? throw new StartException($"{file}: it has {info.Length} bytes; at most {max} are possible.")
            : await File.ReadAllBytesAsync(file);
    }
}
