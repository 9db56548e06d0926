using System.Text.RegularExpressions;
using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>
/// Reads WeChat Pay's trade bill: its variants ALL, SUCCESS and REFUND, and the older header, since columns are found by name. Each value begins with a
/// backtick; the last two lines are a summary. (Source: pay.weixin.qq.com, bill-download, format-trade.)
/// </summary>
internal sealed partial class WeChatBill
{
    private const string Time = "交易时间";
    private const string ChannelOrder = "微信订单号";
    private const string MerchantOrder = "商户订单号";
    private const string State = "交易状态";
    private const string Currency = "货币种类";
    private const string Fee = "手续费";
    private const string RefundState = "退款状态";
    private const string RefundId = "微信退款单号";
    private const string MerchantRefundId = "商户退款单号";
    private const string RefundStarted = "退款申请时间";

    private static readonly string[] Settled = ["应结订单金额", "总金额"];
    private static readonly string[] Order = ["订单金额", "总金额"];
    private static readonly string[] Refunded = ["退款金额"];
    private static readonly string[] RefundAsked = ["申请退款金额", "退款金额"];
    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm:ss"];
    private static readonly string[] RefundStates = ["SUCCESS", "PROCESSING", "CHANGE"];

    /// <summary>What the summary declares, by its names, and the columns of which it is the sum; none is the count of rows.</summary>
    private static readonly (string[] Names, string[] Columns)[] Summary =
    [
        (["总交易单数"], []),
        (["应结订单总金额", "总交易额"], Settled),
        (["退款总金额", "总退款金额"], Refunded),
        (["充值券退款总金额", "总企业红包退款金额", "总代金券或立减优惠退款金额"], ["充值券退款金额", "企业红包退款金额", "代金券或立减优惠退款金额"]),
        (["手续费总金额"], [Fee]),
        (["订单总金额"], ["订单金额"]),
        (["申请退款总金额"], ["申请退款金额"]),
    ];

    private readonly SettlementMapping _mapping;
    private readonly SettlementBuilder _b;
    private readonly Dictionary<string, decimal> _sums = [];
    private int _rows;

    private WeChatBill(SettlementMapping mapping, SettlementBuilder b) => (_mapping, _b) = (mapping, b);

    public static SettlementReading Read(byte[] bytes, SettlementMapping mapping, SettlementTarget target)
    {
        var b = new SettlementBuilder("wechat", target, mapping.Zone);
        if (SettlementText.Lines(bytes, SettlementText.Utf8, b) is { } lines)
        {
            // The answer of a day without payments: not a bill, and not an error either.
            if (NoBill().IsMatch(lines[0]) && lines.Length <= 20 && lines.Any(l => l.Contains("No Bill Exist", StringComparison.Ordinal)))
            {
                b.Pass(1, "the channel says that there was no trade on the day: No Bill Exist");
            }
            else
            {
                new WeChatBill(mapping, b).Read(lines);
            }
        }

        return b.End();
    }

    public static bool IsHeader(string line) => line.StartsWith(Time, StringComparison.Ordinal) && line.Contains(ChannelOrder, StringComparison.Ordinal);

    [GeneratedRegex("^\\s*[<{]")]
    private static partial Regex NoBill();

    private void Read(string[] lines)
    {
        var first = Array.FindIndex(lines, l => l.Trim().Length > 0);
        if (first < 0 || Columns(first, lines[first]) is not { } columns)
        {
            return;
        }

        var i = first + 1;
        for (; i < lines.Length && !lines[i].StartsWith(Summary[0].Names[0], StringComparison.Ordinal); i++)
        {
            if (lines[i].Trim().Length > 0 && Values(i + 1, lines[i], columns.Count) is { } values)
            {
                Row(new SettlementRow(i + 1, values, columns));
            }
        }

        ReadSummary(lines, i);
    }

    private Dictionary<string, int>? Columns(int at, string text)
    {
        var names = text.Split(',').Select(n => n.Trim().TrimStart('`')).ToArray();
        var columns = new Dictionary<string, int>();
        for (var i = 0; i < names.Length; i++)
        {
            if (!columns.TryAdd(names[i], i))
            {
                _b.Wrong(at + 1, "header", names[i], "a name of one column only; it is there twice");
            }
        }

        string[][] needed = [[Time], [ChannelOrder], [MerchantOrder], [State], _mapping.AmountOf == "order" ? Order : Settled, [Fee]];
        foreach (var any in needed.Where(any => !any.Any(columns.ContainsKey)))
        {
            _b.Wrong(at + 1, string.Join(" or ", any), null, "a column of this name in the header of a WeChat Pay trade bill");
        }

        return _b.Errors.Count == 0 ? columns : null;
    }

    /// <summary>Values of a row. They begin with a backtick each, so that a comma within a value does no harm.</summary>
    private string[]? Values(int line, string text, int? width)
    {
        if (!text.StartsWith('`'))
        {
            _b.Wrong(line, "row", text, "a row whose values begin with a backtick");
            return null;
        }

        var values = text[1..].Split(",`").Select(v => v.Trim()).ToArray();
        if (values.Length == width)
        {
            return values;
        }

        _b.Wrong(line, "row", $"{values.Length} values", $"a row of {width} values, as the header has");
        return null;
    }

