using System.Text.RegularExpressions;
using AccountGrid.Host.Billing;
using QRCoder;

namespace AccountGrid.Host.Tests.Billing;

/// <summary>A bill's page: what it shows, what it leaves out, and texts that would harm it.</summary>
public sealed partial class BillPageTests
{
    private const string Hostile = "\"><script>alert(1)</script><svg onload=x>'&\0\u0007\u202E\uD800";

    [Fact]
    public void Both_languages_have_the_same_words() =>
        Assert.Equal(BillTexts.Of("en").Keys.Order(StringComparer.Ordinal), BillTexts.Of("zh-CN").Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void No_text_of_a_bill_becomes_a_part_of_the_page(string language)
    {
        var bill = Full() with { Account = Hostile, Id = Hostile, Policy = Hostile, Currency = Hostile };
        var options = new BillOptions
        {
            PaymentCode = "{reference}",
            Seller = new() { Name = Hostile, Street = Hostile, City = Hostile, PostalCode = Hostile, VatId = Hostile, Email = Hostile, Iban = Hostile },
        };
        var page = BillPage.Of(BillSamples.Json(bill), new BillParty(language, Hostile, Hostile, Hostile, Hostile, options));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<svg onload", page, StringComparison.Ordinal);
        Assert.DoesNotContain(page, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202E', page);
        Assert.True(Encoded().Count(page) >= 20, $"Only {Encoded().Count(page)} of the texts are on the page.");
    }

    [Fact]
    public void A_page_has_registers_estimates_corrections_payments_ages_the_account_the_year_and_the_code()
    {
        var page = BillPage.Of(BillSamples.Json(Full()), BillSamples.Party());
        Assert.All(
            new[]
            {
                "Hill Power GmbH", "Main Street 1, 10115 Berlin", "DE123456789", "555 0100", "Ann Example", "2026-03-01 – 2026-03-31", "estimated", "12.500",
                "Tier 2: surcharge above 170 kWh", "Tax 19 %", "readings came or changed", "bank transfer 17", "61 to 90 days", "over 90 days", "call-out fee",
                "Balance at the last bill", "This period 310 kWh, the same period last year 250 kWh", "(+24 %)", "Bank account: DE89370400440532013000",
                "Pay in the app. Please name your customer reference ACC-7.", "role=\"img\"",
            },
            text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", page);

        // Every figure of the drawing can be read aloud, and nothing comes from elsewhere.
        Assert.Contains("2025-03: 250.0 kWh; 2026-02: 280.0 kWh; 2026-03: 310.0 kWh", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=", page);
    }

    [Fact]
    public void What_is_not_configured_or_not_known_has_no_place_on_the_page()
    {
        var bill = BillSamples.Taxed() with { Meters = null, Months = null, Corrections = null, Credits = null, Owed = null, Movements = null };
        var page = BillPage.Of(BillSamples.Json(bill), new BillParty("en", "", "", ""));
        Assert.All(new[] { "Supplier", "Questions", "VAT number", "How to pay", "Meter readings", "<svg", "Corrections of" },
            text => Assert.DoesNotContain(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public void A_credit_and_a_statement_are_named_as_what_they_are()
    {
        Assert.Contains("<h1>Credit bill</h1>", BillPage.Of(BillSamples.Json(BillSamples.Credit()), BillSamples.Party()), StringComparison.Ordinal);
        Assert.Contains("<h1>用电清单</h1>", BillPage.Of(BillSamples.Json(BillSamples.Taxed() with { Due = null }), BillSamples.Party("zh-CN")),
            StringComparison.Ordinal);
    }

    /// <summary>Each line: the company's text, what the code says.</summary>
    [Theory]
    [InlineData("{reference}", "A&C/7 {due}")]
    [InlineData("{bill}|{amount} {currency}|{due}", "7-202603|129.12 EUR|2026-04-20")]
    [InlineData("https://pay.example/?r={reference}&a={amount}", "https://pay.example/?r=A%26C%2F7%20%7Bdue%7D&a=129.12")]
    [InlineData("{other}", "{other}")]
    public void The_code_says_what_the_company_wants_it_to_say(string text, string said) =>
        Assert.Equal(said, BillCode.TextOf(text, BillSamples.Taxed() with { Account = "A&C/7 {due}" }));

    /// <summary>The drawing has exactly the dark modules of the code.</summary>
    [Fact]
    public void The_drawing_of_a_code_is_the_code()
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode("ACC-7", QRCodeGenerator.ECCLevel.M);
        var drawn = Runs().Matches(BillCode.Svg("ACC-7", "x")).Sum(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(data.ModuleMatrix.Sum(row => row.Cast<bool>().Count(dark => dark)), drawn);
    }

    [Fact]
    public void Texts_are_cleaned_of_what_cannot_be_shown() =>
        Assert.All(
            new[]
            {
                ("a\tb\r\nc", "a b  c"), ("\u0001\u009F\u200F\u2066", "\uFFFD\uFFFD\uFFFD\uFFFD"), ("电表 é 😀", "电表 é 😀"),
                ("\uDC00x\uFFFE", "\uFFFDx\uFFFD"),
            },
            c => Assert.Equal(c.Item2, BillText.Clean(c.Item1)));

    private static BillDocument Full()
    {
        var bill = BillSamples.Taxed();
        return bill with
        {
            Lines = [.. bill.Lines, new("tier", "2", 140_000, "0.050000", "7.000000000", 170_000, 1_900), new(Hostile, Hostile, null, Hostile, "1.00")],
            Meters = [new("M1", bill.ClosedAt, 1_000, bill.ClosedAt, 311_000, 310_000, "measured", "estimated", 12_500),
                new(Hostile, bill.ClosedAt, 0, bill.ClosedAt, 0, 0, Hostile, Hostile, 0, Hostile)],
            Credits = [new(bill.ClosedAt, "payment", "50.000000000", "bank transfer 17"), new(bill.ClosedAt, Hostile, "1.00", Hostile)],
            MoreCredits = "3.00",
            Corrections = [new("2026-02-27", "readings", "-2.00", "-0.38"), new(Hostile, Hostile, "0.00", "0.00")],
            Owed = [new("debit", null, null, "30.00", "call-out fee"), new("bill", "2026-02-01", 64, "20.00", null),
                new("bill", "2025-10-01", 186, "9.00", null), new(Hostile, null, null, "1.00", Hostile)],
            Movements = [new("payment", "50.00"), new(Hostile, "1.00")],
            Months = [new("2025-03", 250_000), new("2026-02", 280_000), new("2026-03", 310_000)],
        };
    }

    [GeneratedRegex("&lt;script&gt;")]
    private static partial Regex Encoded();

    [GeneratedRegex("M[0-9]+ [0-9]+h([0-9]+)v1h")]
    private static partial Regex Runs();
}
