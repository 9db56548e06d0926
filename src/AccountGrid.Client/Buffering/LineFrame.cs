using System.Buffers.Text;
using System.Numerics;

namespace AccountGrid.Client.Buffering;

/// <summary>
/// A line of a segment: CRC-32C of the text as eight hexadecimal digits, a space, the text, a line feed. Text has no line feed, so that whatever
/// damage there is, the next line is found again.
/// </summary>
internal static class LineFrame
{
    public const byte LineFeed = (byte)'\n';
    private const int PrefixLength = 9;

    /// <summary>Longest text, bytes: a reading has some 200.</summary>
    public const int TextMax = 8 * 1024;

    public static int LengthOf(ReadOnlySpan<byte> text) => PrefixLength + text.Length + 1;

    /// <summary>Longest line, bytes, with its line feed.</summary>
    public static int LengthMax => PrefixLength + TextMax + 1;

    public static void Write(ReadOnlySpan<byte> text, Span<byte> line)
    {
        Utf8Formatter.TryFormat(Crc(text), line, out _, new System.Buffers.StandardFormat('x', 8));
        line[PrefixLength - 1] = (byte)' ';
        text.CopyTo(line[PrefixLength..]);
        line[PrefixLength + text.Length] = LineFeed;
    }

    /// <param name="line">Without its line feed.</param>
    /// <param name="text">What the line holds.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> text)
    {
        text = line.Length < PrefixLength ? default : line[PrefixLength..];
        return line.Length >= PrefixLength && line[PrefixLength - 1] == (byte)' '
            && Utf8Parser.TryParse(line[..(PrefixLength - 1)], out uint crc, out var read, 'x') && read == PrefixLength - 1 && crc == Crc(text);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
