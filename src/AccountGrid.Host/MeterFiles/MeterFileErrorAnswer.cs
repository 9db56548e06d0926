namespace AccountGrid.Host.MeterFiles;

/// <param name="Line">Line of the file, from 1; 0 where it is about the whole file.</param>
/// <param name="Field">Column, record field or element; or the code of a reading that was not taken.</param>
/// <param name="Value">As the file has it; absent where it has none.</param>
/// <param name="Detail">What is wrong, with what would be right.</param>
public sealed record MeterFileErrorAnswer(int Line, string Field, string? Value, string Detail)
{
    internal static MeterFileErrorAnswer Of(FileError error) =>
        new(error.Line, error.Field, error.Value is null ? null : FileError.Shown(error.Value), error.ToString());
}
