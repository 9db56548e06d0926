using System.Text;
using System.Text.Json.Nodes;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Tests.Payments.Settlement;

/// <summary>A mapping document with one thing changed: what is wrong is said by field, value and what would be right.</summary>
public sealed class SettlementMappingTests
{
    private const string Right =
        """
        {"format":"csv","csv":{"columns":{"txn":"id","amount":"sum","time":"at","kind":"type"},"kinds":{"payment":["P"],"refund":["R"]},
         "rows":{"column":"state","keep":["OK"]},"totals":[{"starts":"T","fields":{"rows":2}}]}}
        """;

    /// <summary>Path of a member, its new value as JSON (nothing: it is taken away), and what is wrong then.</summary>
    public static TheoryData<string, string, string> Changes => new()
    {
        { "format", "\"xml\"", "format: 'xml' is not csv, wechat, alipay, mpesa, camt.\ncsv: it is only for the format csv, and the format is 'xml'." },
        { "format", "\"camt\"", "csv: it is only for the format csv, and the format is 'camt'." },
        { "csv", "", "csv: the member is missing; the format csv needs its layout." },
        { "txnId", "\"both\"", "txnId: 'both' is not channel or merchant." },
        { "amountOf", "\"all\"", "amountOf: 'all' is not settled or order." },
        { "feeSign", "\"-\"", "feeSign: '-' is not negative or positive." },
        { "zone", "\"China\"", "zone: 'China' is not a time zone such as Asia/Shanghai." },
        { "feeWords", "[\" \"]", "feeWords: ' ' is not a list of words without an empty one." },
        { "accountPattern", "\"Acc\"",
            "accountPattern: 'Acc' is not a regular expression of at most 200 characters with one group and without look-around or back references." },
        { "accountPattern", "\"(?=a)(b)\"",
            "accountPattern: '(?=a)(b)' is not a regular expression of at most 200 characters with one group and without look-around or back references." },
        { "csv.encoding", "\"gb1\"", "csv.encoding: 'gb1' is not the name of an encoding such as utf-8, gbk or windows-1252." },
        { "csv.delimiter", "\";;\"", "csv.delimiter: ';;' is not one sign such as , or ; or |, or the word tab." },
        { "csv.decimalSign", "\"'\"", "csv.decimalSign: ''' is not . or ,." },
        { "csv.groupSign", "\".\"", "csv.groupSign: '.' is not empty, or one of . , ' and blank that is not the decimal sign." },
        { "csv.amountIn", "\"fen\"", "csv.amountIn: 'fen' is not units or minor." },
        { "csv.strip", "\"`-\"", "csv.strip: '`-' is not signs only, without - and .." },
        { "csv.headerLine", "1001", "csv.headerLine: '1001' is not 0 to 1000." },
        { "csv.comments", "[\"\"]", "csv.comments: '' is not a list of starts of lines without an empty one." },
        { "csv.columns.txn", "", "csv.columns.txn: '' is not a column; without an id of any kind no row can be matched." },
        { "csv.columns.time", "", "csv.columns.time: '' is not a column; one of time and day is needed." },
        { "csv.columns.fee", "\"#0\"", "csv.columns.fee: '#0' is not the name of a column, or its number, #1 to #500." },
        { "csv.columns.kind", "", "csv.kinds: 'given' is not right: the column kind and its values are needed together." },
        { "csv.references", "[{\"kind\":\"\",\"column\":\" \"}]", "csv.references[0].column: ' ' is not the name of a column, or its number, #1 to #500.\n"
            + "csv.references[0].kind: '' is not a name such as rrn." },
        { "csv.kinds.payment", "[]", "csv.kinds.payment: '' is not a list of at least one value." },
        { "csv.kinds.refund", "[\"P\"]", "csv.kinds: 'P, P' is not a list in which each value has one meaning." },
        { "csv.negativeIsRefund", "true", "csv.negativeIsRefund: 'true' is not false; the column kind says what is a refund." },
        { "csv.rows.keep", "[]", "csv.rows.keep: '' is not a list of at least one value." },
        { "csv.rows.pass", "[\"OK\"]", "csv.rows.pass: 'OK' is not a list without values of keep." },
        { "csv.totals", "[{\"starts\":\"\",\"fields\":{}}]", "csv.totals[0].starts: '' is not the start of a line.\n"
            + "csv.totals[0].fields: '' is not at least one of rows, paymentCount, refundCount, payments, refunds, gross, fees, net." },
        { "csv.totals", "[{\"starts\":\"T\",\"fields\":{\"sum\":0}}]",
            "csv.totals[0].fields: 'sum' is not rows, paymentCount, refundCount, payments, refunds, gross, fees, net.\n"
            + "csv.totals[0].fields.sum: '0' is not the number of a field, 1 to 500." },
        { "csv.timeFormats", "[\"HH:mm\"]", "csv.timeFormats: 'HH:mm' is not a .NET format of a time that reads what it writes, such as yyyy-MM-dd HH:mm:ss; "
            + "with an offset, zzz." },
        { "csv.timeFormats", "[\"yyyy-MM-dd HH:mm K\"]", "csv.timeFormats: 'yyyy-MM-dd HH:mm K' is not a .NET format of a time that reads what it "
            + "writes, such as "
            + "yyyy-MM-dd HH:mm:ss; with an offset, zzz." },
        { "csv.dayFormats", "[\"MM/yyyy\"]", "csv.dayFormats: 'MM/yyyy' is not a .NET format of a day that reads what it writes, such as yyyyMMdd." },
        { "csv.dayFormats", "[]", "csv.dayFormats: '' is not a list of at least one format." },
        { "csv.headerLine", "0", "csv.columns.amount: 'sum' is not the number of a column, #1 to #500; without a header line columns have no names.\n"
            + "csv.columns.txn: 'id' is not the number of a column, #1 to #500; without a header line columns have no names.\n"
            + "csv.columns.time: 'at' is not the number of a column, #1 to #500; without a header line columns have no names.\n"
            + "csv.columns.kind: 'type' is not the number of a column, #1 to #500; without a header line columns have no names.\n"
            + "csv.rows.column: 'state' is not the number of a column, #1 to #500; without a header line columns have no names." },
        { "csv.colums", "{}", "csv.colums: there is no such member; did you mean columns? known are encoding, delimiter, decimalSign, "
            + "groupSign, amountIn, strip, headerLine, columns, references, kinds, negativeIsRefund, rows, totals, comments, timeFormats, dayFormats." },
        { "csv.columns", "", "csv.columns: the member is missing." },
        { "csv.columns.amount", "3", "csv.columns.amount: 3 is not a text in quotation marks." },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changed_mapping_has_these_errors(string path, string value, string errors)
    {
        var root = JsonNode.Parse(Right)!;
        var names = path.Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!).AsObject();
        parent.Remove(names[^1]);
        if (value.Length > 0)
        {
            parent[names[^1]] = JsonNode.Parse(value);
        }

        var (mapping, wrong) = SettlementMappings.Read(Encoding.UTF8.GetBytes(root.ToJsonString()));
        Assert.Null(mapping);
        Assert.Equal(errors, string.Join('\n', wrong));
    }

    [Fact]
    public void The_mapping_itself_is_right_and_what_is_no_json_is_not()
    {
        Assert.Equal("csv", SettlementMappings.Read(Encoding.UTF8.GetBytes(Right)).Mapping!.Format);
        Assert.StartsWith("The body is not JSON", Assert.Single(SettlementMappings.Read("{"u8.ToArray()).Wrong), StringComparison.Ordinal);
    }
}
