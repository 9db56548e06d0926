using System.Text;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Tests.Payments.Settlement;

/// <summary>Sample files of each format, with the quirks of the field, against what they say.</summary>
public sealed class SettlementFileTests
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Payments", "Settlement", "Samples");

    /// <summary>File, its format, currency and zone; a CSV has its mapping beside it.</summary>
    public static TheoryData<string, string, string, string> Files => new()
    {
        { "bank-gbk.csv", "csv", "CNY", "Asia/Shanghai" },
        { "agent-pipe.txt", "csv", "CNY", "Asia/Shanghai" },
        { "bank-comma.csv", "csv", "EUR", "Europe/Berlin" },
        { "wechat-all.csv", "wechat", "CNY", "Asia/Shanghai" },
        { "wechat-old.csv", "wechat", "CNY", "Asia/Shanghai" },
        { "wechat-success.csv", "wechat", "CNY", "Asia/Shanghai" },
        { "wechat-refund.csv", "wechat", "CNY", "Asia/Shanghai" },
        { "wechat-none.xml", "wechat", "CNY", "Asia/Shanghai" },
        { "alipay.zip", "alipay", "CNY", "Asia/Shanghai" },
        { "alipay-details.csv", "alipay", "CNY", "Asia/Shanghai" },
        { "mpesa-full.csv", "mpesa", "KES", "Africa/Nairobi" },
        { "mpesa-seven.csv", "mpesa", "KES", "Africa/Nairobi" },
        { "camt053-02.xml", "camt", "EUR", "Europe/Berlin" },
        { "camt053-08.xml", "camt", "EUR", "Europe/Berlin" },
        { "camt054-14.xml", "camt", "EUR", "Europe/Berlin" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_sample_file_says_what_its_golden_text_says(string file, string format, string currency, string zone)
    {
        var reading = Read(file, format, currency, zone);
        Assert.Equal([], reading.Errors);
        var content = reading.Content!;
        var text = string.Join('\n', SettlementListing.Summary(content).Concat(content.Lines.Select(SettlementListing.Line))) + "\n";
        var golden = $"{file}.golden";
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, golden), text);
        }

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Samples, golden)), text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_format_of_a_sample_is_told_by_its_content(string file, string format, string currency, string zone)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Samples, file));
        Assert.Equal(format == "csv" ? null : format, SettlementReader.Detect(bytes));
        if (format is not ("csv" or "camt"))
        {
            Assert.Equal((currency, zone), SettlementReader.HomeOf(format));
        }
    }

    [Fact]
    public void A_gzip_of_a_bill_is_the_bill()
    {
        var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(Path.Combine(Samples, "wechat-all.csv")));
        }

        Assert.Equal("wechat", SettlementReader.Detect(packed.ToArray()));
        var reading = SettlementReader.Read(packed.ToArray(), new SettlementMapping { Format = "wechat" }, Target("CNY", "Asia/Shanghai"));
        Assert.Equal(4, reading.Content!.Lines.Count);
    }

    [Fact]
    public void The_mapping_says_which_id_is_the_channels_and_which_amount_counts()
    {
        var mapping = new SettlementMapping { Format = "wechat", TxnId = "merchant", AmountOf = "order" };
        var lines = SettlementReader.Read(File.ReadAllBytes(Path.Combine(Samples, "wechat-all.csv")), mapping, Target("CNY", "Asia/Shanghai")).Content!.Lines;
        Assert.Equal(("M1", "105.000000000"), (lines[0].ChannelTxnId, lines[0].Amount.ToString()));
        Assert.Equal(new SettlementReference("channelOrder", "4200000000202603100000000001"), Assert.Single(lines[0].References));
        Assert.Equal(("MR1", "M0"), (lines[2].ChannelTxnId, lines[2].Original));
        var alipay = SettlementReader.Read(File.ReadAllBytes(Path.Combine(Samples, "alipay.zip")), mapping with { Format = "alipay", FeeSign = "positive" },
            Target("CNY", "Asia/Shanghai")).Content!.Lines;
        Assert.Equal(("M1", "100.000000000", "-0.600000000"), (alipay[0].ChannelTxnId, alipay[0].Amount.ToString(), alipay[0].Fee.ToString()));
        var camt = SettlementReader.Read(
            File.ReadAllBytes(Path.Combine(Samples, "camt053-02.xml")),
            new SettlementMapping { Format = "camt", TxnId = "merchant", AccountPattern = @"Konto (\w+)" }, Target("EUR", "Europe/Berlin")).Content!.Lines;
        Assert.Equal([("E2E-1", "A1"), (null, "A2"), ("E2E-3", null), ("E2E-0", null)], camt.Take(4).Select(l => (l.ChannelTxnId, l.Account)));
        Assert.Equal("E2E-0", camt[3].Original);
    }

    [Theory]
    [InlineData("23:59", "2026-03-10")]
    [InlineData("08:00", "2026-03-11")]
    public void A_line_belongs_to_the_business_day_of_the_channels_cut_off(string cutOff, string day)
    {
        var minute = (int)TimeOnly.Parse(cutOff, null).ToTimeSpan().TotalMinutes;
        var target = new SettlementTarget("CNY", LocalCalendar.Find("Asia/Shanghai")!, minute);
        var bytes = File.ReadAllBytes(Path.Combine(Samples, "wechat-success.csv"));
        var line = Assert.Single(SettlementReader.Read(bytes, new SettlementMapping { Format = "wechat" }, target).Content!.Lines);
        Assert.Equal(DateOnly.Parse(day, null), line.BusinessDay);
    }

    internal static SettlementReading Read(string file, string format, string currency, string zone) =>
        SettlementReader.Read(File.ReadAllBytes(Path.Combine(Samples, file)), Mapping(file, format), Target(currency, zone));

    internal static SettlementMapping Mapping(string file, string format)
    {
        if (format != "csv")
        {
            return new SettlementMapping { Format = format };
        }

        var (mapping, wrong) = SettlementMappings.Read(File.ReadAllBytes(Path.Combine(Samples, Path.ChangeExtension(file, ".json"))));
        Assert.Equal([], wrong);
        return mapping!;
    }

    internal static SettlementTarget Target(string currency, string zone) => new(currency, LocalCalendar.Find(zone)!);

    internal static string TextOf(string file, Encoding encoding) => encoding.GetString(File.ReadAllBytes(Path.Combine(Samples, file)));
}
