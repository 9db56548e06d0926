using AccountGrid.Domain;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.MeterFiles;

/// <summary>What a file holds, by meter and register, with what was refused of it and what was passed over.</summary>
public sealed class MeterFileContent : IMeterFileSink
{
    private readonly Dictionary<(string Meter, RegisterKind Register), IntervalSeries> _intervals = [];
    private readonly Dictionary<(string Meter, RegisterKind Register), RegisterSeries> _registers = [];
    private readonly Dictionary<(string Meter, RegisterKind Register), string> _streams = [];
    private readonly HashSet<(string Meter, RegisterKind Register, string Stream)> _second = [];
    private readonly List<FileError> _errors = [];
    private readonly SortedDictionary<string, int> _passed = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>The format that it was read as.</summary>
    public string Format { get; internal init; } = "";

    /// <summary>Values that may be taken at most.</summary>
    internal int ValuesMax { get; init; } = MeterFileLimits.ValuesMax;

    /// <summary>Ends the reading.</summary>
    internal CancellationToken Cancel { get; init; }

    /// <summary>How its intervals are placed.</summary>
    public PlacingRules Rules { get; internal init; }

    /// <summary>Intervals by meter and register, each in file order.</summary>
    public IReadOnlyCollection<IntervalSeries> Intervals => _intervals.Values;

    /// <summary>Register values by meter and register, each in file order.</summary>
    public IReadOnlyCollection<RegisterSeries> Registers => _registers.Values;

    /// <summary>The first errors; <see cref="Refused"/> counts all.</summary>
    public IReadOnlyList<FileError> Errors => _errors;

    public int Refused { get; private set; }

    /// <summary>What was passed over, with how often.</summary>
    public IReadOnlyDictionary<string, int> Passed => _passed;

    /// <summary>Values that were taken.</summary>
    public int Values => _values;

    /// <summary>Nothing of it is to be sent: its format is taken whole or not at all, and it has errors.</summary>
    public bool IsVoid { get; private set; }

    void IMeterFileSink.Take(in FileReading reading)
    {
        Cancel.ThrowIfCancellationRequested();
        if (!Ids.IsValid(reading.Meter))
        {
            Refuse(new FileError(reading.Line, "meter", reading.Meter, Ids.Right));
            return;
        }

        if (reading.AtMs is < ReadingChecks.MinMs or > ReadingChecks.MaxMs)
        {
            Refuse(new FileError(reading.Line, "time", Instants.ToText(reading.AtMs), "within 1990 and 2200"));
            return;
        }

        if (++_values > ValuesMax)
        {
            throw new MeterFileException(new FileError(reading.Line, "values", $"more than {ValuesMax}", "what one file may have; split it"));
        }

        var key = (reading.Meter, reading.Register);
        _streams.TryAdd(key, reading.Stream);
        if (_streams[key] is var stream && stream != reading.Stream)
        {
            RefuseSecond(reading, stream);
            return;
        }

        if (reading.IsInterval)
        {
            var series = _intervals.TryGetValue(key, out var known) ? known : _intervals[key] = new IntervalSeries(reading.Meter, [], reading.Register);
            series.Intervals.Add(new Interval(reading.AtMs, reading.MilliWh, reading.Line, reading.Quality, reading.LengthMs));
        }
        else
        {
            var series = _registers.TryGetValue(key, out var known) ? known : _registers[key] = new RegisterSeries(reading.Meter, reading.Register, []);
            series.Points.Add(new RegisterPoint(reading.AtMs, reading.MilliWh, reading.Line, reading.Quality));
        }
    }

    void IMeterFileSink.Refuse(FileError error) => Refuse(error);

    void IMeterFileSink.Pass(string what)
    {
        Cancel.ThrowIfCancellationRequested();
        what = _passed.ContainsKey(what) || _passed.Count < MeterFileLimits.PassedMax ? what : "others";
        _passed[what] = _passed.GetValueOrDefault(what) + 1;
    }

    /// <summary>Refuses registers that the file has as intervals and as values, since it is not known which are meant, and forgets what is not sent.</summary>
    internal void Finish(bool isWhole)
    {
        foreach (var (key, series) in _intervals.Where(i => _registers.ContainsKey(i.Key)).ToList())
        {
            Refuse(new FileError(series.Intervals[0].Line, $"register {RegisterCodes.Of(key.Register)} of {key.Meter}", "intervals and register values",
                "one of the two; none of them is taken"));
            _intervals.Remove(key);
            _registers.Remove(key);
        }

        if (isWhole && Refused > 0)
        {
            IsVoid = true;
            _intervals.Clear();
            _registers.Clear();
        }
    }

    /// <summary>Names a second series of a register once; its other values are counted.</summary>
    private void RefuseSecond(in FileReading reading, string first)
    {
        if (_second.Add((reading.Meter, reading.Register, reading.Stream)))
        {
            Refuse(new FileError(reading.Line, "meter", reading.Stream,
                $"the one of {RegisterCodes.Of(reading.Register)} of {reading.Meter}, which {first} is in this file; none of its values is taken. Correct the "
                    + "mapping, or give it a meter of its own"));
        }
        else
        {
            Refused++;
        }
    }

    private void Refuse(FileError error)
    {
        Cancel.ThrowIfCancellationRequested();
        Refused++;
        if (_errors.Count < MeterFileLimits.ErrorsMax)
        {
            _errors.Add(error);
        }
    }
}
