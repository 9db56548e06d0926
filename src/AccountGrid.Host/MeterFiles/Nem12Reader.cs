using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Interval data of the Australian market (AEMO, Meter Data File Format Specification NEM12 and NEM13): records 100 header, 200 data stream, 300 day with its
/// values, 400 quality of ranges, 500 events, 900 end. Taken whole or not at all, as the market does.
/// </summary>
internal sealed class Nem12Reader : IMeterFileReader
{
    public const string Name = "nem12";

    public string Format => Name;

    public bool IsWhole => true;

    public void Read(MeterFileSource source, MeterFileMapping mapping, IMeterFileSink sink)
    {
        using var lines = new LineReader(source.Open());
        var records = new Records(mapping, sink);
        while (lines.Next() is { } line)
        {
            if (line.Trim().Length > 0)
            {
                records.Take([.. line.Split(',').Select(f => f.Trim())], lines.Number);
            }
        }

        records.End(lines.Number);
    }

    /// <summary>The records in their order; a day is kept until its 400 records are there.</summary>
    private sealed class Records(MeterFileMapping mapping, IMeterFileSink sink)
    {
        private const int MinutesPerDay = 24 * 60;

        private readonly LocalCalendar? _zone = mapping.Zone is null ? null : LocalCalendar.Find(mapping.Zone);
        private string _before = "";
        private Stream? _stream;
        private Day? _day;

        public void Take(string[] fields, int line)
        {
            var record = fields[0];
            if (_before.Length == 0 && record != "100")
            {
                throw new MeterFileException(new FileError(line, "record indicator", record, "100, with which the file begins"));
            }

            if (IsOutOfPlace(record) is { } right)
            {
                sink.Refuse(new FileError(line, "record indicator", record, right));
                return;
            }

            if (record != "400")
            {
                Flush();
            }

            _before = record;
            switch (record)
            {
                case "100" when fields.ElementAtOrDefault(1) != "NEM12":
                    sink.Refuse(new FileError(line, "version header", fields.ElementAtOrDefault(1), "NEM12"));
                    break;
                case "200":
                    _stream = StreamOf(fields, line);
                    break;
                case "300" when _stream is { Register: not null } stream:
                    _day = DayOf(stream, fields, line);
                    break;
                case "400" when _day is { } day:
                    TakeRange(day, fields, line);
                    break;
            }
        }

        public void End(int line)
        {
            Flush();
            if (_before != "900")
            {
                sink.Refuse(new FileError(line, "record indicator", null, "900, the end of the file; perhaps the file was cut off"));
            }
        }

        private string? IsOutOfPlace(string record) => (record, _before) switch
        {
            ("100", "") => null,
            ("100", _) => "a record behind the header; 100 begins the file only",
            (_, "900") => "anything; 900 ends the file",
            ("200" or "900", _) => null,
            ("300", "200" or "300" or "400" or "500") => null,
            ("400", "300" or "400") => null,
            ("500", "300" or "400" or "500") => null,
            ("300", _) => "behind a 200 record, which says what its values are of",
            ("400" or "500", _) => "behind a 300 record, which it explains",
            _ => "100, 200, 300, 400, 500 or 900",
        };

        private Stream? StreamOf(string[] fields, int line)
        {
            var (nmi, suffix, unit, length) = (Field(fields, 1), Field(fields, 4), Field(fields, 7), Field(fields, 8));
            var found = NemChannels.Find(nmi, suffix, mapping, out var skip, out var right);
            if (skip is not null)
            {
                sink.Pass(skip);
                return new Stream("", "", null, 0, 0);
            }

            if (found is not { } channel)
            {
                sink.Refuse(new FileError(line, "NMI suffix", suffix, right!));
                return null;
            }

            if (EnergyText.MilliWhOf(unit) is not { } milliWh)
            {
                sink.Refuse(new FileError(line, "UOM", unit, "Wh, kWh or MWh of an energy channel"));
                return null;
            }

            if (length is not ("5" or "15" or "30"))
            {
                sink.Refuse(new FileError(line, "interval length", length, "5, 15 or 30 minutes"));
                return null;
            }

            return new Stream($"{nmi}/{suffix}", channel.Meter, channel.Register, milliWh, int.Parse(length, CultureInfo.InvariantCulture));
        }

