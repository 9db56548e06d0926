using System.Text;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Tests.Payments.Settlement;

/// <summary>Settlement rows as JSON: what they become, and each kind of error with row, member and value.</summary>
public sealed class SettlementRowsTests
{
    private const string Paid = "\"kind\":\"payment\",\"channelTxnId\":\"T1\",\"amount\":\"10.00\",\"paidAt\":\"2026-03-10T09:00:00+08:00\"";

    [Fact]
    public void Rows_become_lines()
    {
        var content = Read($"{{{Paid},\"fee\":\"0.065\",\"account\":\"A1\"}}",
            "{\"kind\":\"refund\",\"reference\":\"R2\",\"original\":\"T0\",\"amount\":\"3\",\"businessDay\":\"2026-03-11\",\"fee\":null}",
            "{\"kind\":\"fee\",\"amount\":\"-0.5\",\"businessDay\":\"2026-03-10\"}").Content!;
        Assert.Equal(
            [
                (1, SettlementLineKind.Payment, "T1", "10.000000000", "0.065000000", "2026-03-10", "A1", null),
                (2, SettlementLineKind.Refund, null, "3.000000000", "0.000000000", "2026-03-11", null, "T0"),
                (3, SettlementLineKind.Fee, null, "-0.500000000", "0.000000000", "2026-03-10", null, null),
            ],
            content.Lines.Select(l => (l.Line, l.Kind, l.ChannelTxnId, l.Amount.ToString(), l.Fee.ToString(), l.BusinessDay.ToString("yyyy-MM-dd"), l.Account,
                l.Original)));
        Assert.Equal("R2", content.Lines[1].References.Single().Value);
        Assert.Equal("rows", content.Format);
    }

    [Theory]
    [InlineData("", "the file: body: ")]
    [InlineData("[]", "the file: body: 'Array' is not a JSON object with the member rows alone, an array.")]
    [InlineData("{\"rows\":[],\"total\":1}", "the file: body: 'rows, total' is not a JSON object with the member rows alone, an array.")]
    [InlineData("{\"rows\":[1]}", "line 1: row: 'Number' is not an object.")]
    [InlineData("{\"rows\":[{" + Paid + ",\"fees\":\"1\"}]}", "line 1: fees: '\"1\"' is not one of the members kind, channelTxnId, amount, fee, paidAt, ")]
    [InlineData("{\"rows\":[{" + Paid + ",\"fee\":1.5}]}", "line 1: fee: '1.5' is not a string.")]
    [InlineData("{\"rows\":[{" + Paid + ",\"fee\":\"1,5\"}]}", "line 1: fee: '1,5' is not a decimal number such as 12.50, less than nine billion.")]
    [InlineData("{\"rows\":[{" + Paid + ",\"kind\":\"fee\"}]}", "the file: body: ")]
    [InlineData("{\"rows\":[{\"kind\":\"sale\"}]}", "line 1: kind: 'sale' is not payment, refund, fee.")]
    [InlineData("{\"rows\":[{\"kind\":\"payment\",\"amount\":\"1\",\"businessDay\":\"2026-03-10\"}]}",
        "line 1: channelTxnId: '' is not an id; without one, reference names the payment.")]
    [InlineData("{\"rows\":[{\"kind\":\"payment\",\"channelTxnId\":\"T\",\"amount\":\"1\"}]}",
        "line 1: paidAt: '' is not a time; without one, businessDay is ")]
    [InlineData("{\"rows\":[{\"kind\":\"payment\",\"channelTxnId\":\"T\",\"amount\":\"1.001\",\"businessDay\":\"2026-03-10\"}]}",
        "line 1: amount: '1.001' is not an amount with at most the 2 decimals of CNY.")]
    [InlineData("{\"rows\":[{\"kind\":\"payment\",\"channelTxnId\":\"T\",\"amount\":\"0\",\"businessDay\":\"2026-03-10\"}]}",
        "line 1: amount: '0' is not more than 0.")]
    [InlineData("{\"rows\":[{\"kind\":\"payment\",\"channelTxnId\":\"T\",\"businessDay\":\"2026-03-10\"}]}", "line 1: amount: '' is not a decimal number ")]
    [InlineData("{\"rows\":[{\"kind\":\"fee\",\"businessDay\":\"2026-03-10\"}]}", "line 1: amount: '' is not a decimal number ")]
    [InlineData("{\"rows\":[{\"kind\":\"fee\",\"amount\":\"1\",\"fee\":\"1\",\"businessDay\":\"2026-03-10\"}]}", "line 1: fee: '1' is not nothing for a row ")]
    [InlineData("{\"rows\":[{\"kind\":\"payment\",\"channelTxnId\":\"T 1\",\"amount\":\"1\",\"businessDay\":\"10.03.2026\"}]}",
        "line 1: channelTxnId: 'T 1' is not an id of 1 to 64 visible ASCII characters.")]
    [InlineData("{\"rows\":[{\"kind\":\"payment\",\"channelTxnId\":\"T\",\"amount\":\"1\",\"businessDay\":\"0001-01-02\"}]}",
        "line 1: businessDay: '0001-01-02' is not a day such as ")]
    [InlineData("{\"rows\":[{\"kind\":\"\\ud800\"}]}", "line 1: row: ")]
    [InlineData("{\"rows\":[{\"\\ud800\":\"x\"}]}", "the file: body: ")]
    public void A_wrong_row_is_named(string text, string error)
    {
        var reading = ReadText(text);
        Assert.Null(reading.Content);
        Assert.StartsWith(error, reading.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"{{\"rows\":[{{{Paid},\"account\":\""), 0xbb, 0xa7, .. "\"}]}"u8];
        var reading = SettlementReader.ReadRows(bytes, SettlementFileTests.Target("CNY", "Asia/Shanghai"));
        Assert.StartsWith("the file: body: ", Assert.Single(reading.Errors).ToString(), StringComparison.Ordinal);
    }

    private static SettlementReading Read(params string[] rows) => ReadText($"{{\"rows\":[{string.Join(',', rows)}]}}");

    private static SettlementReading ReadText(string text) => text.Length == 0
        ? SettlementReader.ReadRows(" "u8.ToArray(), SettlementFileTests.Target("CNY", "Asia/Shanghai"))
        : SettlementReader.ReadRows(Encoding.UTF8.GetBytes(text), SettlementFileTests.Target("CNY", "Asia/Shanghai"));
}
