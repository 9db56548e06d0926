using System.Text;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Tests.Payments.DirectDebit;

/// <summary>What banks answer: samples of each format, and for each malformed variant an error that names line, field and value.</summary>
public sealed class DebitResultFileTests
{
    private const string Message = "DD-20260410-AAAAAAAAAA";

    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Payments", "DirectDebit", "Samples");

    private static readonly (string Item, string PaymentId, long Nano)[] Members =
    [
        ("DD-20260410-1-1", $"{Message}-CORE-RCUR", 42_000_000_000), ("DD-20260410-2-1", $"{Message}-CORE-RCUR", 7_500_000_000),
        ("DD-20260410-3-1", $"{Message}-B2B-FRST", 90_000_000_000), ("DD-20260410-4-1", $"{Message}-CORE-RCUR", 10_000_000_000),
    ];

    internal static DebitResultMapping Results => new()
    {
        Encoding = "gbk",
        Delimiter = "|",
        HeaderLine = 0,
        Item = "#2",
        Amount = "#3",
        Result = "#4",
        Reason = "#5",
        AmountIn = "minor",
        Passed = ["B|"],
        Paid = ["00"],
        Returned = ["51"],
        Pending = ["09"],
        Reasons = new Dictionary<string, string> { ["余额不足"] = "AM04", ["账户已销户"] = "AC04" },
    };

    [Theory]
    [InlineData("pain002-mixed.xml", "1 paid 42.00; 2 returned AM04 7.50; 3 pending")]
    [InlineData("pain002-group.xml", "1 returned FF01; 2 returned FF01; 3 returned FF01; 4 returned FF01")]
    [InlineData("pain002-payment.xml", "2 returned MD01; 1 paid; 4 paid")]
    [InlineData("batch-result.txt", "1 paid 42.00; 2 returned AM04 7.50; 3 pending 90.00; 4 returned AC04 10.00")]
    [InlineData("camt054-debit.xml", "1 paid 42.00; 3 paid 90.00; 1 returned MD06 42.00")]
    public void A_sample_says_what_became_of_each_collection(string file, string said)
    {
        var reading = Read(File.ReadAllBytes(Path.Combine(Samples, file)));
        Assert.Equal([], reading.Errors);
        Assert.Equal(said, string.Join("; ", reading.Results.Select(r =>
            $"{r.Item.Split('-')[2]} {r.Kind}{(r.Reason is null ? "" : $" {r.Reason}")}{(r.Amount is { } a ? $" {a.ToString()[..^7]}" : "")}")));
    }