    private void Row(SettlementRow row)
    {
        var (line, before) = (row.Line, _b.Errors.Count);
        Sum(row);
        var isRefund = row[State] is "REFUND" or "REVOKED";
        if (!isRefund && row[State] != "SUCCESS")
        {
            _b.Wrong(line, State, row[State], "SUCCESS, REFUND or REVOKED");
            return;
        }

        if (row[RefundState] == "FAIL" && isRefund)
        {
            _b.Pass(line, $"{RefundState} is 'FAIL'");
            return;
        }

        // The state of a refund is that of when it was started; it is never updated.
        if (isRefund && row[RefundState].Length > 0 && !RefundStates.Contains(row[RefundState]))
        {
            _b.Wrong(line, RefundState, row[RefundState], $"one of {string.Join(", ", RefundStates)}, FAIL");
        }

        if (row.Has(Currency))
        {
            _b.CheckCurrency(line, Currency, row[Currency]);
        }

        var names = isRefund ? (_mapping.AmountOf == "order" ? RefundAsked : Refunded) : (_mapping.AmountOf == "order" ? Order : Settled);
        if (row.First(names) is not { } column)
        {
            _b.Wrong(line, names[^1], null, "a column of this name, since the row is a refund");
            return;
        }

        var amount = _b.Positive(line, column, row[column], NumberForm.Plain);
        var fee = _b.Fee(line, Fee, row[Fee], NumberForm.Plain);
        var timeColumn = isRefund && row[RefundStarted].Length > 0 ? RefundStarted : Time;
        if (_b.Time(line, timeColumn, row[timeColumn], TimeFormats) is { } at)
        {
            _b.Take(Line(row, isRefund, amount, fee, at), before);
        }
    }

    private SettlementLine Line(SettlementRow row, bool isRefund, Money amount, Money fee, DateTimeOffset at)
    {
        var (channel, merchant) = Ids(row, ChannelOrder, MerchantOrder);
        var original = _mapping.TxnId == "channel" ? channel : merchant;
        var day = _b.Target.BusinessDay(at);
        if (original is null)
        {
            var column = _mapping.TxnId == "channel" ? ChannelOrder : MerchantOrder;
            _b.Wrong(row.Line, column, "", $"an id of 1 to {SettlementBuilder.IdMax} visible ASCII characters");
        }

        if (!isRefund)
        {
            return new(row.Line, SettlementLineKind.Payment, original, Others(channel, merchant, "Order"), amount, fee, at, day, null, null);
        }

        var (refund, merchantRefund) = Ids(row, RefundId, MerchantRefundId);
        var id = _mapping.TxnId == "channel" ? refund : merchantRefund;
        return new(row.Line, SettlementLineKind.Refund, id, Others(refund, merchantRefund, "Refund"), amount, fee, at, day, null, original);
    }

    private (string? Channel, string? Merchant) Ids(SettlementRow row, string channel, string merchant) =>
        (_b.Id(row.Line, channel, NoneIfZero(row[channel])), _b.Id(row.Line, merchant, NoneIfZero(row[merchant])));

    /// <summary>Payments have 0 in the columns of refunds.</summary>
    private static string NoneIfZero(string id) => id == "0" ? "" : id;

    private List<SettlementReference> Others(string? channel, string? merchant, string what)
    {
        var (kind, id) = _mapping.TxnId == "channel" ? ($"merchant{what}", merchant) : ($"channel{what}", channel);
        return id is null ? [] : [new(kind, id)];
    }

    private void Sum(SettlementRow row)
    {
        _rows++;
        foreach (var column in Summary.Select(s => row.First(s.Columns)).OfType<string>())
        {
            // An amount that is no number is an error of its own column where it is used; here it only cannot be added.
            _sums[column] = _sums.GetValueOrDefault(column) + (NumberForm.Plain.Parse(row[column]) ?? 0);
        }
    }

    private void ReadSummary(string[] lines, int at)
    {
        if (at + 1 >= lines.Length || lines[at + 1].Trim().Length == 0)
        {
            _b.Wrong(0, "summary", null,
                $"a line that begins with {Summary[0].Names[0]} and one of its values at the end; without them the file may be cut off");
            return;
        }

        for (var i = at + 2; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length > 0)
            {
                _b.Wrong(i + 1, "row", lines[i], "the end of the file, which is behind the summary");
            }
        }

        var names = lines[at].Split(',').Select(n => n.Trim()).ToArray();
        if (Values(at + 2, lines[at + 1], names.Length) is not { } values || _b.Errors.Count > 0)
        {
            return;
        }

        for (var i = 0; i < names.Length; i++)
        {
            if (Array.Find(Summary, s => s.Names.Contains(names[i])) is not { Names: not null } known)
            {
                _b.Wrong(at + 1, "summary", names[i], $"one of {string.Join(", ", Summary.SelectMany(s => s.Names))}");
            }
            else if (known.Columns.Length == 0)
            {
                _b.Declare(at + 2, names[i], values[i], NumberForm.Plain, _rows, "the count of rows");
            }
            else
            {
                var column = known.Columns.FirstOrDefault(_sums.ContainsKey);
                _b.Declare(at + 2, names[i], values[i], NumberForm.Plain, column is null ? 0 : _sums[column], $"the sum of {column ?? known.Columns[0]}");
            }
        }
    }
}
