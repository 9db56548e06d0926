using System.IO.Compression;
using System.Text;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Tests.Payments.Settlement;

/// <summary>Samples with one thing changed, or several: each error names line, field, value and what would be right, and there is no content then.</summary>
public sealed class SettlementErrorTests
{
    private const string Gbk = "gb18030";

    static SettlementErrorTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>File, its encoding, what is changed into what, and all errors, a line each.</summary>
    public static TheoryData<string, string, string, string, string> Csv => new()
    {
        { "bank-gbk.csv", Gbk, "\"88.50\"", "\"8e1\"", "line 5: 缴费金额: '8e1' is not a decimal number such as 12.50, less than nine billion." },
        { "bank-gbk.csv", Gbk, "\"1,250.00\",0.60,2", "\"12,50.00\",0.60,2",
            "line 4: 缴费金额: '12,50.00' is not a decimal number such as 12.50, less than nine billion." },
        { "bank-gbk.csv", Gbk, "\"88.50\"", "\"88.505\"", "line 5: 缴费金额: '88.505' is not an amount with at most the 2 decimals of CNY." },
        { "bank-gbk.csv", Gbk, "\"88.50\"", "\"0.00\"", "line 5: 缴费金额: '0.00' is not more than 0." },
        { "bank-gbk.csv", Gbk, "\"88.50\"", "\"9000000000\"", "line 5: 缴费金额: '9000000000' is not a decimal number such as 12.50, less than nine billion." },
        { "bank-gbk.csv", Gbk, "2026-03-10 09:00:01", "2026-03-10 25:00:01", "line 5: 交易时间: '2026-03-10 25:00:01' is not a time such as 2026-03-09 14:05:06." },
        { "bank-gbk.csv", Gbk, "20260311", "2026-03-11", "line 7: 清算日期: '2026-03-11' is not a day such as 20260309." },
        { "bank-gbk.csv", Gbk, "失败", "处理中", "line 6: 状态: '处理中' is not one of 成功, 失败." },
        { "bank-gbk.csv", Gbk, "合计,3", "合计,4", "line 8: rows: '4' is not 3.00, the count of rows." },
        { "bank-gbk.csv", Gbk, "\"1,250.00\",0.60\r", "\"1,250.01\",0.60\r", "line 8: gross: '1,250.01' is not 1250.00, payments less refunds." },
        { "bank-gbk.csv", Gbk, "合计,3,\"1,250.00\",0.60\r\n", "",
            "the file: totals: it is missing; right is one line that begins with '合计'; without it the file may be cut off." },
        { "bank-gbk.csv", Gbk, "合计,3,\"1,250.00\",0.60\r\n", "合计,3\r\n",
            "line 8: gross: it is missing; right is field 3 of the line, which has 2.\nline 8: fees: it is missing; right is field 4 of the line, "
                + "which has 2." },
        { "bank-gbk.csv", Gbk, "\"B20260310000002\",\"A2\"", "\"B2026\"0310000002\",\"A2\"",
            "line 5: row: '\"B2026\"0310000002\",\"A2\",\"88.50\",0.60,2026-03-10 09:00:01,202...' is not a row whose quotation marks enclose a field or are "
                + "doubled within one." },
        { "bank-gbk.csv", Gbk, "\"88.50\",0.60", "88,50,0.60",
            "line 5: row: '9 fields' is not a row of 8 fields; a field that holds the delimiter belongs in quotation marks." },
        { "bank-gbk.csv", Gbk, "B20260310000002", "B2026 0310", "line 5: 流水号: 'B2026 0310' is not an id of 1 to 64 visible ASCII characters." },
        { "bank-gbk.csv", Gbk, "流水号,户号", "流水,户号", "line 3: header: it is missing; right is a header with the columns of the mapping; not found: 流水号." },
        { "bank-gbk.csv", Gbk, "户号,缴费金额", "缴费金额,缴费金额",
            "line 3: header: it is missing; right is a header with the columns of the mapping; not found: 户号." },
        { "bank-gbk.csv", Gbk, "状态,渠道参考号", "状态,渠道参考号,状态", "line 3: header: '状态' is not a name of one column only; it is there twice." },
        { "bank-gbk.csv", "utf-8", "合计", "合计", "line 2: encoding: 'E689B9E6ACA1E58FB73A3230' is not text in gbk." },
        { "agent-pipe.txt", "utf-8", "|1500|", "|15.00|",
            "line 2: #5: '15.00' is not a whole number of the smallest unit such as 1250, less than nine billion." },
        { "agent-pipe.txt", "utf-8", "D|R|", "D|Q|", "line 3: #2: 'Q' is not one of P, R, C." },
        { "agent-pipe.txt", "utf-8", "X|-|", "Y|-|",
            "line 6: row: '3 fields' is not a row of 7 fields; a field that holds the delimiter belongs in quotation marks." },
        { "agent-pipe.txt", "utf-8", "2026-03-10T08:20:00+08:00", "2026-03-10T08:20:00",
            "line 3: #6: '2026-03-10T08:20:00' is not a time such as 2026-03-09T14:05:06+08:00." },
        { "agent-pipe.txt", "utf-8", "|7000003|", "||", "line 4: #3: '' is not an id; the row has no id of any kind." },
        { "agent-pipe.txt", "utf-8", "X|-|\n", "X|-|\nH|AGENT7|20260310|2|2050|100\n",
            "line 7: totals: 'H|' is not one line that begins with 'H|'; without it the file may be cut off." },
        { "bank-comma.csv", "windows-1252", "0,44;EUR", "0,44;USD", "line 4: Währung: 'USD' is not EUR, the channel's currency." },
        { "bank-comma.csv", "windows-1252", ";0,44;", ";0.44;", "line 4: Betrag: '0.44' is not a decimal number such as 12,50, less than nine billion." },
        { "bank-comma.csv", "windows-1252", ";0,44;", ";-0,44;", "line 4: Betrag: '-0,44' is not more than 0." },
        { "bank-comma.csv", "windows-1252", "EUR;10.03.2026", "EUR;10.13.2026",
            "line 3: Buchungstag: '10.13.2026' is not a day such as 09.03.2026.\nline 4: Buchungstag: '10.13.2026' is not a day such as 09.03.2026." },
    };

