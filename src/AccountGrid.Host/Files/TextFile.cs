using System.Text;

namespace AccountGrid.Host.Files;

/// <summary>
/// A file's text. UTF-8, or UTF-16 where the file begins with its byte order mark; anything else only under the name that the caller gives. Never guessed: in
/// GBK and in Latin-1 the same bytes are other letters, and two names of rates can become one.
/// </summary>
internal static class TextFile
{
    static TextFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="path">The file.</param>
    /// <param name="encoding">Name of its encoding (gb18030, gbk, big5, windows-1252 ...); null is UTF-8, or what a byte order mark says.</param>
    /// <exception cref="FormatException">The bytes are no text of that encoding; the message says where and what would be right.</exception>
    public static string Read(string path, string? encoding = null) => Decode(File.ReadAllBytes(path), encoding);

    public static string Decode(ReadOnlySpan<byte> bytes, string? encoding = null)
    {
        if (encoding is not null)
        {
            return Strictly(bytes, Named(encoding), encoding);
        }

        return bytes switch
        {
            [0xef, 0xbb, 0xbf, ..] => Strictly(bytes[3..], Encoding.UTF8, "UTF-8"),
            [0xff, 0xfe, ..] => Strictly(bytes[2..], Encoding.Unicode, "UTF-16"),
            [0xfe, 0xff, ..] => Strictly(bytes[2..], Encoding.BigEndianUnicode, "UTF-16"),
            _ => Strictly(bytes, Encoding.UTF8, "UTF-8"),
        };
    }

    private static Encoding Named(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new FormatException($"--encoding: '{name}' is not the name of an encoding such as utf-8, gb18030, gbk, big5 or windows-1252.");
        }
    }

    private static string Strictly(ReadOnlySpan<byte> bytes, Encoding encoding, string name)
    {
        var strict = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        try
        {
            return strict.GetString(bytes).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException(
                $"encoding: line {FirstWrongLine(bytes, strict)} is not {name}. Save the file as UTF-8, or name its encoding: --encoding gb18030 for "
                    + "Chinese, windows-1252 for western European.");
        }
    }

    private static int FirstWrongLine(ReadOnlySpan<byte> bytes, Encoding strict)
    {
        var number = 0;
        foreach (var line in bytes.Split((byte)'\n'))
        {
            number++;
            try
            {
                strict.GetCharCount(bytes[line]);
            }
            catch (DecoderFallbackException)
            {
                return number;
            }
        }

        // Of UTF-16, whose line ends are two bytes.
        return 1;
    }
}
