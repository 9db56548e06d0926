using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.MeterFiles;

/// <summary>CSV whose layout a mapping declares, with a value or several a row, or a day a row. A wrong row spoils no other.</summary>
internal sealed class MeterCsvReader : IMeterFileReader
{
    public const string Name = "csv";

    public string Format => Name;

    public bool IsWhole => false;

    public void Read(MeterFileSource source, MeterFileMapping mapping, IMeterFileSink sink)
    {
        if (mapping.Csv is not { } csv)
        {
            throw new MeterFileException(new FileError(0, "mapping", null, "a mapping with a member csv that says what the columns are"));
        }

        using var lines = new LineReader(source.Open(), csv.Encoding);
        for (var i = 0; i < csv.SkipLines; i++)
        {
            _ = lines.Next();
        }

        var split = new DelimitedLine(MeterFileMappings.DelimiterOf(csv)!.Value, csv.Quote.Length == 0 ? null : csv.Quote[0]);
        var rows = new Rows(mapping, csv, HeaderOf(csv, lines, split), sink);
        while (lines.Next() is { } line)
        {
            if (line.Trim().Length == 0)
            {
                continue;
            }

            if (split.Split(line) is not { } fields)
            {
                sink.Refuse(new FileError(lines.Number, "row", line,
                    $"a row of fields: a {csv.Quote} encloses a field, or is doubled within one that is enclosed"));
            }
            else if (rows.Take(fields, lines.Number) is { } wrong)
            {
                sink.Refuse(wrong);
            }
        }

        rows.End();
    }

    private static List<string>? HeaderOf(MeterCsvMapping csv, LineReader lines, DelimitedLine split)
    {
        if (!csv.Header)
        {
            return null;
        }

        var line = lines.Next() ?? throw new MeterFileException(new FileError(0, "header", null, "a line that names the columns"));
        return split.Split(line) ?? throw new MeterFileException(new FileError(lines.Number, "header", line, "a row of names"));
    }

    private sealed class Rows
    {
        private readonly MeterFileMapping _mapping;
        private readonly MeterCsvMapping _csv;
        private readonly IMeterFileSink _sink;
        private readonly FileTimes _times;
        private readonly RepeatedHours<Row> _repeated = new();
        private readonly LocalCalendar? _calendar;
        private readonly List<string>? _header;
        private readonly int _meter = -1;
        private readonly int _quality = -1;
        private readonly List<int> _time;
        private readonly List<(RegisterKind Register, List<int> Columns)> _values;
        private readonly int _first;
        private readonly decimal _unit;
        private readonly char _sign;

        public Rows(MeterFileMapping mapping, MeterCsvMapping csv, List<string>? header, IMeterFileSink sink)
        {
            (_mapping, _csv, _header, _sink) = (mapping, csv, header, sink);
            _calendar = mapping.Zone is null ? null : LocalCalendar.Find(mapping.Zone);
            _times = new FileTimes(csv.TimeFormats, _calendar?.Zone, mapping.RepeatedHour);
            (_unit, _sign) = (EnergyText.MilliWhOf(csv.Unit)!.Value, csv.DecimalSign[0]);
            _meter = csv.MeterColumn is { } meter ? Column(meter) : -1;
            _quality = csv.QualityColumn is { } quality ? Column(quality) : -1;
            _time = [.. csv.Time.Select(Column)];
            _values = [.. csv.Values.GroupBy(v => RegisterOf(v.Register)).Select(g => (g.Key, g.Select(v => Column(v.Column)).ToList()))];
            _first = csv.Day is { } day ? Column(day.First) : -1;
            if (_header is not null && csv.Day is { } d && _first + d.Count > _header.Count)
            {
                throw new MeterFileException(new FileError(csv.SkipLines + 1, "header", $"{_header.Count} columns", $"{d.Count} from '{d.First}' on"));
            }
        }

        public FileError? Take(List<string> fields, int line)
        {
            var needed = _header?.Count ?? Math.Max(Math.Max(_meter, _quality), Math.Max(_time.Max(),
                _csv.Day is { } d ? _first + d.Count - 1 : _values.Max(v => v.Columns.Max()))) + 1;
            if (_header is null ? fields.Count < needed : fields.Count != needed)
            {
                return new FileError(line, "row", $"{fields.Count} fields",
                    $"{(_header is null ? "at least " : "")}{needed}; a field that holds '{_csv.Delimiter}' is enclosed in quotation marks");
            }

            var name = _meter < 0 ? _csv.Meter! : fields[_meter];
            var meter = _mapping.MeterOf(name);
            var row = new Row(fields, name, meter, string.Join(' ', _time.Select(t => fields[t])), line);
            if (_csv.Day is { } day)
            {
                return Quality(row, out var quality) ?? (quality is { } known ? Day(day, row, known) : null);
            }

            // Before the quality: a row without a value has its place in a repeated hour too.
            if (_times.TryRead(row.Time, out var time) is { } right)
            {
                return new FileError(line, TimeName, row.Time, right);
            }

            if (time.IsTwice)
            {
                _repeated.Hold(meter, time, row, line);
                return null;
            }

            Release(_mapping.RepeatedHour == "inOrder" ? _repeated.Release(meter, time.Ms) : []);
            return Values(row, time.Ms);
        }