    public static TheoryData<string, string, string, string> Known => new()
    {
        { "wechat-all.csv", ",`20.50,`0.00", ",`20.5.0,`0.00", "line 3: 应结订单金额: '20.5.0' is not a decimal number such as 12.50, less than nine billion." },
        { "wechat-all.csv", "2026-03-10 23:59:59", "10.03.2026", "line 3: 交易时间: '10.03.2026' is not a time such as 2026-03-09 14:05:06." },
        { "wechat-all.csv", "`REVOKED", "`CLOSED", "line 6: 交易状态: 'CLOSED' is not SUCCESS, REFUND or REVOKED." },
        { "wechat-all.csv", "`PROCESSING", "`LOST", "line 4: 退款状态: 'LOST' is not one of SUCCESS, PROCESSING, CHANGE, FAIL." },
        { "wechat-all.csv", "`CNY,`20.50", "`USD,`20.50", "line 3: 货币种类: 'USD' is not CNY, the channel's currency." },
        { "wechat-all.csv", "`M2,`oUser1", "`M2", "line 3: row: '26 values' is not a row of 27 values, as the header has." },
        { "wechat-all.csv", "`2026-03-10 23:59:59", "2026-03-10 23:59:59",
            "line 3: row: '2026-03-10 23:59:59,`wx0000000000000001,`1900000001,`0,`,`42...' is not a row whose values begin with a backtick." },
        { "wechat-all.csv", "`5,`120.50", "`6,`120.50", "line 8: 总交易单数: '6' is not 5.00, the count of rows." },
        { "wechat-all.csv", "`5,`120.50", "`5,`120.51", "line 8: 应结订单总金额: '120.51' is not 120.50, the sum of 应结订单金额." },
        { "wechat-all.csv", "`0.54300,", "`0.54,", "line 8: 手续费总金额: '0.54' is not 0.543, the sum of 手续费." },
        { "wechat-all.csv", "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n`5,`120.50,`42.00,`0.00,`0.54300,`125.50,`42.00\r\n", "",
            "the file: summary: it is missing; right is a line that begins with 总交易单数 and one of its values at the end; without them the file may be "
                + "cut off." },
        { "wechat-all.csv", "微信订单号,商户订单号,", "微信单号,商户订单号,",
            "line 1: 微信订单号: it is missing; right is a column of this name in the header of a WeChat Pay trade bill." },
        { "wechat-all.csv", "`4200000000202603100000000002", "`0", "line 3: 微信订单号: '' is not an id of 1 to 64 visible ASCII characters." },
        { "wechat-success.csv", "`SUCCESS,", "`REFUND,", "line 2: 退款金额: it is missing; right is a column of this name, since the row is a refund." },
        { "alipay-details.csv", "\t20.50 ", "\t20,50 ", "line 7: row: '26 values' is not a row of 25 values, as the header has." },
        { "alipay-details.csv", ",退款,电费,2026-03-10 07:59:00,2026-03-10 09:05:00", ",转账,电费,2026-03-10 07:59:00,2026-03-10 09:05:00",
            "line 9: 业务类型: '转账' is not 交易 or 退款." },
        { "alipay-details.csv", "-2.00\t", "2.00\t", "line 9: 商家实收(元): '2.00' is not less than 0, as a refund is." },
        { "alipay-details.csv", "98.00\t", "-98.00\t", "line 6: 商家实收(元): '-98.00' is not more than 0, as a trade is." },
        { "alipay-details.csv", ",RB2,", ",,", "line 9: 退款批次号/请求号: '' is not the number of a refund, by which it is told apart from others of its trade." },
        { "alipay-details.csv", "交易合计：2笔", "交易合计：3笔", "line 11: 交易合计: '3' is not 2.00, the count of trades." },
        { "alipay-details.csv", "退款共-7.00元", "退款共-6.00元", "line 12: 退款商家实收(元): '-6.00' is not -7.00, the sum of 商家实收(元)." },
        { "alipay-details.csv", "业务明细列表结束", "业务明细列表",
            "line 10: row: '1 values' is not a row of 25 values, as the header has.\nline 11: row: '1 values' is not a row of 25 values, as the header has.\n"
                + "line 12: row: '1 values' is not a row of 25 values, as the header has.\nline 13: row: '1 values' is not a row of 25 values, as the "
                    + "header has.\n"
                + "the file: 业务明细列表结束: it is missing; right is a line #---业务明细列表结束--- behind the rows; without it the file may be cut off." },
        { "alipay-details.csv", "服务费（元）", "手续费（元）", "line 5: 服务费(元): it is missing; right is a column of this name in the header of an Alipay statement." },
        { "mpesa-full.csv", "\"1,200.00\"", "1,200.00",
            "line 11: row: '14 fields' is not a row of 13 fields; an amount with a thousands comma belongs in quotation marks." },
        { "mpesa-full.csv", "\"1,200.00\"", "\"12,00.00\"", "line 11: Paid In: '12,00.00' is not a decimal number such as 12.50, less than nine billion." },
        { "mpesa-full.csv", ",Failed,", ",Pending,", "line 9: Transaction Status: 'Pending' is not Completed, Failed, Declined, Cancelled." },
        { "mpesa-full.csv", "250.00,,\"2,265.00\"", ",,\"2,265.00\"", "line 12: Paid In, Withdrawn: ', ' is not an amount in one of the two columns." },
        { "mpesa-full.csv", "TCA0000001,10-03-2026 00:00:01", "TCA0000001,10-Mar-2026",
            "line 12: Completion Time: '10-Mar-2026' is not a time such as 09/03/2026 14:05:06 or 09-03-2026 14:05:06 or 2026-03-09 14:05:06 or "
                + "2026-03-09T14:05:06 or 2026-03-09T14:05:06+08:00 or 09/03/2026 14:05 or 09-03-2026 14:05." },
        { "mpesa-full.csv", "Organization Settlement,,", "Payout,,",
            "line 7: Reason Type: 'Payout' is not known for money that is withdrawn; it has none of the words charge, fee, CHRG, COMM, reversal, refund, "
                + "settlement, organization withdrawal, business transfer, funds transfer, utility to working. Name it in the mapping." },
        { "mpesa-full.csv", "Paid In,Withdrawn,", "Paid In,Out,",
            "line 6: Withdrawn: it is missing; right is a column of this name in the header of an M-Pesa statement." },
        { "mpesa-full.csv", "Receipt No.,", "Receipt,", "the file: header: it is missing; right is a line with the columns Receipt No., Completion "
            + "Time, Details, "
            + "Transaction Status, Paid In, Withdrawn." },
        { "mpesa-seven.csv", "TCA0000011,", ",", "line 2: Receipt No.: '' is not the receipt number of the transaction." },
    };