    /// <summary>One change of a sample and the error that it must give.</summary>
    [Theory]
    [InlineData("pain002-mixed.xml", "<TxSts>PDNG", "<TxSts>DONE", "line 23: TxSts: 'DONE' is not one of RJCT")]
    [InlineData("pain002-mixed.xml", "<GrpSts>PART", "<GrpSts>SOME", "line 5: GrpSts: 'SOME' is not one of RJCT")]
    [InlineData("pain002-mixed.xml", "AM04", "late", "line 17: StsRsnInf/Rsn/Cd: 'late' is not a code of ISO 20022")]
    [InlineData("pain002-mixed.xml", "<StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>", "", "line 17: StsRsnInf/Rsn/Cd: it is missing")]
    [InlineData("pain002-mixed.xml", "DD-20260410-2-1", "DD-20260410-9-1", "line 17: OrgnlEndToEndId: 'DD-20260410-9-1' is not the id of a collection")]
    [InlineData("pain002-mixed.xml", "DD-20260410-2-1", "DD-20260410-5-1", "'DD-20260410-5-1' is not a collection that was made; its state is skipped")]
    [InlineData("pain002-mixed.xml", "DD-20260410-2-1", "", "line 17: OrgnlEndToEndId: it is missing")]
    [InlineData("pain002-mixed.xml", "DD-20260410-2-1", "DD-20260410-1-1", "is not said once: line 12 says otherwise")]
    [InlineData("pain002-mixed.xml", "7.50", "7.51", "line 17: amount: '7.510000000' is not 7.500000000")]
    [InlineData("pain002-mixed.xml", "7.50", "7,50", "line 21: OrgnlTxRef/Amt/InstdAmt: '7,50' is not a decimal number")]
    [InlineData("pain002-mixed.xml", "Ccy=\"EUR\">7.50", "Ccy=\"CNY\">7.50", "line 21: OrgnlTxRef/Amt/InstdAmt Ccy: 'CNY' is not EUR")]
    [InlineData("pain002-mixed.xml", Message + "</OrgnlMsgId>", "OTHER</OrgnlMsgId>", "line 10: OrgnlMsgId: 'OTHER' is not the id of a message of the channel")]
    [InlineData("pain002-mixed.xml", "pain.008.001.08<", "pain.001.001.09<", "line 5: OrgnlMsgNmId: 'pain.001.001.09' is not pain.008")]
    [InlineData("pain002-mixed.xml", "-CORE-RCUR", "-CORE-FNAL", "OrgnlPmtInfId: 'DD-20260410-AAAAAAAAAA-CORE-FNAL' is not the id of a payment information")]
    [InlineData("pain002-mixed.xml", "<CstmrPmtStsRpt>", "<!DOCTYPE a><CstmrPmtStsRpt>", "xml: ")]
    [InlineData("pain002-group.xml", "<OrgnlNbOfTxs>4", "<OrgnlNbOfTxs>3", "line 5: OrgnlNbOfTxs: '3' is not 4, as the message had")]
    [InlineData("pain002-group.xml", "149.50", "149.51", "line 5: OrgnlCtrlSum: '149.51' is not 149.5, as the message had")]
    [InlineData("pain002-group.xml", "<Cd>FF01</Cd>", "", "line 5: StsRsnInf/Rsn/Cd: it is missing")]
    [InlineData("batch-result.txt", "|00|", "|77|", "line 2: #4: '77' is not one of 00, 51, 09")]
    [InlineData("batch-result.txt", "余额不足", "不明原因", "line 3: #5: '不明原因' is not a code of ISO 20022")]
    [InlineData("batch-result.txt", "|4200|", "|42.00|", "line 2: #3: '42.00' is not a whole number")]
    [InlineData("batch-result.txt", "|4200|", "|4201|", "line 2: amount: '42.010000000' is not 42.000000000")]
    [InlineData("batch-result.txt", "1-1|4200|00|", "1-1|4200", "line 2: row: '1|DD-20260410-1-1|4200' is not a row of at least 5 fields")]
    [InlineData("batch-result.txt", "DD-20260410-1-1", "X", "line 2: #2: 'X' is not the id of a collection of channel 'c'")]
    [InlineData("camt054-debit.xml", "<Cd>MD06</Cd>", "", "RtrInf/Rsn/Cd: it is missing")]
    [InlineData("camt054-debit.xml", "<EndToEndId>DD-20260410-3-1", "<EndToEndId>DD-20260410-8-1", "'DD-20260410-8-1' is not the id of a collection")]
    public void A_malformed_file_is_refused_with_line_field_and_value(string file, string old, string changed, string error)
    {
        var encoding = file.EndsWith(".txt", StringComparison.Ordinal) ? Gbk() : Encoding.UTF8;
        var text = encoding.GetString(File.ReadAllBytes(Path.Combine(Samples, file)));
        Assert.Contains(old, text, StringComparison.Ordinal);
        var reading = Read(encoding.GetBytes(text.Replace(old, changed, StringComparison.Ordinal)));
        Assert.Contains(error, string.Join('\n', reading.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_of_the_encoding_are_refused()
    {
        byte[] bytes = [.. "1|DD-20260410-1-1|4200|00|"u8, 0x81, 0x0a];
        Assert.Contains("encoding: 'its bytes' is not text in gbk", string.Join('\n', Read(bytes).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_return_with_another_reason_than_before_contradicts_it()
    {
        var items = Items();
        items["DD-20260410-2-1"] = items["DD-20260410-2-1"] with { State = "returned", Reason = "MD06" };
        var reading = Pain002.Read(File.ReadAllBytes(Path.Combine(Samples, "pain002-mixed.xml")), DebitFileTests.Sepa, "EUR");
        DebitResultChecks.Check(reading, "c", items);
        Assert.Equal("line 17: reason: 'AM04' is not MD06, with which collection DD-20260410-2-1 came back before.", Assert.Single(reading.Errors).ToString());
    }

    [Theory]
    [InlineData("ACCP", false, "pending")]
    [InlineData("ACCP", true, "paid")]
    [InlineData("ACSP", true, "paid")]
    [InlineData("ACTC", true, "pending")]
    [InlineData("PDNG", true, "pending")]
    [InlineData("ACSC", false, "paid")]
    [InlineData("ACCC", false, "paid")]
    public void Money_is_booked_when_it_is_settled_or_where_the_channel_says_so_when_it_is_accepted(string status, bool onAcceptance, string kind)
    {
        var text = File.ReadAllText(Path.Combine(Samples, "pain002-mixed.xml")).Replace("PDNG", status, StringComparison.Ordinal);
        var reading = Pain002.Read(Encoding.UTF8.GetBytes(text), DebitFileTests.Sepa with { BookOnAcceptance = onAcceptance }, "EUR");
        Assert.Equal(kind, reading.Results[2].Kind);
    }

    private static Encoding Gbk() => AccountGrid.Host.Settlement.Formats.SettlementText.Find("gbk")!;

    private static Dictionary<string, DebitItemRow> Items()
    {
        static DebitItemRow Of(string id, long nano, string state) =>
            new() { Id = id, Channel = "c", Mandate = "M", Account_Id = "A", State = state, Amount_Nano = nano, Announced_Nano = nano };
        return Members.Select(m => Of(m.Item, m.Nano, "sent")).Append(Of("DD-20260410-5-1", 1_000_000_000, "skipped")).ToDictionary(i => i.Id);
    }

    /// <summary>As the import reads it: by its content, then against what was collected.</summary>
    private static DebitReading Read(byte[] bytes)
    {
        var setting = DebitFileTests.Sepa with { Results = Results };
        var reading = Pain002.Is(bytes) ? Pain002.Read(bytes, setting, "EUR")
            : CamtReturns.Is(bytes) ? CamtReturns.Read(bytes, setting, "EUR")
            : DebitResultCsv.Read(bytes, Results, "CNY");
        if (reading.Errors.Count == 0)
        {
            DebitResultChecks.Spread(reading, reading.Groups.All(g => g.MessageId == Message) ? Members : null);
            DebitResultChecks.Check(reading, "c", Items());
        }

        return reading;
    }
}
