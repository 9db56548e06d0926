using AccountGrid.Host.Cli;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Tests.Payments.Settlement;

/// <summary>What <c>accountgrid settlement check</c> says, and its status.</summary>
public sealed class SettlementCommandTests : IDisposable
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Payments", "Settlement", "Samples");
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("settle").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("wechat-all.csv", null, null, null, null, "wechat: 4 lines, CNY")]
    [InlineData("alipay.zip", "alipay", null, null, null, "alipay: 4 lines, CNY")]
    [InlineData("camt053-02.xml", null, null, "EUR", "Europe/Berlin", "camt: 5 lines, EUR")]
    [InlineData("bank-gbk.csv", null, "bank-gbk.json", "CNY", "Asia/Shanghai", "csv: 3 lines, CNY")]
    [InlineData("bank-comma.csv", "csv", "bank-comma.json", "EUR", null, "csv: 2 lines, EUR")]
    public async Task A_right_file_is_summed_up_with_status_0(string file, string? format, string? mapping, string? currency, string? zone, string first)
    {
        Assert.Equal(0, await CheckAsync(Path.Combine(Samples, file), format, mapping, currency, zone));
        Assert.Equal(first, _output.ToString().Split(Environment.NewLine)[0]);
        Assert.Contains(Environment.NewLine + "line ", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _errors.ToString());
    }

    [Fact]
    public async Task A_wrong_file_or_mapping_has_status_1_and_all_its_errors()
    {
        var file = Path.Combine(_folder, "bill.csv");
        var text = await File.ReadAllTextAsync(Path.Combine(Samples, "wechat-all.csv"));
        await File.WriteAllTextAsync(file, text.Replace("`REVOKED", "`X", StringComparison.Ordinal));
        Assert.Equal(1, await CheckAsync(file, null, null, null, null));
        Assert.Equal(
            [$"{file}: line 6: 交易状态: 'X' is not SUCCESS, REFUND or REVOKED.", $"{file}: 1 errors; an import would take nothing of it.", ""],
            _errors.ToString().Split(Environment.NewLine));
        Assert.Equal("", _output.ToString());
        var mapping = Path.Combine(_folder, "mapping.json");
        await File.WriteAllTextAsync(mapping, """{"format":"wechat","txnId":"x"}""");
        Assert.Equal(1, await CheckAsync(file, null, mapping, null, null));
        Assert.Contains($"{mapping}: txnId: 'x' is not channel or merchant.", _errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bank-gbk.csv", null, null, "CNY", null, "its format cannot be told")]
    [InlineData("bank-gbk.csv", "csv", null, "CNY", null, "--mapping: a CSV needs a mapping")]
    [InlineData("bank-gbk.csv", "xls", null, "CNY", null, "--format: 'xls' is not one of csv, wechat")]
    [InlineData("bank-gbk.csv", "camt", "bank-gbk.json", "CNY", null, "--format: 'camt' is not 'csv'")]
    [InlineData("bank-gbk.csv", null, "bank-gbk.json", null, null, "--currency: it is missing")]
    [InlineData("bank-gbk.csv", null, "bank-gbk.json", "RMB", "Asia/Shanghai", "--currency: 'RMB'")]
    [InlineData("bank-gbk.csv", null, "bank-gbk.json", "CNY", null, "--zone: it is missing")]
    [InlineData("bank-gbk.csv", null, "bank-gbk.json", "CNY", "China", "--zone: 'China'")]
    [InlineData("none.csv", null, null, "CNY", null, "there is no such file")]
    public async Task What_cannot_be_checked_is_said(string file, string? format, string? mapping, string? currency, string? zone, string says) =>
        Assert.Contains(
            says, (await Assert.ThrowsAsync<StartException>(() => CheckAsync(Path.Combine(Samples, file), format, mapping, currency, zone))).Message,
            StringComparison.Ordinal);

    private Task<int> CheckAsync(string file, string? format, string? mapping, string? currency, string? zone) =>
        SettlementCommand.CheckAsync(
            file, format, mapping is null ? null : Path.Combine(Samples, mapping), currency, zone, "24:00", withLines: true, _output, _errors);
}
