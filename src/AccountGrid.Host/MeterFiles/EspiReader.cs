using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Green Button (NAESB ESPI): an Atom feed. The meter is the UsagePoint of an IntervalBlock's links; what its values are is told by the ReadingType that the
/// MeterReading of those links is related to, wherever in the feed it stands, so the file is read twice. Taken whole or not at all.
/// </summary>
internal sealed class EspiReader : IMeterFileReader
{
    public const string Name = "espi";

    /// <summary>Longest interval, days: a billing period of a month, and the hour of a change of clocks.</summary>
    private const int DaysMax = 32;

    public string Format => Name;

    public bool IsWhole => true;

    public void Read(MeterFileSource source, MeterFileMapping mapping, IMeterFileSink sink)
    {
        var types = new Types(sink);
        FileXml.Read(source, xml =>
        {
            var root = xml.ForEach("entry", () => types.Read(xml));
            if (root is not ("feed" or "entry"))
            {
                sink.Refuse(new FileError(0, root, "the root", "an Atom feed"));
            }
        });
        FileXml.Read(source, xml => xml.ForEach("entry", () => new Blocks(xml, types, mapping, sink).Read()));
    }

    /// <summary>The part of a link that names a resource, whichever host and version are before it; null where it names none.</summary>
    private static string? Resource(string href, string kind)
    {
        var at = href.IndexOf($"{kind}/", StringComparison.Ordinal);
        return at < 0 || (at > 0 && href[at - 1] != '/') ? null : href[at..].TrimEnd('/');
    }

    /// <summary>A MeterReading as its links name it: with its UsagePoint, and with the customer where there is one.</summary>
    private static string? MeterReadingOf(string href)
    {
        var path = Resource(href, "RetailCustomer") ?? Resource(href, "Subscription") ?? Resource(href, "UsagePoint") ?? Resource(href, "MeterReading");
        var parts = path?.Split('/');
        var at = parts is null ? -1 : Array.IndexOf(parts, "MeterReading");
        return at >= 0 && at + 1 < parts!.Length && parts[at + 1].Length > 0 ? string.Join('/', parts[..(at + 2)]) : null;
    }

    /// <param name="keeps">Whether a link is kept.</param>
    private static void Links(FileXml xml, List<(string Rel, string Href)> links, Func<string, string, bool> keeps)
    {
        if (links.Count < MeterFileLimits.EspiLinksMax && xml.Attribute("href") is { Length: <= MeterFileLimits.XmlTextMax } href
            && (xml.Attribute("rel") ?? "") is { Length: <= MeterFileLimits.XmlTextMax } rel && keeps(rel, href))
        {
            links.Add((rel, href));
        }
    }

    /// <summary>First look: which ReadingType each MeterReading has.</summary>
    private sealed class Types(IMeterFileSink sink)
    {
        private readonly Dictionary<string, EspiReadingType> _types = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _typeOf = new(StringComparer.Ordinal);

        /// <summary>MeterReadings by what they are the energy of: two of one would be counted twice.</summary>
        public Dictionary<(string Meter, RegisterKind Register), string> Readings { get; } = [];

        public bool Any => _types.Count > 0;

        public EspiReadingType? Find(string meterReading) => _typeOf.TryGetValue(meterReading, out var type) ? _types.GetValueOrDefault(type) : null;