        private Day? DayOf(Stream stream, string[] fields, int line)
        {
            if (!DateTime.TryParseExact(Field(fields, 1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                sink.Refuse(new FileError(line, "interval date", Field(fields, 1), "a day as yyyyMMdd"));
                return null;
            }

            var count = MinutesPerDay / stream.Minutes;
            var method = fields.ElementAtOrDefault(2 + count) ?? "";
            if (NemQuality.TryParse(method, mayVary: true, out var quality) is { } right)
            {
                sink.Refuse(new FileError(line, "quality method", method,
                    $"{right}, behind {count} values of {stream.Minutes} minutes; perhaps there are more values or fewer"));
                return null;
            }

            var values = new long[count];
            for (var i = 0; i < count && !quality.IsMissing; i++)
            {
                if (EnergyText.TryParse(fields[2 + i], '.', stream.MilliWh, isInterval: true, out values[i]) is { } wrong)
                {
                    sink.Refuse(new FileError(line, $"interval value {i + 1}", fields[2 + i], wrong));
                    return null;
                }

                if (values[i] < 0)
                {
                    sink.Refuse(new FileError(line, $"interval value {i + 1}", fields[2 + i], "0 or more"));
                    return null;
                }
            }

            return new Day(stream, date, values, quality, new NemQuality?[count], line);
        }

        private void TakeRange(Day day, string[] fields, int line)
        {
            if (!day.Quality.IsVarious)
            {
                sink.Refuse(new FileError(line, "record indicator", "400", "there: the 300 record before it has a quality of its own, and not V"));
                return;
            }

            var count = day.Values.Length;
            if (!int.TryParse(Field(fields, 1), NumberStyles.None, CultureInfo.InvariantCulture, out var first) || first < 1 || first > count
                || !int.TryParse(Field(fields, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first || last > count)
            {
                sink.Refuse(new FileError(line, "start and end interval", $"{Field(fields, 1)} to {Field(fields, 2)}",
                    $"within 1 to {count}, the start first"));
                return;
            }

            if (NemQuality.TryParse(Field(fields, 3), mayVary: false, out var quality) is { } right)
            {
                sink.Refuse(new FileError(line, "quality method", Field(fields, 3), right));
                return;
            }

            for (var i = first - 1; i < last; i++)
            {
                if (day.Ranges[i] is not null)
                {
                    sink.Refuse(new FileError(line, "start interval", Field(fields, 1), $"behind the range before; interval {i + 1} is in two"));
                    return;
                }

                day.Ranges[i] = quality;
            }
        }

        /// <summary>Hands over a day once all that is said of it is there.</summary>
        private void Flush()
        {
            if (_day is not { } day)
            {
                return;
            }

            _day = null;
            if (day.Quality.IsVarious && Array.FindIndex(day.Ranges, r => r is null) is >= 0 and var open)
            {
                sink.Refuse(new FileError(day.Line, "quality method", "V", $"followed by 400 records for all intervals; interval {open + 1} has none"));
                return;
            }

            var start = NemChannels.Ms(day.Date, _zone);
            for (var i = 0; i < day.Values.Length; i++)
            {
                var quality = day.Ranges[i] ?? day.Quality;
                if (quality.IsMissing)
                {
                    sink.Pass("intervals without data (quality N)");
                    continue;
                }

                sink.Take(new FileReading(day.Stream.Meter, day.Stream.Register!.Value, true, start + ((i + 1L) * day.Stream.Minutes * 60_000), day.Values[i],
                    quality.Quality, day.Line, day.Stream.Minutes * 60_000, day.Stream.Name));
            }
        }

        private static string Field(string[] fields, int at) => fields.ElementAtOrDefault(at) ?? "";

        /// <param name="Register">Null where the channel is passed over.</param>
        private sealed record Stream(string Name, string Meter, RegisterKind? Register, decimal MilliWh, int Minutes);

        private sealed record Day(Stream Stream, DateTime Date, long[] Values, NemQuality Quality, NemQuality?[] Ranges, int Line);
    }
}
