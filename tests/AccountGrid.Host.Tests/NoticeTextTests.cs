using System.Net;
using System.Text;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Tests;

/// <summary>What customers read, what receivers check, and where no request goes.</summary>
public sealed class NoticeTextTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>The specification's own example.</summary>
    [Fact]
    public void The_signature_is_that_of_the_specification() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Of(Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    public void Private_addresses_are_known(string address) => Assert.True(GuardedHttp.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    public void Public_ones_are_not(string address) => Assert.False(GuardedHttp.IsPrivate(IPAddress.Parse(address)));

    [Fact]
    public void A_template_that_speaks_of_an_unknown_field_stops_the_start()
    {
        var folder = Directory.CreateTempSubdirectory("ag-texts").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "low-balance.en.liquid"), "Hello {{ acount }}\n\nText");
            var wrong = Assert.Throws<StartException>(() => new NoticeTexts(new NoticeOptions { Texts = folder }));
            Assert.Contains("acount", wrong.Message, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, "low-balance.en.liquid"), "No empty line");
            Assert.Contains("empty line", Assert.Throws<StartException>(() => new NoticeTexts(new NoticeOptions { Texts = folder })).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("CNY", "zh-CN", "12.34元", "324.02元")]
    [InlineData("JPY", "zh-CN", "12日元", "325日元")]
    [InlineData("KWD", "zh-CN", "12.345科威特第纳尔", "324.011科威特第纳尔")]
    [InlineData("GBP", "zh-CN", "12.34英镑", "324.02英镑")]
    [InlineData("ZMW", "zh-CN", "12.34 ZMW", "324.02 ZMW")]
    [InlineData("JPY", "en", "12 JPY", "325 JPY")]
    [InlineData("GBP", "en", "12.34 GBP", "324.02 GBP")]
    public void Money_is_in_the_currencys_own_name_and_digits(string currency, string language, string balance, string amount)
    {
        var texts = new NoticeTexts(new NoticeOptions());
        var facts = new Domain.Partitions.NoticeFacts
        {
            Balance = "12.345600000",
            Currency = currency,
            AtMs = 0,
            Amount = "324.010100000",
            CutAfter = "2026-04-01",
            MeterCount = 1
        };
        var (text, _) = texts.Render("last-notice", language, "A", facts);
        Assert.Contains(balance, text.Body, StringComparison.Ordinal);
        Assert.Contains(amount, text.Body, StringComparison.Ordinal);
        Assert.True(currency == "CNY" || !texts.Kinds.Any(k => Said(texts, k, language, facts).Contains("元", StringComparison.Ordinal) && currency != "JPY"),
            "A text speaks of yuan.");
    }

    [Fact]
    public void Each_kind_of_notice_has_a_text_in_both_languages_and_each_text_a_kind()
    {
        var texts = new NoticeTexts(new NoticeOptions());
        var kinds = Enum.GetValues<NoticeKind>().Except([NoticeKind.BalanceReminder]).Select(k => k.Code());
        Assert.Equal(kinds.Order(StringComparer.Ordinal), texts.Kinds.Order(StringComparer.Ordinal));
        var files = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Notices", "Texts"), "*.liquid").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(texts.Kinds.SelectMany(k => new[] { $"{k}.en", $"{k}.zh-CN" }).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_of_one_language_is_in_a_text_of_another_and_nobody_without_a_language_is_taken_for_Chinese()
    {
        var texts = new NoticeTexts(new NoticeOptions());
        var facts = new Domain.Partitions.NoticeFacts
        {
            Balance = "1",
            Currency = "CNY",
            AtMs = 0,
            Amount = "1",
            DueDay = "2026-02-25",
            OverdueDays = 1,
            CutAfter = "2026-04-01",
            MeterCount = 1
        };
        foreach (var kind in texts.Kinds)
        {
            Assert.DoesNotContain(Said(texts, kind, "zh-CN", facts), char.IsAsciiLetterLower);
            Assert.DoesNotContain(Said(texts, kind, "en", facts), c => c > 127);
            Assert.Equal("en", texts.Render(kind, null, "A", facts).Language);
        }
    }

    [Fact]
    public void A_channel_that_reaches_people_needs_a_name_a_number_and_a_language()
    {
        Assert.Null(new NoticeOptions().Problem());
        var sms = new SmsOptions { Url = "https://sms.example.org" };
        var missing = new NoticeOptions { Sms = sms, Phone = "95598" }.Problem();
        Assert.StartsWith("Notices__Company, Notices__Language: empty.", missing, StringComparison.Ordinal);
        Assert.Contains("sms", missing, StringComparison.Ordinal);
        Assert.NotNull(
            new NoticeOptions { Webhook = new WebhookOptions { Url = "https://hook.example.org" }, Company = "City Power", Language = "en" }.Problem());
        Assert.NotNull(new NoticeOptions { Smtp = new SmtpOptions { Host = "mail.example.org" } }.Problem());
        Assert.Null(new NoticeOptions { Sms = sms, Company = "City Power", Phone = "95598", Language = "en" }.Problem());
        Assert.Contains("'fr'", Assert.Throws<StartException>(() => new NoticeTexts(new NoticeOptions { Language = "fr" })).Message, StringComparison.Ordinal);
    }

    private static string Said(NoticeTexts texts, string kind, string language, Domain.Partitions.NoticeFacts facts)
    {
        var (text, _) = texts.Render(kind, language, "A", facts);
        return text.Subject + text.Body;
    }

    /// <summary>Every shipped text, as a customer reads it.</summary>
    [Fact]
    public async Task The_texts_are_those_that_were_agreed()
    {
        var texts = new NoticeTexts(new NoticeOptions { Company = "Grid", Phone = "100" });
        var facts = new Domain.Partitions.NoticeFacts
        {
            Balance = "12.345600000",
            Currency = "CNY",
            AtMs = 0,
            LevelAmount = "50.000000000",
            DaysLeft = "3.4",
            Amount = "324.010000000",
            DueDay = "2026-02-25",
            OverdueDays = 31,
            LateFees = "4.500000000",
            CutAfter = "2026-04-01",
            MeterCount = 2,
            EmergencyCredit = "5.000000000",
        };
        var now = new StringBuilder();
        foreach (var kind in texts.Kinds.Distinct().Order(StringComparer.Ordinal))
        {
            foreach (var language in new[] { "en", "zh-CN" })
            {
                var (text, said) = texts.Render(kind, language, "A-1", facts);
                now.Append(System.Globalization.CultureInfo.InvariantCulture, $"{kind} {said}\n{text.Subject}\n{text.Body}\n\n");
            }
        }

        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", "notices.txt");
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "notices.txt"), now.ToString());
        }

        Assert.Equal(await File.ReadAllTextAsync(golden), now.ToString());
    }
}
