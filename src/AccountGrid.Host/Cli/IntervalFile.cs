using System.Globalization;
using System.IO.Compression;
using System.Text;
using AccountGrid.Domain;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Cli;

/// <summary>
/// Reads interval data: CSV <c>meter,interval_end_utc,kwh</c>, UTF-8, gzip or not, rows in any order. An instant is RFC 3339 with an offset, a value a
/// decimal with at most six decimals, or one that differs from such by less than 10^-9 kWh: what adding up in binary floating point leaves.
/// </summary>
public static class IntervalFile
{
    private const string Header = "meter,interval_end_utc,kwh";
    private const decimal MilliWhPerKwh = 1_000_000m;
    private const decimal KwhMax = 1_000_000m;

    /// <summary>Largest rest behind the sixth decimal that is taken for noise, mWh.</summary>
    private const decimal NoiseMilliWh = 0.001m;

    /// <summary>The series of a file whose rows are all right. Throws <see cref="FormatException"/> for one that is not.</summary>
    public static async Task<List<IntervalSeries>> ReadAsync(string path)
    {
        var content = await ReadRowsAsync(path);
        return content.Refused.Count == 0 ? content.Series : throw new FormatException(content.Refused[0]);
    }

    /// <summary>Reads row by row. Throws <see cref="FormatException"/> where the file as a whole cannot be read.</summary>
    public static async Task<IntervalFileContent> ReadRowsAsync(string path)
    {
        await using var file = File.OpenRead(path);
        var gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        await using Stream plain = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return await ReadRowsAsync(reader);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("encoding: the file is not UTF-8; save it as UTF-8.");
        }
    }

    private static async Task<IntervalFileContent> ReadRowsAsync(StreamReader reader)
    {
        if ((await reader.ReadLineAsync())?.Trim() is var header && header != Header)
        {
            throw new FormatException($"line 1: the header is '{header}' and not '{Header}'.");
        }

        var series = new Dictionary<string, IntervalSeries>();
        var refused = new List<string>();
        for (var number = 2; await reader.ReadLineAsync() is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            if (Parse(line, number, out var meter, out var interval) is { } wrong)
            {
                refused.Add($"line {number}: {wrong}");
            }
            else
            {
                (series.TryGetValue(meter, out var s) ? s : series[meter] = new IntervalSeries(meter, [])).Intervals.Add(interval);
            }
        }

        return new IntervalFileContent([.. series.Values], refused);
    }

    private static string? Parse(string line, int number, out string meter, out Interval interval)
    {
        interval = default;
        var parts = line.Split(',', StringSplitOptions.TrimEntries);
        meter = parts[0];
        if (parts.Length != 3)
        {
            return $"'{line}' has {parts.Length} fields; {Header} are three. A decimal comma is not read: write 0.35.";
        }

        if (Requests.CheckId("meter", meter) is { } id)
        {
            return id.Detail;
        }

        if (!Rfc3339.TryParse(parts[1], out var end))
        {
            return $"interval_end_utc: '{parts[1]}' is not {Rfc3339.Form}.";
        }

        if (!decimal.TryParse(parts[2], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var kwh) || Math.Abs(kwh) > KwhMax)
        {
            return $"kwh: '{parts[2]}' is not a decimal from -{KwhMax} to {KwhMax}.";
        }

        var milliWh = decimal.Round(kwh * MilliWhPerKwh);
        if (Math.Abs((kwh * MilliWhPerKwh) - milliWh) >= NoiseMilliWh)
        {
            return $"kwh: '{parts[2]}' has more than six decimals.";
        }

        interval = new Interval(end.ToUnixTimeMilliseconds(), (long)milliWh, number);
        return null;
    }
}
