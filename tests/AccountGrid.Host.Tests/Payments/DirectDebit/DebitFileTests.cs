using AccountGrid.Domain;
using AccountGrid.Host.DirectDebit;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Tests.Payments.DirectDebit;

/// <summary>Files of collections, each against its golden text, and what makes a configuration or a mandate usable.</summary>
public sealed class DebitFileTests
{
    internal const string Iban = "DE89370400440532013000";

    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Payments", "DirectDebit", "Samples");

    internal static DirectDebitSetting Sepa => new()
    {
        Schemes = ["core", "b2b"],
        File = "pain.008.001.08",
        Creditor = new("Stadtwerke Köln & Töchter", "DE89370400440532013000", "DE98ZZZ09999999999", "COBADEFFXXX"),
    };

    internal static DirectDebitSetting Batch => new()
    {
        Schemes = ["batch"],
        File = "csv",
        Csv = new()
        {
            Encoding = "gbk",
            Delimiter = "|",
            Head = ["=B", "batch", "day", "count", "total"],
            Header = false,
            LineEnd = "crlf",
            AmountIn = "minor",
            DayFormat = "yyyyMMdd",
            Columns = [new("", "serial"), new("", "bankAccount"), new("", "name"), new("", "amount"), new("", "mandate"), new("", "item"), new("", "=电费")],
            Foot = ["=E", "count"],
        },
    };

