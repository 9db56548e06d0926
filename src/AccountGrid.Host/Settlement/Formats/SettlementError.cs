namespace AccountGrid.Host.Settlement.Formats;

/// <summary>What is wrong with a settlement file.</summary>
/// <param name="Line">Line of the file, from 1; 0 where it is about the whole file.</param>
/// <param name="Field">Name of the column or element, as the file has it.</param>
/// <param name="Value">As it stands in the file; null where the field is not there.</param>
/// <param name="Right">What would be right, so that "is not" can stand before it.</param>
public sealed record SettlementError(int Line, string Field, string? Value, string Right)
{
    private const int ShownMax = 60;

    public override string ToString()
    {
        var place = Line == 0 ? "the file" : $"line {Line}";
        return Value is null ? $"{place}: {Field}: it is missing; right is {Right}." : $"{place}: {Field}: '{Shown(Value)}' is not {Right}.";
    }

    private static string Shown(string text) => (text.Length <= ShownMax ? text : $"{text[..ShownMax]}...").ReplaceLineEndings(" ");
}
