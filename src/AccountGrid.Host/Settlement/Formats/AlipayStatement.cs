using System.IO.Compression;
using System.Text.RegularExpressions;
using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>
/// Reads Alipay's statement of trades: a zip whose names are in GBK, with a CSV of trades and one of their summary, or the CSV of trades alone. Lines that
/// begin with # frame the rows; values are padded with tabs and blanks; a refund is negative and has a batch number. (Source: CHANNELS, Alipay.)
/// </summary>
internal sealed partial class AlipayStatement
{
    private const string Trade = "支付宝交易号";
    private const string MerchantOrder = "商户订单号";
    private const string Kind = "业务类型";
    private const string Created = "创建时间";
    private const string Completed = "完成时间";
    private const string OrderAmount = "订单金额(元)";
    private const string Received = "商家实收(元)";
    private const string Batch = "退款批次号/请求号";
    private const string Fee = "服务费(元)";
    private const string End = "业务明细列表结束";
    private const string Details = "业务明细";
    private const string SummaryFile = "汇总";
    private const long UnzippedMax = 128L * 1024 * 1024;
    private const int EntriesMax = 20;

    private static readonly string[] Needed = [Trade, MerchantOrder, Kind, Completed, OrderAmount, Received, Batch, Fee];
    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy/MM/dd HH:mm:ss", "yyyy/M/d H:mm:ss"];

    private readonly SettlementMapping _mapping;
    private readonly SettlementBuilder _b;
    private readonly Dictionary<(bool IsRefund, string Column), decimal> _sums = [];
    private int _trades;
    private int _refunds;

    private AlipayStatement(SettlementMapping mapping, SettlementBuilder b) => (_mapping, _b) = (mapping, b);

    public static SettlementReading Read(byte[] bytes, SettlementMapping mapping, SettlementTarget target)
    {
        var b = new SettlementBuilder("alipay", target, mapping.Zone);
        if (Parts(bytes, b) is var (details, summary) && SettlementText.Lines(details, SettlementText.Gbk, b) is { } lines)
        {
            var reader = new AlipayStatement(mapping, b);
            reader.Read(lines);
            if (summary is not null && b.Errors.Count == 0 && SettlementText.Lines(summary, SettlementText.Gbk, b) is { } sums)
            {
                reader.CheckSummaryFile(sums);
            }
        }

        return b.End();
    }

    public static bool IsHeader(string line) => line.Contains(Trade, StringComparison.Ordinal) && line.Contains(Kind, StringComparison.Ordinal);

    private static (byte[] Details, byte[]? Summary)? Parts(byte[] bytes, SettlementBuilder b)
    {
        if (bytes is not [(byte)'P', (byte)'K', ..])
        {
            return (bytes, null);
        }

        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read, leaveOpen: false, SettlementText.Gbk);
            if (zip.Entries.Count > EntriesMax)
            {
                b.Wrong(0, "zip", $"{zip.Entries.Count} files", $"a zip of at most {EntriesMax} files");
                return null;
            }

            var named = zip.Entries.Where(e => e.Name.Contains(Details, StringComparison.Ordinal)).ToList();
            var details = named.Where(e => !e.Name.Contains(SummaryFile, StringComparison.Ordinal)).ToList();
            if (details.Count != 1)
            {
                b.Wrong(0, "zip", string.Join(", ", zip.Entries.Select(e => e.Name)),
                    $"a zip with one file whose name has {Details} in it and not {SummaryFile}");
                return null;
            }

