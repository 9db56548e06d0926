namespace AccountGrid.Host.MeterFiles;

/// <summary>Reads interval data as <c>meter,interval_end_utc,kwh</c>: the form of <see cref="IntervalsReader"/>.</summary>
public static class IntervalFile
{
    /// <summary>The series of a file whose rows are all right. Throws <see cref="FormatException"/> for one that is not.</summary>
    public static async Task<List<IntervalSeries>> ReadAsync(string path)
    {
        var content = await ReadRowsAsync(path);
        return content.Refused == 0 ? [.. content.Intervals] : throw new FormatException(content.Errors[0].ToString());
    }

    /// <summary>Reads row by row. Throws <see cref="FormatException"/> where the file as a whole cannot be read.</summary>
    public static Task<MeterFileContent> ReadRowsAsync(string path) =>
        Task.Run(() => MeterFileFormats.Read(MeterFileSource.OfFile(path), IntervalsReader.Name, MeterFileMapping.None));
}