    [Theory]
    [InlineData("pain008-08.xml", "pain.008.001.08")]
    [InlineData("pain008-02.xml", "pain.008.001.02")]
    [InlineData("batch.txt", "csv")]
    public async Task A_file_is_what_its_golden_text_says_and_the_same_each_time(string golden, string format)
    {
        var file = format == "csv" ? FileOf(Batch, "CNY", Names("用户一", "用户|二")) : FileOf(Sepa with { File = format }, "EUR", Names("Kunde Ünal", "Client È"));
        var bytes = file.Write().Bytes;
        Assert.Equal(bytes, file.Write().Bytes);
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, golden), bytes);
        }

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Samples, golden)), bytes);
    }

    [Fact]
    public void Groups_are_by_scheme_and_sequence_and_every_total_is_that_of_its_lines()
    {
        var root = System.Xml.Linq.XDocument.Parse(System.Text.Encoding.UTF8.GetString(FileOf(Sepa, "EUR", Names("A", "B")).Write().Bytes)).Root!;
        string[] Of(string name) => [.. root.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Value)];
        Assert.Equal(["3", "1", "1", "1"], Of("NbOfTxs"));
        Assert.Equal(["139.50", "90.00", "42.00", "7.50"], Of("CtrlSum"));
        Assert.Equal(["DD-20260410-0123456789-B2B-RCUR", "DD-20260410-0123456789-CORE-FRST", "DD-20260410-0123456789-CORE-RCUR"], Of("PmtInfId"));
        Assert.All(Of("PmtInfId").Concat(Of("MsgId")).Concat(Of("EndToEndId")).Concat(Of("MndtId")), id => Assert.InRange(id.Length, 1, 35));
        Assert.Equal("urn:iso:std:iso:20022:tech:xsd:pain.008.001.08", root.Name.NamespaceName);
        Assert.InRange(DebitRuns.MessageIdOf("a-channel-with-a-very-long-name-x", new(2026, 4, 10)).Length + "-CORE-FRST".Length, 1, 35);
    }

    [Theory]
    [InlineData("Müller & Söhne", "Mueller + Soehne")]
    [InlineData("Łódź São José Ærø", "Lodz Sao Jose AEroe")]
    [InlineData("ÀÿŽȚß", "AyZTss")]
    [InlineData(" a ", "a")]
    [InlineData("王", null)]
    [InlineData("a;b", null)]
    [InlineData(" ", null)]
    public void Letters_lose_their_accents_and_what_SEPA_cannot_carry_is_refused(string text, string? said) =>
        Assert.Equal(said, SepaText.Of(text, SepaText.NameMax));

    [Theory]
    [InlineData("DE89370400440532013000", true)]
    [InlineData("GB82WEST12345698765432", true)]
    [InlineData("DE88370400440532013000", false)]
    [InlineData("DE89 3704 0044 0532 0130 00", false)]
    [InlineData("de89370400440532013000", false)]
    [InlineData("DE8937040044", false)]
    public void An_IBAN_has_right_check_digits(string text, bool isRight) => Assert.Equal(isRight, SepaText.IsIban(text));

    [Fact]
    public void A_configuration_is_checked_field_by_field()
    {
        string Wrong(DirectDebitSetting s, string currency = "EUR") => string.Join(' ', DirectDebitSettings.Check(s, currency));
        Assert.Equal("", Wrong(Sepa));
        Assert.Equal("", Wrong(Batch, "CNY"));
        Assert.Contains("file: 'pain.008.001.08' is not for a channel in CNY", Wrong(Sepa, "CNY"), StringComparison.Ordinal);
        Assert.Contains("schemes: 'core, batch' is not", Wrong(Sepa with { Schemes = ["core", "batch"] }), StringComparison.Ordinal);
        Assert.Contains("leadDays: '14' is not 0 to 14 and less than noticeDays", Wrong(Sepa with { LeadDays = 14 }), StringComparison.Ordinal);
        Assert.Contains("noticeDays: '0' is not 1 to 60", Wrong(Sepa with { NoticeDays = 0, LeadDays = 0 }), StringComparison.Ordinal);
        Assert.Contains("answerDays: '16' is not 0 to 15", Wrong(Sepa with { AnswerDays = 16 }), StringComparison.Ordinal);
        Assert.Contains("disputeDays: '57' is not 0 to 56", Wrong(Sepa with { DisputeDays = 57 }), StringComparison.Ordinal);
        Assert.Contains("creditor: '' is not missing", Wrong(Sepa with { Creditor = null }), StringComparison.Ordinal);
        Assert.Contains("creditor.account: 'x' is not an IBAN",
            Wrong(Sepa with { Creditor = Sepa.Creditor! with { Account = "x" } }), StringComparison.Ordinal);
        Assert.Contains("csv: the member is missing", Wrong(Batch with { Csv = null }, "CNY"), StringComparison.Ordinal);
        Assert.Contains("csv.columns: 'serial' is not a list with item and amount",
            Wrong(Batch with { Csv = Batch.Csv! with { Columns = [new("n", "serial")] } }, "CNY"), StringComparison.Ordinal);
        Assert.Contains("csv.columns: 'x' is not =text or one of", Wrong(Batch with
        {
            Csv = Batch.Csv! with { Columns = [new("", "item"), new("", "amount"), new("", "x")] },
        }, "CNY"), StringComparison.Ordinal);
        var results = DebitResultFileTests.Results;
        Assert.Equal("", Wrong(Batch with { Results = results }, "CNY"));
        Assert.Contains("results.item: 'id' is not", Wrong(Batch with { Results = results with { Item = "id" } }, "CNY"), StringComparison.Ordinal);
        Assert.Contains("twice", Wrong(Batch with { Results = results with { Pending = ["00"] } }, "CNY"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mandate_is_checked_field_by_field()
    {
        var channel = new PaymentChannelDefinition
        {
            Id = "sepa",
            Kind = "direct-debit",
            EffectiveFrom = new(2026, 1, 1),
            Currency = "EUR",
            Zone = "Europe/Berlin",
            Tenders = ["debit"],
            MaxAmount = "1000",
            DirectDebit = Sepa,
        };
        var right = new MandateRequest("sepa", "core", new(2026, 1, 1), "Müller", Iban);
        string? Wrong(MandateRequest r, string id = "M-1") => Mandates.Check(id, r, channel)?.Detail;
        Assert.Null(Wrong(right));
        Assert.StartsWith("mandate: 'M_1' is not", Wrong(right, "M_1"), StringComparison.Ordinal);
        Assert.StartsWith("scheme: 'batch' is not one of channel 'sepa': core, b2b", Wrong(right with { Scheme = "batch" }), StringComparison.Ordinal);
        Assert.StartsWith("debtorName: '王' is not", Wrong(right with { DebtorName = "王" }), StringComparison.Ordinal);
        Assert.StartsWith("debtorAccount: 'DE8****3001' is not an IBAN",
            Wrong(right with { DebtorAccount = "DE89370400440532013001" }), StringComparison.Ordinal);
        Assert.StartsWith("debtorAgent: 'X' is not a BIC", Wrong(right with { DebtorAgent = "X" }), StringComparison.Ordinal);
        var gbk = channel with { Currency = "CNY", DirectDebit = Batch };
        Assert.Null(Mandates.Check("M-1", right with { Scheme = "batch", DebtorName = "用户一", DebtorAccount = "6222020200012345678" }, gbk));
        Assert.Contains("gbk can carry", Mandates.Check("M-1", right with { Scheme = "batch", DebtorName = "ꦲ" }, gbk)!.Detail, StringComparison.Ordinal);
    }

    private static string[] Names(params string[] names) => names;

    private static DebitFile FileOf(DirectDebitSetting setting, string currency, string[] names)
    {
        DebitLine Line(int i, string mandate, string scheme, string amount, string sequence) => new(
            $"DD-20260410-{i}-1", mandate, setting.File == "csv" ? "batch" : scheme, new(2025, 12, 1), names[i % 2],
            setting.File == "csv" ? "6222020200012345678" : Iban, i == 2 ? "COBADEFF" : null, $"C-{i}", MoneyOf(amount),
            new(2026, 4, 10), new(2026, 4, 9), sequence);
        return new("DD-20260410-0123456789", new(2026, 4, 8, 9, 30, 0, TimeSpan.Zero), new(2026, 4, 10), currency, setting,
            [Line(1, "M-1", "core", "42", "FRST"), Line(2, "M-2", "core", "7.5", "RCUR"), Line(3, "M-3", "b2b", "90", "RCUR")]);
    }

    private static Money MoneyOf(string amount) => Money.TryParse(amount, out var money) ? money : throw new FormatException(amount);
}
