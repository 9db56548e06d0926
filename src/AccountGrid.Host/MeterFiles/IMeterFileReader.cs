namespace AccountGrid.Host.MeterFiles;

/// <summary>Reads one format of meter data. What it keeps in memory does not grow with the file.</summary>
internal interface IMeterFileReader
{
    /// <summary>Name of the format, as <c>--format</c> has it.</summary>
    string Format { get; }

    /// <summary>Whether a file with an error is not used at all; else its other rows are.</summary>
    bool IsWhole { get; }

    /// <exception cref="MeterFileException">The file cannot be read any further.</exception>
    void Read(MeterFileSource source, MeterFileMapping mapping, IMeterFileSink sink);
}