    public static TheoryData<string, string, string, string> Camt => new()
    {
        { "camt053-02.xml", "<Amt Ccy=\"EUR\">200.00</Amt>", "<Amt Ccy=\"EUR\">200,00</Amt>",
            "line 10: Ntry/Amt: '200,00' is not a decimal number such as 12.50, less than nine billion." },
        { "camt053-02.xml", "<Amt Ccy=\"EUR\">200.00</Amt>", "<Amt Ccy=\"USD\">200.00</Amt>",
            "line 10: Ntry/Amt Ccy: 'USD' is not EUR, the channel's currency." },
        { "camt053-02.xml", "<Amt Ccy=\"EUR\">6.90</Amt>", "",
            "line 19: Ntry/Amt: it is missing; right is the amount of each entry and of each transaction of a batch." },
        { "camt053-02.xml", "<Amt Ccy=\"EUR\">50.00</Amt>", "<Amt Ccy=\"EUR\">49.00</Amt>",
            "line 12: Ntry/Amt: '52.00' is not 51.00, the sum of its 2 transactions." },
        { "camt053-02.xml", "<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>3</NbOfTxs>", "line 13: Btch/NbOfTxs: '3' is not 2.00, the count of TxDtls." },
        { "camt053-02.xml", "<NbOfNtries>5</NbOfNtries>", "<NbOfNtries>6</NbOfNtries>",
            "line 9: TtlNtries/NbOfNtries: '6' is not 5.00, the count of entries." },
        { "camt053-02.xml", "<Amt Ccy=\"EUR\">1145.10</Amt>", "<Amt Ccy=\"EUR\">1145.11</Amt>",
            "line 8: Bal CLBD: '1145.11' is not 1145.10, which is the opening balance 1000.00 and the booked entries 145.10." },
        { "camt053-02.xml", "<Cd>PRCD</Cd>", "<Cd>XPCD</Cd>",
            "line 5: Bal PRCD: it is missing; right is the balances PRCD (or OPBD) and CLBD of the statement." },
        { "camt053-02.xml", "<CdtDbtInd>DBIT</CdtDbtInd><RvslInd>", "<CdtDbtInd>DEBT</CdtDbtInd><RvslInd>", "line 17: CdtDbtInd: 'DEBT' is not CRDT or DBIT." },
        { "camt053-02.xml", "<RvslInd>true</RvslInd>", "<RvslInd>yes</RvslInd>", "line 17: RvslInd: 'yes' is not true or false." },
        { "camt053-02.xml", "<Sts>BOOK</Sts><BookgDt><Dt>2026-03-10</Dt></BookgDt><AcctSvcrRef>SVC-6",
            "<Sts>DONE</Sts><BookgDt><Dt>2026-03-10</Dt></BookgDt><AcctSvcrRef>SVC-6", "line 20: Sts: 'DONE' is not one of BOOK, PDNG, INFO, FUTR." },
        { "camt053-02.xml", "<BookgDt><Dt>2026-03-10</Dt></BookgDt><AcctSvcrRef>SVC-6", "<BookgDt><Dt>10.03.2026</Dt></BookgDt><AcctSvcrRef>SVC-6",
            "line 20: BookgDt/Dt: '10.03.2026' is not a day such as 2026-03-09 or 2026-03-09+08:00." },
        { "camt053-02.xml", "<BookgDt><Dt>2026-03-10</Dt></BookgDt><AcctSvcrRef>SVC-6", "<AcctSvcrRef>SVC-6",
            "line 20: BookgDt: it is missing; right is the day on which the entry was booked, BookgDt/Dt or BookgDt/DtTm." },
        { "camt053-02.xml", "camt.053.001.02", "camt.053.001.01",
            "line 2: Document: '{urn:iso:std:iso:20022:tech:xsd:camt.053.001.01}Document' is not a Document of camt.053.001 or camt.054.001, version "
                + "02 to 14." },
        { "camt053-02.xml", "BkToCstmrStmt", "BkToCstmrAcctRpt", "line 2: Stmt: it is missing; right is an element BkToCstmrStmt with at least one Stmt." },
        { "camt053-08.xml", "<ElctrncSeqNb>70", "<ElctrncSeqNb>71",
            "line 23: ElctrncSeqNb: '71' is not 70, the number behind that of line 6; a statement is missing or not in its place." },
        { "camt053-08.xml", "<DtTm>2026-03-11T23:30:00Z", "<DtTm>yesterday",
            "line 26: BookgDt/DtTm: 'yesterday' is not a time such as 2026-03-09T14:05:06+08:00 or 2026-03-09T14:05:06+08:00 or 2026-03-09T14:05:06 or "
                + "2026-03-09T14:05:06." },
        { "camt054-14.xml", "<Amt Ccy=\"EUR\">12.00</Amt><Chrgs>", "<Amt Ccy=\"EUR\">12.001</Amt><Chrgs>",
            "line 8: TxDtls/Amt: '12.001' is not an amount with at most the 2 decimals of EUR." },
    };