        public void Read(FileXml xml)
        {
            var links = new List<(string Rel, string Href)>();
            EspiReadingType? type = null;
            var line = xml.Line;
            xml.Children(name =>
            {
                if (name == "link")
                {
                    Links(xml, links, (rel, href) => rel == "self" || Resource(href, "ReadingType") is not null);
                }
                else if (name == "content")
                {
                    xml.Children(inner =>
                    {
                        if (inner == "ReadingType")
                        {
                            type = TypeOf(xml);
                        }
                    });
                }
            });
            var self = links.Find(l => l.Rel == "self").Href ?? "";
            if (type is not null)
            {
                if (Resource(self, "ReadingType") is { } name)
                {
                    _types[name] = type;
                }
                else
                {
                    sink.Refuse(new FileError(line, "link", self, "a link rel=\"self\" to ReadingType/… of this ReadingType"));
                }
            }
            else if (MeterReadingOf(self) is { } reading && !self.Contains("IntervalBlock", StringComparison.Ordinal)
                && links.Select(l => Resource(l.Href, "ReadingType")).FirstOrDefault(r => r is not null) is { } related)
            {
                _typeOf[reading] = related;
            }

            if (_types.Count + _typeOf.Count > MeterFileLimits.EspiEntriesMax)
            {
                throw new MeterFileException(new FileError(line, "entry", $"more than {MeterFileLimits.EspiEntriesMax} ReadingTypes and MeterReadings",
                    "what one feed may have"));
            }
        }

        private EspiReadingType TypeOf(FileXml xml)
        {
            var type = new EspiReadingType();
            xml.Children(name =>
            {
                var line = xml.Line;
                var text = name is "interharmonic" or "argument" ? "" : xml.Text();
                if (type.Take(name, text) is { } right)
                {
                    sink.Refuse(new FileError(line, name, text, right));
                }
            });
            return type;
        }
    }

    /// <summary>Second look: the blocks of one entry. Its values are kept until its links are known.</summary>
    private sealed class Blocks(FileXml xml, Types types, MeterFileMapping mapping, IMeterFileSink sink)
    {
        private readonly List<(string Rel, string Href)> _links = [];
        private readonly List<Value> _values = [];
        private readonly int _line = xml.Line;

        public void Read()
        {
            xml.Children(name =>
            {
                if (name == "link")
                {
                    Links(xml, _links, (_, href) => _links.Count == 0 || MeterReadingOf(href) is not null);
                }
                else if (name == "content")
                {
                    xml.Children(inner =>
                    {
                        if (inner == "IntervalBlock")
                        {
                            Block();
                        }
                    });
                }
            });
            if (_values.Count > 0)
            {
                Take();
            }
        }

        private void Block() => xml.Children(name =>
        {
            if (name != "IntervalReading")
            {
                return;
            }

            if (_values.Count >= MeterFileLimits.ElementValuesMax)
            {
                throw new MeterFileException(new FileError(_line, "IntervalBlock", $"more than {MeterFileLimits.ElementValuesMax} values",
                    "what one entry may have"));
            }

            var value = new Value { Line = xml.Line };
            xml.Children(field =>
            {
                switch (field)
                {
                    case "value":
                        value.Text = xml.Text(MeterFileLimits.XmlValueMax);
                        break;
                    case "ReadingQuality":
                        xml.Children(q =>
                        {
                            if (q == "quality")
                            {
                                Quality(value);
                            }
                        });
                        break;
                    case "timePeriod":
                        xml.Children(t =>
                        {
                            (value.Start, value.Duration) = t switch
                            {
                                "start" => (xml.Text(MeterFileLimits.XmlValueMax), value.Duration),
                                "duration" => (value.Start, xml.Text(MeterFileLimits.XmlValueMax)),
                                _ => (value.Start, value.Duration),
                            };
                        });
                        break;
                }
            });
            _values.Add(value);
        });

        private void Quality(Value value)
        {
            var (line, text) = (xml.Line, xml.Text());
            ReadingQuality? flags = text switch
            {
                // Valid, raw, validated, verified, of revenue quality.
                "0" or "14" or "17" or "18" or "19" => ReadingQuality.None,
                "7" => ReadingQuality.Edited,
                "8" or "9" => ReadingQuality.Estimated,

                // Questionable, mixed, other.
                "10" or "13" or "16" => ReadingQuality.Questionable,
                "11" => ReadingQuality.Derived,
                "12" => ReadingQuality.Projected,
                _ => null,
            };
            if (flags is null)
            {
                sink.Refuse(new FileError(line, "quality", text, "a QualityOfReading: 0, 7 to 14 or 16 to 19"));
            }

            value.Quality |= flags ?? ReadingQuality.None;
        }

