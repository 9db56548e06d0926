namespace AccountGrid.Host.MeterFiles;

/// <summary>The file cannot be read on from here: nothing of it is used.</summary>
/// <param name="error">Why.</param>
/// <param name="before">Errors that were found before it.</param>
public sealed class MeterFileException(FileError error, IReadOnlyList<FileError>? before = null) : FormatException(error.ToString())
{
    public FileError Error { get; } = error;

    /// <summary>All that was found, in the order of the file.</summary>
    public IReadOnlyList<FileError> Errors { get; } = [.. before ?? [], error];
}
