using System.IO.Compression;
using System.Text;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Bytes of a file as text, strictly: bytes that are no text of the encoding are an error of their line.</summary>
internal static class SettlementText
{
    static SettlementText() => System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>An encoding by name; null where there is none.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>GBK as banks and wallets of China write it; GB18030 holds it whole.</summary>
    public static Encoding Gbk => Find("gb18030")!;

    public static Encoding Utf8 => Find("utf-8")!;

    public static bool IsText(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        try
        {
            encoding.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Lines of a file; null where it is no text of the encoding, which is noted.</summary>
    /// <param name="name">Of the encoding, as people know it; null is that of the encoding.</param>
    public static string[]? Lines(ReadOnlySpan<byte> bytes, Encoding encoding, SettlementBuilder b, string? name = null)
    {
        if (IsText(bytes, encoding))
        {
            return encoding.GetString(bytes).TrimStart('\ufeff').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        }

        var number = 0;
        foreach (var line in bytes.Split((byte)'\n'))
        {
            number++;
            if (!IsText(bytes[line], encoding))
            {
                b.Wrong(number, "encoding", Convert.ToHexString(bytes[line])[..Math.Min(24, bytes[line].Length * 2)], $"text in {name ?? encoding.WebName}");
            }
        }

        if (b.Errors.Count == 0)
        {
            b.Wrong(0, "encoding", "its bytes", $"text in {name ?? encoding.WebName}");
        }

        return null;
    }

    /// <summary>What a gzip holds; null where it is none or larger than the limit.</summary>
    public static byte[]? Unzip(Stream packed, long max)
    {
        var result = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = packed.Read(buffer)) > 0;)
            {
                if (result.Length + read > max)
                {
                    return null;
                }

                result.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return result.ToArray();
    }

    public static byte[]? Gunzip(byte[] bytes, long max)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        return Unzip(gzip, max);
    }
}
