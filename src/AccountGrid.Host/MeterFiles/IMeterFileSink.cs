namespace AccountGrid.Host.MeterFiles;

/// <summary>What a reader of a format tells of a file, one value after the other.</summary>
internal interface IMeterFileSink
{
    void Take(in FileReading reading);

    void Refuse(FileError error);

    /// <summary>Something that is no active energy, and is not read. Counted by what it is.</summary>
    void Pass(string what);
}
