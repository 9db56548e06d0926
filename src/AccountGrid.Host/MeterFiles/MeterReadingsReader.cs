using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// MeterReadings of IEC 61968-9, in an EventMessage, a SOAP envelope or alone. Times of intervals are their ends. Taken whole or not at all. Which quality
/// codes are doubt is told by <see cref="QualityCodes"/>.
/// </summary>
internal sealed class MeterReadingsReader : IMeterFileReader
{
    public const string Name = "meter-readings";

    public string Format => Name;

    public bool IsWhole => true;

    public void Read(MeterFileSource source, MeterFileMapping mapping, IMeterFileSink sink) => FileXml.Read(source, xml =>
    {
        var count = 0;
        var root = xml.ForEach("MeterReading", () =>
        {
            count++;
            new MeterReading(xml, mapping, sink).Read();
        });
        if (count == 0)
        {
            sink.Refuse(new FileError(0, root, "without MeterReading", "a document with elements MeterReading"));
        }
    });

    /// <summary>One element. Values are kept until its end, since the meter may stand behind them, as may what they are.</summary>
    private sealed class MeterReading(FileXml xml, MeterFileMapping mapping, IMeterFileSink sink)
    {
        private const int NamesMax = 16;

        private readonly List<FileReading> _values = [];
        private readonly List<string> _meter = [];
        private readonly List<string> _point = [];
        private readonly int _line = xml.Line;

        public void Read()
        {
            xml.Children(name =>
            {
                switch (name)
                {
                    case "IntervalBlocks":
                        Block();
                        break;
                    case "Readings":
                        Register();
                        break;
                    case "Meter" or "UsagePoint":
                        Names(name == "Meter" ? _meter : _point);
                        break;
                }
            });
            if (_values.Count == 0)
            {
                return;
            }

            // A UUID is no id here; the name beside it is.
            List<string> names = [.. _meter, .. _point];
            var stream = names.Find(mapping.Meters.ContainsKey) ?? names.Find(Ids.IsValid) ?? names.FirstOrDefault();
            if (stream is null)
            {
                sink.Refuse(new FileError(_line, "Meter", null, "mRID or name of the meter"));
                return;
            }

            var meter = mapping.MeterOf(stream);
            _values.ForEach(v => sink.Take(v with { Meter = meter, Stream = stream }));
        }

        /// <summary>The mRID and the names of the first Meter or UsagePoint.</summary>
        private void Names(List<string> names)
        {
            if (names.Count > 0)
            {
                return;
            }

            string? id = null;
            xml.Children(name =>
            {
                if (name == "mRID")
                {
                    id ??= xml.Text();
                }
                else if (name == "Names")
                {
                    xml.Children(inner =>
                    {
                        if (inner == "name" && names.Count < NamesMax && xml.Text() is { Length: > 0 } text)
                        {
                            names.Add(text);
                        }
                    });
                }
            });
            if (id is { Length: > 0 })
            {
                names.Insert(0, id);
            }
        }

        private void Block()
        {
            var (values, type, line) = (new List<Value>(), (string?)null, xml.Line);
            xml.Children(name =>
            {
                switch (name)
                {
                    case "IntervalReadings":
                        values.Add(ValueOf(_ => false));
                        Check(values.Count);
                        break;
                    case "ReadingType":
                        type = xml.Attribute("ref");
                        break;
                }
            });
            Add(type, values, line);
        }

        private void Register()
        {
            string? type = null;
            var line = xml.Line;
            var value = ValueOf(name =>
            {
                type = name == "ReadingType" ? xml.Attribute("ref") : type;
                return name == "ReadingType";
            });
            Add(type, [value], line);
        }

        private Value ValueOf(Func<string, bool> takes)
        {
            var value = new Value { Line = xml.Line };
            xml.Children(name =>
            {
                switch (name)
                {
                    case "timeStamp":
                        value.Time = xml.Text(MeterFileLimits.XmlValueMax);
                        break;
                    case "value":
                        value.Text = xml.Text(MeterFileLimits.XmlValueMax);
                        break;
                    case "ReadingQualities":
                        Quality(value);
                        break;
                    default:
                        takes(name);
                        break;
                }
            });
            return value;
        }

        private void Quality(Value value) => xml.Children(name =>
        {
            if (name == "ReadingQualityType" && xml.Attribute("ref") is var code
                && (code is null || !QualityCodes.TryParse(code, ref value.Quality)))
            {
                sink.Refuse(new FileError(xml.Line, "ReadingQualityType", code, "a quality code of three numbers such as 1.8.0"));
            }
        });

        private void Add(string? type, List<Value> values, int line)
        {
            if (type is null || !CimReadingType.TryParse(type, out var reading))
            {
                sink.Refuse(new FileError(line, "ReadingType", type, CimReadingType.Right));
                return;
            }

            foreach (var value in values)
            {
                if (!reading.IsEnergy)
                {
                    sink.Pass($"reading type {FileError.Shown(type)}: no active energy of one register");
                }
                else if (!Rfc3339.TryParse(value.Time, out var at))
                {
                    sink.Refuse(new FileError(value.Line, "timeStamp", value.Time, Rfc3339.Form));
                }
                else if (EnergyText.TryParse(value.Text, '.', reading.MilliWh, reading.IsInterval, out var milliWh) is { } right)
                {
                    sink.Refuse(new FileError(value.Line, "value", value.Text, right));
                }
                else
                {
                    Check(_values.Count);
                    _values.Add(new FileReading("", reading.Register, reading.IsInterval, at.ToUnixTimeMilliseconds(), milliWh,
                        value.Quality & ~ReadingQuality.Valid, value.Line, reading.LengthMs));
                }
            }
        }

        private void Check(int count)
        {
            if (count > MeterFileLimits.ElementValuesMax)
            {
                throw new MeterFileException(new FileError(_line, "MeterReading", $"more than {MeterFileLimits.ElementValuesMax} values",
                    "what one element may have; give several elements"));
            }
        }

        private sealed class Value
        {
            public ReadingQuality Quality;

            public int Line { get; init; }

            public string? Time { get; set; }

            public string? Text { get; set; }
        }
    }
}
