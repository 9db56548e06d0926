namespace AccountGrid.Host.MeterFiles;

/// <summary>Layout of a CSV with meter data. A column is named by its header, or as <c>#3</c> by its place from 1.</summary>
public sealed record MeterCsvMapping
{
    /// <summary>One character, or <c>tab</c>.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>What encloses a field that holds the delimiter; empty is none.</summary>
    public string Quote { get; init; } = "\"";

    /// <summary>Name of the encoding; a byte order mark stands before it.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary><c>.</c> or <c>,</c>.</summary>
    public string DecimalSign { get; init; } = ".";

    /// <summary>Lines before the header, or before the first row where there is none.</summary>
    public int SkipLines { get; init; }

    /// <summary>Whether the first line names the columns.</summary>
    public bool Header { get; init; } = true;

    /// <summary>Column of the meter; or <see cref="Meter"/>.</summary>
    public string? MeterColumn { get; init; }

    /// <summary>The one meter of the file.</summary>
    public string? Meter { get; init; }

    /// <summary>Columns of the time, in the order in which <see cref="TimeFormats"/> read them, with a space between: a date and a time perhaps.</summary>
    public required IReadOnlyList<string> Time { get; init; }

    /// <summary>.NET formats such as <c>dd-MM-yyyy HH:mm</c>, or <c>rfc3339</c>, <c>unix-s</c>, <c>unix-ms</c>. 24:00 is read as the end of its day.</summary>
    public required IReadOnlyList<string> TimeFormats { get; init; }

    /// <summary>What the time of an interval is: its <c>start</c> or its <c>end</c>.</summary>
    public string Stamps { get; init; } = "end";

    /// <summary>Length of an interval, minutes; needed where it holds energy, and the rows are not days.</summary>
    public int IntervalMinutes { get; init; }

    /// <summary><c>energy</c> of intervals, or <c>register</c>: cumulative.</summary>
    public required string Holds { get; init; }

    /// <summary><c>Wh</c>, <c>kWh</c> or <c>MWh</c>.</summary>
    public string Unit { get; init; } = "kWh";

    /// <summary>Columns of values with their registers. Columns of one register are added up.</summary>
    public IReadOnlyList<MeterCsvValue> Values { get; init; } = [];

    /// <summary>A row a day, in place of <see cref="Values"/>.</summary>
    public MeterCsvDay? Day { get; init; }

    /// <summary>Column of the quality.</summary>
    public string? QualityColumn { get; init; }

    /// <summary>
    /// The file's words of quality, each with <c>valid</c>, <c>estimated</c>, a CIM code and so on, or <c>missing</c>: no value. Others are refused.
    /// </summary>
    public IReadOnlyDictionary<string, string> Quality { get; init; } = new Dictionary<string, string>();
}
