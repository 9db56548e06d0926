namespace AccountGrid.Host.MeterFiles;

/// <summary>How a meter-data file is read, where its format leaves that open.</summary>
public sealed record MeterFileMapping
{
    /// <summary>A file that says all by itself.</summary>
    public static MeterFileMapping None { get; } = new();

    /// <summary>One of <see cref="MeterFileFormats.Names"/>; null is what the content says.</summary>
    public string? Format { get; init; }

    /// <summary>IANA zone of local times. CSV needs it where its times have no offset; NEM12 and NEM13 are of UTC+10 without it.</summary>
    public string? Zone { get; init; }

    /// <summary>
    /// Which instant a local time is that happens twice, when clocks go back: <c>refuse</c> (none), or <c>inOrder</c>: the first in the first of a meter's rows
    /// of it, and the second in the second. Each such time must be there exactly twice, and the meter's rows must rise; else none of that hour is taken.
    /// </summary>
    public string RepeatedHour { get; init; } = "refuse";

    /// <summary>The grid's ids of meters by the file's own names of them. A meter that is not named has the file's. NEM12 also: <c>NMI/E2</c>.</summary>
    public IReadOnlyDictionary<string, string> Meters { get; init; } = new Dictionary<string, string>();

    /// <summary>NEM12 and NEM13: OBIS codes of registers by their suffix, such as E2, or <c>skip</c>. Without it E1 is 1.8.0, and B1 is 2.8.0.</summary>
    public IReadOnlyDictionary<string, string> Channels { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// What time without a value is in interval data: <c>wait</c> (what is behind it is not sent until it is known) or <c>continue</c> (nothing was used). Null
    /// is wait, except that holes within a file with the header of <c>intervals</c> continue.
    /// </summary>
    public string? Gaps { get; init; }

    /// <summary>Layout of a CSV.</summary>
    public MeterCsvMapping? Csv { get; init; }

    /// <summary>What a Green Button feed without a ReadingType holds.</summary>
    public EspiMapping? Espi { get; init; }

    /// <summary>P1: <c>rates</c> takes 1.8.1 and 1.8.2 as they are, <c>total</c> adds them up to 1.8.0.</summary>
    public string P1Registers { get; init; } = "rates";

    internal string MeterOf(string name) => Meters.GetValueOrDefault(name, name);
}
