namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Rows of meters at local times that happen twice. They are held until the meter's next row at another time, and told apart by their order: the first of a
/// time is the first instant, the second is the second. Where a time is not there exactly twice, or the rows do not rise, nothing tells which is meant.
/// </summary>
internal sealed class RepeatedHours<T>
{
    private readonly Dictionary<string, Meter> _meters = new(StringComparer.Ordinal);
    private int _held;

    /// <summary>Holds a row.</summary>
    /// <param name="line">Line of the file, for an error.</param>
    public void Hold(string meter, FileTime time, T row, int line)
    {
        if (++_held > MeterFileLimits.ElementValuesMax)
        {
            throw new MeterFileException(new FileError(line, "time", $"more than {MeterFileLimits.ElementValuesMax} rows in a repeated hour",
                "what can be held until the meters' next hours; sort the file by meter, or send UTC"));
        }

        Of(meter).Rows.Add((time, row));
    }

    /// <summary>Gives a meter's rows back, with the instant of each; null where it cannot be told.</summary>
    /// <param name="nextMs">The meter's row behind them, UTC ms.</param>
    public List<(T Row, long? Ms)> Release(string meter, long nextMs)
    {
        var known = Of(meter);
        var rows = Release(known, nextMs);
        known.BeforeMs = nextMs;
        return rows;
    }

    /// <summary>Gives back what is still held at the end of the file.</summary>
    public IEnumerable<(T Row, long? Ms)> Release() => _meters.Values.SelectMany(m => Release(m, long.MaxValue)).ToList();

    private List<(T Row, long? Ms)> Release(Meter meter, long nextMs)
    {
        if (meter.Rows.Count == 0)
        {
            return [];
        }

        var seen = new HashSet<long>();
        var instants = meter.Rows.ConvertAll(r => seen.Add(r.Time.Ms) ? r.Time.Ms : r.Time.SecondMs);
        var isRising = instants.Zip(instants.Skip(1).Append(nextMs)).All(i => i.First < i.Second);
        var isKnown = isRising && meter.BeforeMs < instants[0] && instants.Count == 2 * seen.Count;
        var rows = meter.Rows.Select((r, i) => (r.Row, isKnown ? instants[i] : (long?)null)).ToList();
        _held -= rows.Count;
        meter.Rows.Clear();
        return rows;
    }

    private Meter Of(string meter) => _meters.TryGetValue(meter, out var known) ? known : _meters[meter] = new Meter();

    private sealed class Meter
    {
        public long BeforeMs { get; set; } = long.MinValue;

        public List<(FileTime Time, T Row)> Rows { get; } = [];
    }
}
