using System.Globalization;
using System.IO.Compression;
using System.Text;
using AccountGrid.Domain;

namespace AccountGrid.Host.Operations;

/// <summary>One interval: its end, UTC ms, and its energy in milliwatt-hours (10^-6 kWh), as the file has it.</summary>
public readonly record struct Interval(long EndMs, long MilliWh);

/// <summary>Intervals of one meter in file order, and the usual step between them, ms.</summary>
public sealed record IntervalSeries(string Meter, List<Interval> Intervals)
{
    public int StepMs => Intervals.Count < 2 ? 0 : (int)Math.Min(Instants.MsPerDay, Intervals.Zip(Intervals.Skip(1), (a, b) => b.EndMs - a.EndMs).Where(d => d > 0).DefaultIfEmpty(0).Min());
}

/// <summary>Reads interval data: CSV <c>meter,interval_end_utc,kwh</c>, gzip or not. Throws <see cref="FormatException"/> with the line.</summary>
public static class IntervalFile
{
    public static async Task<List<IntervalSeries>> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        var gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        await using Stream plain = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain, Encoding.UTF8);
        if (await reader.ReadLineAsync() is not "meter,interval_end_utc,kwh")
        {
            throw new FormatException("line 1: the header is not 'meter,interval_end_utc,kwh'.");
        }

        var series = new Dictionary<string, IntervalSeries>();
        for (var number = 2; await reader.ReadLineAsync() is { } line; number++)
        {
            if (line.Length > 0)
            {
                var (meter, interval) = Parse(line, number);
                (series.TryGetValue(meter, out var s) ? s : series[meter] = new IntervalSeries(meter, [])).Intervals.Add(interval);
            }
        }

        return [.. series.Values];
    }

    private static (string Meter, Interval Interval) Parse(string line, int number)
    {
        var parts = line.Split(',');
        if (parts.Length != 3 || parts[0].Length is 0 or > Limits.IdMaxLength)
        {
            throw new FormatException($"line {number}: '{line}' is not meter,interval_end_utc,kwh.");
        }

        if (!DateTimeOffset.TryParseExact(parts[1], "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end))
        {
            throw new FormatException($"line {number}: interval_end_utc '{parts[1]}' is not yyyy-MM-ddTHH:mm:ssZ.");
        }

        if (!decimal.TryParse(parts[2], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var kwh)
            || decimal.Truncate(kwh * 1_000_000m) != kwh * 1_000_000m || Math.Abs(kwh) > 1_000_000m)
        {
            throw new FormatException($"line {number}: kwh '{parts[2]}' is not a decimal with at most six decimals.");
        }

        return (parts[0], new Interval(end.ToUnixTimeMilliseconds(), (long)(kwh * 1_000_000m)));
    }
}
