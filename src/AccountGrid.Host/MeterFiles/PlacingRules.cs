namespace AccountGrid.Host.MeterFiles;

/// <summary>What time that a file does not tell of is taken for.</summary>
/// <param name="StartContinues">From the grid's last value to the file's first interval nothing was used; else the file waits for what is missing.</param>
/// <param name="HolesContinue">In holes of the file nothing was used; else what is behind a hole waits. Behind rows that wait, all waits.</param>
public readonly record struct PlacingRules(bool StartContinues, bool HolesContinue)
{
    /// <summary>Those of files with the header of <see cref="IntervalsReader"/>, unless a mapping says otherwise.</summary>
    public static PlacingRules OfIntervals => new(false, true);

    /// <summary>The rules of a format, unless the mapping says otherwise.</summary>
    public static PlacingRules Of(string format, MeterFileMapping mapping) => mapping.Gaps switch
    {
        "continue" => new(true, true),
        "wait" => default,
        _ => format == IntervalsReader.Name ? OfIntervals : default,
    };
}