            var content = Content(details[0], b);
            var summary = named.Find(e => e != details[0]) is { } entry ? Content(entry, b) : null;
            return content is null || b.Errors.Count > 0 ? null : (content, summary);
        }
        catch (InvalidDataException)
        {
            b.Wrong(0, "zip", "its content", "a zip that can be opened; fetch the file again");
            return null;
        }
    }

    private static byte[]? Content(ZipArchiveEntry entry, SettlementBuilder b)
    {
        using var stream = entry.Open();
        var content = SettlementText.Unzip(stream, UnzippedMax);
        if (content is null)
        {
            b.Wrong(0, "zip", entry.Name, $"a file that can be unpacked to at most {UnzippedMax / 1024 / 1024} MiB");
        }

        return content;
    }

    private void Read(string[] lines)
    {
        var header = Array.FindIndex(lines, IsHeader);
        if (header < 0)
        {
            _b.Wrong(0, "header", null, $"a line with the columns {Trade} and {Kind}");
            return;
        }

        var columns = Columns(header + 1, lines[header]);
        var width = lines[header].Split(',').Length;
        if (columns is null)
        {
            return;
        }

        var i = header + 1;
        for (; i < lines.Length && !lines[i].Contains(End, StringComparison.Ordinal); i++)
        {
            if (lines[i].Trim().Length > 0 && Values(i + 1, lines[i], width) is { } values)
            {
                Row(new SettlementRow(i + 1, values, columns));
            }
        }

        if (i == lines.Length)
        {
            _b.Wrong(0, End, null, $"a line #---{End}--- behind the rows; without it the file may be cut off");
            return;
        }

        for (i++; i < lines.Length; i++)
        {
            CheckLastLine(i + 1, lines[i].Trim());
        }
    }

    private Dictionary<string, int>? Columns(int line, string text)
    {
        var columns = new Dictionary<string, int>();
        var names = text.Split(',').Select(Plain).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length > 0 && !columns.TryAdd(names[i], i))
            {
                _b.Wrong(line, "header", names[i], "a name of one column only; it is there twice");
            }
        }

        foreach (var name in Needed.Where(n => !columns.ContainsKey(n)))
        {
            _b.Wrong(line, name, null, "a column of this name in the header of an Alipay statement");
        }

        return _b.Errors.Count == 0 ? columns : null;
    }

    /// <summary>A name with parentheses as ASCII has them.</summary>
    private static string Plain(string name) => name.Trim().Replace('（', '(').Replace('）', ')');

    private string[]? Values(int line, string text, int width)
    {
        var values = CsvFields.Split(text, ',')?.Select(v => v.Trim()).ToArray();

        if (values?.Length == width)
        {
            return values;
        }

        _b.Wrong(line, "row", values is null ? text : $"{values.Length} values", $"a row of {width} values, as the header has");
        return null;
    }

    private void Row(SettlementRow row)
    {
        var (line, before) = (row.Line, _b.Errors.Count);
        var isRefund = row[Kind] == "退款";
        if (!isRefund && row[Kind] != "交易")
        {
            _b.Wrong(line, Kind, row[Kind], "交易 or 退款");
            return;
        }

        Sum(row, isRefund);
        var column = _mapping.AmountOf == "order" ? OrderAmount : Received;
        var amount = _b.Amount(line, column, row[column], NumberForm.Plain);
        if (_b.Errors.Count == before && (isRefund ? amount >= Money.Zero : amount <= Money.Zero))
        {
            _b.Wrong(line, column, row[column], isRefund ? "less than 0, as a refund is" : "more than 0, as a trade is");
        }

        var charged = _b.Fee(line, Fee, row[Fee], NumberForm.Plain);
        var fee = _mapping.FeeSign == "negative" ? -charged : charged;
        var trade = _b.Id(line, Trade, row[Trade]);
        var merchant = _b.Id(line, MerchantOrder, row[MerchantOrder]);
        var batch = isRefund ? _b.Id(line, Batch, row[Batch]) : null;
        var (id, other, kind) = _mapping.TxnId == "channel" ? (trade, merchant, "merchantOrder") : (merchant, trade, "channelOrder");
        if (id is null && _b.Errors.Count == before)
        {
            _b.Wrong(line, _mapping.TxnId == "channel" ? Trade : MerchantOrder, "", "an id, which each row has");
        }

        if (isRefund && batch is null && _b.Errors.Count == before)
        {
            _b.Wrong(line, Batch, row[Batch], "the number of a refund, by which it is told apart from others of its trade");
        }

        var timeColumn = row[Completed].Length == 0 ? Created : Completed;
        if (_b.Time(line, timeColumn, row[timeColumn], TimeFormats) is not { } at)
        {
            return;
        }

        List<SettlementReference> references = other is null ? [] : [new(kind, other)];
        var day = _b.Target.BusinessDay(at);
        _b.Take(
            isRefund
                ? new(line, SettlementLineKind.Refund, batch, references, -amount, fee, at, day, null, id)
                : new(line, SettlementLineKind.Payment, id, references, amount, fee, at, day, null, null),
            before);
    }

    private void Sum(SettlementRow row, bool isRefund)
    {
        (_trades, _refunds) = isRefund ? (_trades, _refunds + 1) : (_trades + 1, _refunds);
        foreach (var column in new[] { OrderAmount, Received, Fee })
        {
            _sums[(isRefund, column)] = _sums.GetValueOrDefault((isRefund, column)) + (NumberForm.Plain.Parse(row[column]) ?? 0);
        }
    }

    private decimal SumOf(bool isRefund, string column) => _sums.GetValueOrDefault((isRefund, column));

    /// <summary>Lines behind the rows: the sums of trades and of refunds, and when the file was written.</summary>
    private void CheckLastLine(int line, string text)
    {
        if (text.Length > 0 && !text.StartsWith('#'))
        {
            _b.Wrong(line, "row", text, $"a line that begins with #, as all do behind {End}");
        }
        else if (_b.Errors.Count == 0 && SumLine().Match(text) is { Success: true } m)
        {
            var isRefund = m.Groups[1].Value == "退款";
            _b.Declare(line, $"{m.Groups[1].Value}合计", m.Groups[2].Value, NumberForm.Plain, isRefund ? _refunds : _trades,
                isRefund ? "the count of refunds" : "the count of trades");
            _b.Declare(line, $"{m.Groups[1].Value}{Received}", m.Groups[3].Value, NumberForm.Plain, SumOf(isRefund, Received), $"the sum of {Received}");
        }
    }

    /// <summary>The summary's line 合计: it must say what the rows add up to.</summary>
    private void CheckSummaryFile(string[] lines)
    {
        var header = Array.FindIndex(lines, l => l.Contains("交易订单总笔数", StringComparison.Ordinal));
        var total = Array.FindIndex(lines, l => l.TrimStart().StartsWith("合计", StringComparison.Ordinal));
        if (header < 0 || total < header)
        {
            _b.Wrong(0, "汇总", null, "a header with 交易订单总笔数 and a line 合计 in the summary's file");
            return;
        }

        var names = lines[header].Split(',').Select(Plain).ToArray();
        var values = lines[total].Split(',').Select(v => v.Trim()).ToArray();
        (string Name, decimal Actual, string Of)[] known =
        [
            ("交易订单总笔数", _trades, "the count of trades"),
            ("退款订单总笔数", _refunds, "the count of refunds"),
            (OrderAmount, SumOf(false, OrderAmount) + SumOf(true, OrderAmount), $"the sum of {OrderAmount}"),
            (Received, SumOf(false, Received) + SumOf(true, Received), $"the sum of {Received}"),
            (Fee, SumOf(false, Fee) + SumOf(true, Fee), $"the sum of {Fee}"),
        ];
        foreach (var (name, actual, of) in known)
        {
            if (Array.IndexOf(names, name) is var i && i >= 0 && i < values.Length)
            {
                _b.Declare(total + 1, $"汇总 {name}", values[i], NumberForm.Plain, actual, of);
            }
        }
    }

    [GeneratedRegex("^#(交易|退款)合计：(\\d+)笔，商家实收(?:退款)?共(-?[\\d.]+)元")]
    private static partial Regex SumLine();
}