        private void Take()
        {
            if (_links.Select(l => MeterReadingOf(l.Href)).FirstOrDefault(r => r is not null) is not { } reading)
            {
                sink.Refuse(new FileError(_line, "link", _links.Select(l => l.Href).FirstOrDefault(),
                    "a link to the MeterReading that the IntervalBlock is of"));
                return;
            }

            if (TypeOf(reading) is not { } type)
            {
                return;
            }

            var parts = reading.Split('/');
            var point = Array.IndexOf(parts, "UsagePoint") is >= 0 and var at ? parts[at + 1] : parts[^1];
            var meter = mapping.MeterOf(point);
            if (!type.IsEnergy)
            {
                _values.ForEach(_ => sink.Pass($"values of {type.Shown}: no active energy of one register"));
                return;
            }

            if (types.Readings.TryGetValue((meter, type.Register), out var other) && other != reading)
            {
                sink.Refuse(new FileError(_line, "MeterReading", reading,
                    $"the one of UsagePoint {point} for {RegisterCodes.Of(type.Register)}; {other} is another, and their energy would count twice"));
                return;
            }

            types.Readings[(meter, type.Register)] = reading;
            _values.ForEach(v => Take(v, meter, type));
        }

        private BlockType? TypeOf(string reading)
        {
            var found = types.Find(reading);
            if (mapping.Espi is { } own)
            {
                if (found is not null && found.PowerOfTenMultiplier != own.PowerOfTenMultiplier)
                {
                    sink.Refuse(new FileError(_line, "powerOfTenMultiplier", found.PowerOfTenMultiplier.ToString(CultureInfo.InvariantCulture),
                        $"the mapping's {own.PowerOfTenMultiplier}; correct the mapping, or leave it out"));
                    return null;
                }

                _ = Obis.TryParse(own.Register, out var register);
                return found is not null ? BlockType.Of(found)
                    : new BlockType(true, register, own.Holds == "energy", CimReadingType.PowerOfTen(own.PowerOfTenMultiplier) * 1_000m, "the mapping");
            }

            if (found is null)
            {
                sink.Refuse(new FileError(_line, "ReadingType", null,
                    $"a ReadingType that {reading} is related to"
                        + (types.Any ? "" : "; the feed has none, so the mapping's espi must say what its values are")));
                return null;
            }

            return BlockType.Of(found);
        }

        private void Take(Value value, string meter, BlockType type)
        {
            if (!long.TryParse(value.Start, NumberStyles.None, CultureInfo.InvariantCulture, out var start) || start > ReadingChecks.MaxMs / 1_000)
            {
                sink.Refuse(new FileError(value.Line, "start", value.Start, "seconds since 1970 in UTC"));
            }
            else if (!int.TryParse(value.Duration ?? (type.IsInterval ? null : "0"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                || seconds > DaysMax * Instants.MsPerDay / 1_000 || (seconds == 0 && type.IsInterval))
            {
                sink.Refuse(new FileError(value.Line, "duration", value.Duration, $"seconds of an interval of up to {DaysMax} days"));
            }
            else if (EnergyText.TryParse(value.Text, '.', type.MilliWh, type.IsInterval, out var milliWh) is { } right)
            {
                sink.Refuse(new FileError(value.Line, "value", value.Text, right));
            }
            else
            {
                sink.Take(new FileReading(meter, type.Register, type.IsInterval, (start + seconds) * 1_000, milliWh, value.Quality, value.Line,
                    type.IsInterval ? seconds * 1_000L : 0));
            }
        }

        private sealed class Value
        {
            public int Line { get; init; }

            public string? Start { get; set; }

            public string? Duration { get; set; }

            public string? Text { get; set; }

            public ReadingQuality Quality { get; set; }
        }

        private sealed record BlockType(bool IsEnergy, RegisterKind Register, bool IsInterval, decimal MilliWh, string Shown)
        {
            public static BlockType Of(EspiReadingType type) => new(type.IsEnergy, type.Register, type.IsInterval, type.MilliWh, type.ToString());
        }
    }
}