        /// <summary>Reads the rows whose meter has none behind a repeated hour.</summary>
        public void End() => Release(_repeated.Release());

        private void Release(IEnumerable<(Row Row, long? Ms)> rows)
        {
            foreach (var (row, ms) in rows)
            {
                if ((ms is { } known ? Values(row, known) : new FileError(row.Line, TimeName, row.Time, _times.RightInOrder)) is { } wrong)
                {
                    _sink.Refuse(wrong);
                }
            }
        }

        private FileError? Values(Row row, long ms)
        {
            if (Quality(row, out var known) is { } word)
            {
                return word;
            }

            if (known is not { } quality)
            {
                return null;
            }

            var (fields, name, meter, _, line) = row;
            const int MsPerMinute = 60_000;
            var length = _csv.Holds == "energy" ? _csv.IntervalMinutes * MsPerMinute : 0;
            ms += _csv.Stamps == "start" ? length : 0;
            var taken = new List<FileReading>(_values.Count);
            foreach (var (register, columns) in _values)
            {
                var missing = columns.Count(c => fields[c].Length == 0);
                if (missing == columns.Count)
                {
                    _sink.Pass($"empty values of {RegisterCodes.Of(register)}");
                    continue;
                }

                var sum = 0L;
                foreach (var column in columns)
                {
                    if (EnergyText.TryParse(fields[column], _sign, _unit, _csv.Holds == "energy", out var milliWh) is { } wrong)
                    {
                        return new FileError(line, NameOf(column), fields[column].Length == 0 ? null : fields[column], wrong);
                    }

                    sum += milliWh;
                }

                taken.Add(new FileReading(meter, register, _csv.Holds == "energy", ms, sum, quality, line, length, name));
            }

            taken.ForEach(r => _sink.Take(r));
            return null;
        }

        private FileError? Day(MeterCsvDay day, Row row, ReadingQuality quality)
        {
            var (fields, name, meter, text, line) = row;
            if (!_times.TryDay(text, out var date))
            {
                return new FileError(line, TimeName, text, $"a day written as {string.Join(" or ", _csv.TimeFormats)}");
            }

            var number = DateOnly.FromDateTime(date).DayNumber;
            if (number >= DateOnly.MaxValue.DayNumber || _calendar!.StartOf(number + 1) - _calendar.StartOf(number) != Instants.MsPerDay)
            {
                return new FileError(line, TimeName, text,
                    $"a day of 24 hours in {_mapping.Zone}; {day.Count} columns cannot say its hours: send it with a time for each value");
            }

            var (start, step) = (_calendar.StartOf(number), Instants.MsPerDay / day.Count);
            var taken = new List<FileReading>(day.Count);
            for (var i = 0; i < day.Count; i++)
            {
                var value = fields[_first + i];
                if (value.Length == 0)
                {
                    _sink.Pass($"empty values of {day.Register}");
                }
                else if (EnergyText.TryParse(value, _sign, _unit, _csv.Holds == "energy", out var milliWh) is { } wrong)
                {
                    return new FileError(line, NameOf(_first + i), value, wrong);
                }
                else
                {
                    var isEnd = _csv is { Holds: "energy" } or { Stamps: "end" };
                    taken.Add(new FileReading(meter, RegisterOf(day.Register), _csv.Holds == "energy", start + ((isEnd ? i + 1 : i) * step), milliWh, quality,
                        line, (int)step, name));
                }
            }

            taken.ForEach(r => _sink.Take(r));
            return null;
        }

        /// <summary>What is wrong with a row's quality. Null where it is right; no quality means that there is no value.</summary>
        private FileError? Quality(Row row, out ReadingQuality? quality)
        {
            quality = ReadingQuality.None;
            if (_quality < 0)
            {
                return null;
            }

            var word = row.Fields[_quality];
            if (!_csv.Quality.TryGetValue(word, out var meaning))
            {
                return new FileError(row.Line, NameOf(_quality), word, $"one of {string.Join(", ", _csv.Quality.Keys)}, which the mapping explains");
            }

            var flags = ReadingQuality.None;
            quality = meaning == "missing" ? null : QualityCodes.TryParse(meaning, ref flags) ? flags & ~ReadingQuality.Valid : flags;
            if (quality is null)
            {
                _sink.Pass("values that the file calls missing");
            }

            return null;
        }

        private int Column(string name)
        {
            var at = name.StartsWith('#') ? int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) - 1
                : _header?.FindIndex(h => h == name) ?? -1;
            return at >= 0 && (_header is null || (at < _header.Count && (name.StartsWith('#') || _header.FindLastIndex(h => h == name) == at)))
                ? at
                : throw new MeterFileException(new FileError(_csv.SkipLines + 1, "header", string.Join(_csv.Delimiter, _header ?? []),
                    $"a header with one column '{name}', which the mapping names"));
        }

        private string TimeName => string.Join(' ', _time.Select(NameOf));

        private string NameOf(int column) => _header is { } header ? header[column] : $"#{column + 1}";

        private static RegisterKind RegisterOf(string obis)
        {
            _ = Obis.TryParse(obis, out var register);
            return register;
        }

        private sealed record Row(List<string> Fields, string Name, string Meter, string Time, int Line);
    }
}
