namespace AccountGrid.Host.MeterFiles;

/// <summary>What is wrong with a meter-data file.</summary>
/// <param name="Line">Line of the file, from 1; 0 where it is about the whole file.</param>
/// <param name="Field">Name of the column, record field or element.</param>
/// <param name="Value">As it stands in the file; null where the field is not there.</param>
/// <param name="Right">What would be right, so that "is not" can stand before it.</param>
public sealed record FileError(int Line, string Field, string? Value, string Right)
{
    private const int ShownMax = 60;

    public override string ToString()
    {
        var place = Line == 0 ? "the file" : $"line {Line}";
        return Value is null ? $"{place}: {Field}: it is missing; right is {Right}." : $"{place}: {Field}: '{Shown(Value)}' is not {Right}.";
    }

    /// <summary>A value as a message has it: on one line, not longer than it can be read, and control characters by their number.</summary>
    internal static string Shown(string text)
    {
        var shown = (text.Length <= ShownMax ? text : $"{text[..ShownMax]}...").ReplaceLineEndings(" ");
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(c => char.IsControl(c) ? $"\\x{(int)c:X2}" : $"{c}")) : shown;
    }
}
