using System.Text;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Reads a settlement file of any format: all of it, or all that is wrong with it.</summary>
internal static class SettlementReader
{
    /// <summary>Largest file, bytes, as it is sent: what the API takes as one body. A larger one is packed with gzip.</summary>
    public const int BytesMax = 8 << 20;

    /// <summary>Largest file once it is unpacked, bytes.</summary>
    public const int UnpackedMax = 128 * 1024 * 1024;

    /// <summary>Most lines of payments, refunds and fees.</summary>
    public const int LinesMax = 500_000;

    private const int HeadMax = 16 * 1024;

    /// <summary>The format of a file by its first bytes; null where it is none that can be told, as a bank's own CSV.</summary>
    public static string? Detect(byte[] bytes)
    {
        if (bytes is [(byte)'P', (byte)'K', ..])
        {
            return "alipay";
        }

        var head = bytes is [0x1f, 0x8b, ..] ? SettlementText.Gunzip(bytes, UnpackedMax) ?? [] : bytes;
        head = head.Length > HeadMax ? head[..HeadMax] : head;
        var text = Encoding.UTF8.GetString(head).TrimStart('\ufeff', ' ', '\t', '\r', '\n');
        if (text.Contains(":camt.05", StringComparison.Ordinal) || (text.StartsWith('<') && text.Contains("<!DOCTYPE", StringComparison.Ordinal)))
        {
            return "camt";
        }

        var lines = text.Split('\n');
        return WeChatBill.IsHeader(lines[0]) || text.Contains("No Bill Exist", StringComparison.Ordinal) ? "wechat"
            : lines.Any(MpesaStatement.IsHeader) ? "mpesa"
            : GbkOf(head).Split('\n').Any(AlipayStatement.IsHeader) ? "alipay"
            : null;
    }

    /// <summary>The currency and zone that a format has unless the channel says otherwise; null where it has none.</summary>
    public static (string Currency, string Zone)? HomeOf(string format) => format switch
    {
        "wechat" or "alipay" => ("CNY", "Asia/Shanghai"),
        "mpesa" => ("KES", "Africa/Nairobi"),
        _ => null,
    };

    /// <param name="mapping">One that was checked.</param>
    public static SettlementReading Read(byte[] bytes, SettlementMapping mapping, SettlementTarget target)
    {
        var (content, wrong) = Unpacked(bytes);
        if (content is null)
        {
            return wrong!;
        }

        var reading = mapping.Format switch
        {
            "csv" => CsvSettlement.Read(content, mapping, target),
            "wechat" => WeChatBill.Read(content, mapping, target),
            "alipay" => AlipayStatement.Read(content, mapping, target),
            "mpesa" => MpesaStatement.Read(content, mapping, target),
            _ => CamtStatement.Read(content, mapping, target),
        };
        return Bounded(reading);
    }

    /// <summary>Reads the rows that a channel sends as JSON in place of a file.</summary>
    public static SettlementReading ReadRows(byte[] bytes, SettlementTarget target)
    {
        var (content, wrong) = Unpacked(bytes);
        return content is null ? wrong! : Bounded(RowsSettlement.Read(content, target));
    }

    private static (byte[]? Content, SettlementReading? Wrong) Unpacked(byte[] bytes)
    {
        if (bytes.Length is 0 or > BytesMax)
        {
            return (null, No("size", $"{bytes.Length} bytes", $"1 to {BytesMax} bytes; pack a larger file with gzip"));
        }

        return bytes is not [0x1f, 0x8b, ..] ? (bytes, null)
            : SettlementText.Gunzip(bytes, UnpackedMax) is { } unpacked ? (unpacked, null)
            : (null, No("gzip", "its content", $"a gzip that can be unpacked to at most {UnpackedMax / 1024 / 1024} MiB"));
    }

    private static SettlementReading Bounded(SettlementReading reading) => reading.Content is { Lines.Count: > LinesMax } large
        ? No("lines", $"{large.Lines.Count} lines", $"at most {LinesMax} lines; split the file")
        : reading;

    private static SettlementReading No(string field, string value, string right) => new(null, [new(0, field, value, right)]);

    private static string GbkOf(byte[] head)
    {
        _ = SettlementText.Gbk;
        return Encoding.GetEncoding("gb18030").GetString(head);
    }
}