    [Theory]
    [MemberData(nameof(Csv))]
    public void A_changed_csv_has_these_errors_and_no_content(string file, string encoding, string from, string to, string errors)
    {
        var right = Encoding.GetEncoding(file == "bank-gbk.csv" ? Gbk : encoding);
        var text = SettlementFileTests.TextOf(file, right);
        Assert.Contains(from, text, StringComparison.Ordinal);
        var (currency, zone) = file == "bank-comma.csv" ? ("EUR", "Europe/Berlin") : ("CNY", "Asia/Shanghai");
        var bytes = Encoding.GetEncoding(encoding).GetBytes(text.Replace(from, to, StringComparison.Ordinal));
        Check(bytes, SettlementFileTests.Mapping(file, "csv"), currency, zone, encoding == right.WebName ? errors : $"{errors}*");
    }

    [Theory]
    [MemberData(nameof(Known))]
    [MemberData(nameof(Camt))]
    public void A_changed_file_of_a_known_format_has_these_errors_and_no_content(string file, string from, string to, string errors)
    {
        var format = file.StartsWith("camt", StringComparison.Ordinal) ? "camt" : file[..file.IndexOf('-', StringComparison.Ordinal)];
        var encoding = format == "alipay" ? Encoding.GetEncoding(Gbk) : Encoding.UTF8;
        var text = SettlementFileTests.TextOf(file, encoding);
        Assert.Contains(from, text, StringComparison.Ordinal);
        var (currency, zone) = SettlementReader.HomeOf(format) ?? ("EUR", "Europe/Berlin");
        Check(encoding.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), new SettlementMapping { Format = format }, currency, zone, errors);
    }

    [Fact]
    public void All_errors_of_a_file_are_named_and_not_only_the_first()
    {
        var text = SettlementFileTests.TextOf("mpesa-seven.csv", Encoding.UTF8).Replace("300.00,,", "300.001,,", StringComparison.Ordinal)
            .Replace("2026-03-10T10:00:00", "noon", StringComparison.Ordinal).Replace(",5.00,,345.00", ",,,345.00", StringComparison.Ordinal);
        var reading = SettlementReader.Read(Encoding.UTF8.GetBytes(text), new() { Format = "mpesa" }, SettlementFileTests.Target("KES", "Africa/Nairobi"));
        Assert.Null(reading.Content);
        Assert.Equal([2, 3, 4], reading.Errors.Select(e => e.Line));
        Assert.Equal(["Paid In", "Completion Time", "Paid In, Withdrawn"], reading.Errors.Select(e => e.Field));
    }

    [Theory]
    [InlineData("<!DOCTYPE Document [<!ENTITY a \"aaaaaaaaaa\">]>")]
    [InlineData("<!DOCTYPE Document SYSTEM \"file:///etc/passwd\">")]
    public void A_document_type_is_refused_and_nothing_of_it_is_read(string type)
    {
        var text = SettlementFileTests.TextOf("camt054-14.xml", Encoding.UTF8).Replace("<Document", $"{type}<Document", StringComparison.Ordinal);
        var reading = SettlementReader.Read(Encoding.UTF8.GetBytes(text), new() { Format = "camt" }, SettlementFileTests.Target("EUR", "Europe/Berlin"));
        var error = Assert.Single(reading.Errors);
        Assert.Equal((2, "xml"), (error.Line, error.Field));
        Assert.EndsWith("is not well-formed XML without a document type.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_is_cut_off_is_refused() =>
        Assert.Contains("is not well-formed XML", Assert.Single(SettlementReader.Read(
            Encoding.UTF8.GetBytes(SettlementFileTests.TextOf("camt054-14.xml", Encoding.UTF8)[..400]), new() { Format = "camt" },
            SettlementFileTests.Target("EUR", "Europe/Berlin")).Errors).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_zip_must_have_the_trades_once_and_a_summary_that_agrees()
    {
        var details = Encoding.GetEncoding(Gbk).GetBytes(SettlementFileTests.TextOf("alipay-details.csv", Encoding.GetEncoding(Gbk)));
        var summary = Encoding.GetEncoding(Gbk).GetBytes("交易订单总笔数,商家实收（元）\n合计,111.50\n");
        CheckZip(Zip(("a_业务明细.csv", details), ("b_业务明细.csv", details)),
            "the file: zip: 'a_业务明细.csv, b_业务明细.csv' is not a zip with one file whose name has 业务明细 in it and not 汇总.");
        CheckZip(Zip(("readme.txt", details)), "the file: zip: 'readme.txt' is not a zip with one file whose name has 业务明细 in it and not 汇总.");
        CheckZip([.. "PK"u8, 3, 4, 0, 0, 1, 2, 3], "the file: zip: 'its content' is not a zip that can be opened; fetch the file again.");
        CheckZip(Zip(("a_业务明细.csv", details), ("a_业务明细(汇总).csv", summary)),
            "line 2: 汇总 交易订单总笔数: '合计' is not a decimal number such as 12.50, less than nine billion.");
        CheckZip(
            Zip(("a_业务明细.csv", details), ("a_业务明细(汇总).csv", Encoding.GetEncoding(Gbk).GetBytes("门店编号,交易订单总笔数,商家实收（元）\n合计,3,111.5\n"))),
            "line 2: 汇总 交易订单总笔数: '3' is not 2.00, the count of trades.");
        CheckZip(Zip(("a_业务明细.csv", details), ("a_业务明细(汇总).csv", "#\n"u8.ToArray())),
            "the file: 汇总: it is missing; right is a header with 交易订单总笔数 and a line 合计 in the summary's file.");
    }

    [Fact]
    public void A_file_that_is_empty_or_unpacks_to_too_much_is_refused()
    {
        var mapping = new SettlementMapping { Format = "wechat" };
        Check([], mapping, "CNY", "Asia/Shanghai", "the file: size: '0 bytes' is not 1 to 8388608 bytes; pack a larger file with gzip.");
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            var block = new byte[1024 * 1024];
            for (var i = 0; i < (SettlementReader.UnpackedMax / block.Length) + 1; i++)
            {
                gzip.Write(block);
            }
        }

        Check(packed.ToArray(), mapping, "CNY", "Asia/Shanghai", "the file: gzip: 'its content' is not a gzip that can be unpacked to at most 128 MiB.");
    }

    private static void CheckZip(byte[] bytes, string errors) => Check(bytes, new SettlementMapping { Format = "alipay" }, "CNY", "Asia/Shanghai", errors);

    /// <param name="errors">All errors, a line each; with an asterisk at the end, the first of them.</param>
    private static void Check(byte[] bytes, SettlementMapping mapping, string currency, string zone, string errors)
    {
        var reading = SettlementReader.Read(bytes, mapping, SettlementFileTests.Target(currency, zone));
        Assert.Null(reading.Content);
        var text = string.Join('\n', reading.Errors.OrderBy(e => e.Line == 0).Select(e => e.ToString()));
        Assert.Equal(errors.TrimEnd('*'), errors.EndsWith('*') ? text.Split('\n')[0] : text);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        var result = new MemoryStream();
        using (var zip = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true, Encoding.GetEncoding(Gbk)))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(content);
            }
        }

        return result.ToArray();
    }
}
