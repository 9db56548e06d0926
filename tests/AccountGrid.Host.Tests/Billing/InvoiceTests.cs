using System.Globalization;
using System.Text;
using System.Xml.Linq;
using AccountGrid.Domain;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Billing.Invoices;
using CsCheck;

namespace AccountGrid.Host.Tests.Billing;

/// <summary>E-invoices: the arithmetic rule by rule, what is refused, and the XML.</summary>
public sealed class InvoiceTests
{
    private const string Hostile = "]]><x a=\"&amp;'</cbc:Name>\0\u0007\u202E\uD800";

    private static readonly XNamespace Cac = UblWriter.Aggregates;
    private static readonly XNamespace Cbc = UblWriter.Basics;

    [Fact]
    public void Drawn_bills_make_invoices_that_keep_every_rule_and_ask_for_what_the_bill_asks_for() =>
        Gen.Select(
            Gen.Int[-400_000, 900_000], Gen.Int[0, 2_000_000], Gen.Long[-5_000_000_000, 30_000_000_000],
            Gen.OneOf(Gen.Const(0), Gen.Const(700), Gen.Const(1_900), Gen.Const(2_550)),
            Gen.OneOf(Gen.Const("EUR"), Gen.Const("JPY"), Gen.Const("CNY")), Gen.Long[-4_000_000, 4_000_000], Gen.Int[0, 10]).Sample(
            (wh, micro, other, tax, currency, carried, paidTenths) =>
            {
                var net = ((long)wh * micro) + other;
                var parts = BillSamples.Parts((long)wh * micro, other / 3, other - (other / 3), (long)new WideMoney(net).Percentage(tax).Nano);
                var bill = BillSamples.Document(BillSamples.Facts(parts, WideMoney.Zero, carried, currency),
                    BillSamples.Source(tax, energy: new BillEnergy("flat", wh, new Price(micro), default, tax)));
                bill = bill with { Open = new Money((long)BillMoney.Parse(bill.Open!).Nano / 10 * paidTenths).ToString() };
                var (invoice, problem) = InvoiceMaker.Of(bill, BillSamples.Party(), BillSamples.Options, "9930:DE987654321");
                if (problem is not null)
                {
                    Assert.Equal(("invoice.empty", 0m), (problem.Code.Text, decimal.Parse(bill.Total, CultureInfo.InvariantCulture)));
                    return;
                }

                var total = Math.Abs(decimal.Parse(bill.Total, CultureInfo.InvariantCulture));
                Assert.Empty(InvoiceRules.Broken(invoice!));
                Assert.Equal(bill.Total.StartsWith('-'), invoice!.IsCredit);
                Assert.Equal(total, invoice.Totals.Prepaid + invoice.Totals.Payable);
                Assert.InRange(invoice.Totals.Payable, 0, total);
                Assert.True(invoice.Totals.Payable >= (invoice.IsCredit ? total : decimal.Parse(bill.Open!, CultureInfo.InvariantCulture)) - 0.000_000_001m);
            }, iter: 3_000);

    /// <summary>Each line: the rule, and a change that breaks it and no other arithmetic before it.</summary>
    public static TheoryData<string> Rules => ["BR-16", "BR-27", "BR-CO-10", "BR-CO-11", "BR-CO-12", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16", "BR-CO-17",
        "BR-CO-18", "BR-CO-25", "BR-S-08", "BR-DEC", "PEPPOL-EN16931-R120"];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_rule_is_found_broken(string rule)
    {
        var invoice = Make(BillSamples.Taxed());
        Assert.Empty(InvoiceRules.Broken(invoice));
        var (t, line, tax) = (invoice.Totals, invoice.Lines[0], invoice.Taxes[0]);
        Invoice WithLine(InvoiceLine other) => invoice with { Lines = [other, .. invoice.Lines.Skip(1)] };
        var broken = rule switch
        {
            "BR-16" => invoice with { Lines = [] },
            "BR-27" => WithLine(line with { Price = -line.Price, Quantity = -line.Quantity }),
            "BR-CO-10" => invoice with { Totals = t with { Lines = t.Lines + 0.01m } },
            "BR-CO-11" => invoice with { Totals = t with { Allowances = 0.01m } },
            "BR-CO-12" => invoice with { Totals = t with { Charges = 0.01m } },
            "BR-CO-13" => invoice with { Totals = t with { TaxExclusive = t.TaxExclusive - 0.01m } },
            "BR-CO-14" => invoice with { Totals = t with { Tax = t.Tax + 0.01m } },
            "BR-CO-15" => invoice with { Totals = t with { TaxInclusive = t.TaxInclusive + 0.01m } },
            "BR-CO-16" => invoice with { Totals = t with { Payable = t.Payable + 0.01m } },
            "BR-CO-17" => invoice with { Taxes = [tax with { Tax = tax.Tax + 0.01m }] },
            "BR-CO-18" => invoice with { Taxes = [tax, tax] },
            "BR-CO-25" => invoice with { Due = null },
            "BR-S-08" => invoice with { Taxes = [tax with { Taxable = tax.Taxable - 0.01m }] },
            "BR-DEC" => invoice with { Totals = t with { Payable = t.Payable + 0.001m, Rounding = t.Rounding + 0.001m } },
            _ => WithLine(line with { Quantity = line.Quantity + 1 }),
        };
        Assert.Contains(rule, InvoiceRules.Broken(broken));
    }

    [Fact]
    public void Rounded_amounts_sum_to_their_rounded_sum() =>
        Gen.Long[-2_000_000_000, 2_000_000_000].Array[1, 9].Sample(nano =>
        {
            var exact = nano.Select(n => (decimal)n / Money.NanoPerUnit).ToList();
            var rounded = InvoiceRules.Rounded(exact);
            Assert.Equal(Math.Round(exact.Sum(), 2, MidpointRounding.AwayFromZero), rounded.Sum());
            Assert.All(exact.Zip(rounded), p => Assert.True(Math.Abs(p.First - p.Second) <= 0.01m, $"{p}"));
        }, iter: 2_000);

    /// <summary>Each line: what is missing, the code and the word by which the refusal names it.</summary>
    [Theory]
    [InlineData("name", "invoice.setting_missing", "Billing__Seller__Name")]
    [InlineData("country", "invoice.setting_missing", "Billing__Seller__Country")]
    [InlineData("vat", "invoice.setting_missing", "Billing__Seller__VatId")]
    [InlineData("buyerCountry", "invoice.setting_missing", "Billing__BuyerCountry")]
    [InlineData("category", "invoice.setting_missing", "Billing__ZeroTaxCategory")]
    [InlineData("reason", "invoice.setting_missing", "Billing__ExemptionReason")]
    [InlineData("registration", "invoice.setting_missing", "Billing__Seller__RegistrationId")]
    [InlineData("endpoint", "invoice.setting_missing", "Billing__Seller__Endpoint")]
    [InlineData("customer", "invoice.buyer_unknown", "registered customer")]
    [InlineData("address", "invoice.endpoint_invalid", "buyerEndpoint: '9930 DE1'")]
    [InlineData("tax", "invoice.tax_unknown", "'standing'")]
    [InlineData("outside", "invoice.tax_unknown", "BR-O-11")]
    [InlineData("digits", "invoice.currency_digits", "'KWD' has 3 decimals")]
    [InlineData("empty", "invoice.empty", "7-202603")]
    [InlineData("sum", "invoice.not_reconciled", "BT-114")]
    public void What_an_invoice_cannot_be_made_of_is_refused_by_name(string what, string code, string named)
    {
        var (bill, party, options) = (BillSamples.Taxed(), BillSamples.Party(), Without(what));
        var lines = bill.Lines;
        bill = what switch
        {
            "category" or "reason" or "registration" => bill with { Lines = [.. lines.Select(l => l with { TaxBasisPoints = 0 })] },
            "outside" => bill with { Lines = [.. lines.Select(l => l.Kind == "standing" ? l with { TaxBasisPoints = 0 } : l)] },
            "tax" => bill with { Lines = [.. lines.Select(l => l.Kind == "standing" ? l with { TaxBasisPoints = null } : l)] },
            "digits" => bill with { Currency = "KWD" },
            "empty" => bill with { Lines = [], Total = "0.000000000" },
            "sum" => bill with { Total = "130.00" },
            _ => bill,
        };
        party = what == "customer" ? party with { Customer = null } : party;
        var (_, problem) = InvoiceMaker.Of(bill, party, options, what == "address" ? "9930 DE1" : "9930:DE1");
        Assert.Equal(code, problem!.Code.Text);
        Assert.Contains(named, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invoice_by_Peppol_has_the_elements_in_the_order_of_the_schema()
    {
        var xml = Xml(Make(BillSamples.Taxed(), "9930:DE987654321"));
        Assert.Equal(
            ["CustomizationID", "ProfileID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "Note", "DocumentCurrencyCode", "BuyerReference", "InvoicePeriod",
                "AccountingSupplierParty", "AccountingCustomerParty", "PaymentMeans", "TaxTotal", "LegalMonetaryTotal", "InvoiceLine", "InvoiceLine",
                "InvoiceLine"],
            xml.Elements().Select(e => e.Name.LocalName));
        Assert.Equal("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", xml.Name.NamespaceName);
        Assert.Equal((InvoiceMaker.Peppol, InvoiceMaker.PeppolProfile, "380"),
            (Text(xml, "CustomizationID"), Text(xml, "ProfileID"), Text(xml, "InvoiceTypeCode")));
        Assert.Equal(["DE123456789", "DE987654321"], xml.Descendants(Cbc + "EndpointID").Select(e => e.Value));
        Assert.Equal(["LineExtensionAmount 108.50", "TaxExclusiveAmount 108.50", "TaxInclusiveAmount 129.12", "PayableAmount 129.12"],
            xml.Element(Cac + "LegalMonetaryTotal")!.Elements().Select(e => $"{e.Name.LocalName} {e.Value}"));
        Assert.Equal(["310 KWH 93.00 0.3", "310 KWH 6.20 0.02", "1 C62 9.30 9.3"], xml.Elements(Cac + "InvoiceLine").Select(l =>
            $"{Text(l, "InvoicedQuantity")} {l.Element(Cbc + "InvoicedQuantity")!.Attribute("unitCode")!.Value} {Text(l, "LineExtensionAmount")} "
                + $"{l.Descendants(Cbc + "PriceAmount").Single().Value}"));
        var category = xml.Descendants(Cac + "TaxSubtotal").Single().Element(Cac + "TaxCategory")!;
        Assert.Equal(("S", "19", "20.62"), (Text(category, "ID"), Text(category, "Percent"), Text(xml.Element(Cac + "TaxTotal")!, "TaxAmount")));
        Assert.All(xml.Descendants().Where(e => e.Name.LocalName.EndsWith("Amount", StringComparison.Ordinal)),
            e => Assert.Equal("EUR", e.Attribute("currencyID")!.Value));
    }

    [Fact]
    public void Without_the_buyers_address_it_names_the_core_and_no_addresses_are_made_up()
    {
        var xml = Xml(Make(BillSamples.Taxed()));
        Assert.Equal(InvoiceMaker.Core, Text(xml, "CustomizationID"));
        Assert.Null(xml.Element(Cbc + "ProfileID"));
        Assert.Null(xml.Element(Cac + "AccountingCustomerParty")!.Descendants(Cbc + "EndpointID").FirstOrDefault());
    }

    [Fact]
    public void A_bill_that_is_a_credit_is_a_credit_note_with_positive_amounts()
    {
        var xml = Xml(Make(BillSamples.Credit()));
        Assert.Equal(("CreditNote", "381", "35.70"), (xml.Name.LocalName, Text(xml, "CreditNoteTypeCode"),
            Text(xml.Element(Cac + "LegalMonetaryTotal")!, "PayableAmount")));
        Assert.Null(xml.Element(Cbc + "DueDate"));
        Assert.Equal("30.00", Text(Assert.Single(xml.Elements(Cac + "CreditNoteLine")), "LineExtensionAmount"));
    }

    [Fact]
    public void A_statement_of_a_prepaid_account_is_paid_and_a_deduction_is_an_allowance()
    {
        var bill = BillSamples.Document(BillSamples.Facts(BillSamples.Parts(50_000_000_000, -7_500_000_000, 0, 8_075_000_000), WideMoney.Zero, dueDay: 0),
            BillSamples.Source(1_900, energy: new BillEnergy("flat", 100_000, new Price(500_000), default, 1_900)));
        var invoice = Make(bill);
        Assert.Equal((50.58m, 0m, 0.00m), (invoice.Totals.Prepaid, invoice.Totals.Payable, invoice.Totals.Rounding));
        Assert.Equal(7.5m, Assert.Single(invoice.Allowances).Amount);
        var xml = Xml(invoice);
        Assert.Equal("false", Text(xml.Element(Cac + "AllowanceCharge")!, "ChargeIndicator"));
        Assert.Equal("50.58", Text(xml.Element(Cac + "LegalMonetaryTotal")!, "PrepaidAmount"));
    }

    [Fact]
    public void A_bill_in_yen_is_asked_for_in_whole_yen()
    {
        var bill = BillSamples.Document(BillSamples.Facts(BillSamples.Parts(3_188_570_000_000, 0, 0, 0), WideMoney.Zero, currency: "JPY"),
            BillSamples.Source(0, energy: new BillEnergy("flat", 101_000, new Price(31_570_000), default, 0)));
        var xml = Xml(Make(bill)).Element(Cac + "LegalMonetaryTotal")!;
        Assert.Equal(("3188.57", "0.43", "3189"), (Text(xml, "TaxInclusiveAmount"), Text(xml, "PayableRoundingAmount"), Text(xml, "PayableAmount")));
    }

    [Fact]
    public void Hostile_texts_stay_texts()
    {
        var options = Copy(BillSamples.Options);
        var s = options.Seller;
        (s.Name, s.Street, s.City, s.PostalCode, s.RegistrationId, s.Email) = (Hostile, Hostile, Hostile, Hostile, Hostile, Hostile);
        var bill = BillSamples.Taxed();
        bill = bill with { Account = Hostile, Lines = [.. bill.Lines.Select(l => l.Kind == "energy" ? l with { Name = Hostile } : l)] };
        var party = BillSamples.Party() with { Customer = Hostile, Supplier = Hostile, Phone = Hostile };
        var (invoice, problem) = InvoiceMaker.Of(bill, party, options, "0088:<&>\"'");
        Assert.Null(problem);
        var xml = Xml(invoice!);
        var texts = xml.Descendants().Where(e => !e.HasElements).Select(e => e.Value).ToList();
        Assert.True(texts.Count(t => t == BillText.Clean(Hostile)) >= 10, string.Join('\n', texts));
        Assert.Contains("<&>\"'", texts);
        Assert.Empty(xml.Descendants("x"));
    }

    [Theory]
    [InlineData("DE89370400440532013000", true)]
    [InlineData("GB82WEST12345698765432", true)]
    [InlineData("DE89370400440532013001", false)]
    [InlineData("DE89 3704 0044 0532 0130 00", false)]
    [InlineData("", false)]
    public void An_iban_is_known_by_its_check_digits(string text, bool isRight) => Assert.Equal(isRight, BillOptions.IsIban(text));

    [Fact]
    public void Settings_that_are_wrong_stop_the_start_by_name()
    {
        Assert.Null(new BillOptions().Problem());
        Assert.Null(BillSamples.Options.Problem());
        Assert.StartsWith("Billing__PaymentCode: '{iban}'", new BillOptions { PaymentCode = "{iban}" }.Problem(), StringComparison.Ordinal);
        Assert.StartsWith("Billing__PaymentCode", new BillOptions { PaymentCode = new string('x', 301) }.Problem(), StringComparison.Ordinal);
        Assert.StartsWith("Billing__BuyerCountry: 'de'", new BillOptions { BuyerCountry = "de" }.Problem(), StringComparison.Ordinal);
        Assert.StartsWith("Billing__Seller__Country", new BillOptions { Seller = new() { Country = "Germany" } }.Problem(), StringComparison.Ordinal);
        Assert.StartsWith("Billing__Seller__VatId", new BillOptions { Seller = new() { VatId = "123456789" } }.Problem(), StringComparison.Ordinal);
        Assert.StartsWith("Billing__Seller__Iban", new BillOptions { Seller = new() { Iban = "DE00" } }.Problem(), StringComparison.Ordinal);
        Assert.StartsWith("Billing__Seller__EndpointScheme", new BillOptions { Seller = new() { Endpoint = "1", EndpointScheme = "x" } }.Problem(),
            StringComparison.Ordinal);
        Assert.StartsWith("Billing__Seller__Endpoint and", new BillOptions { Seller = new() { Endpoint = "1" } }.Problem(), StringComparison.Ordinal);
    }

    /// <summary>The settings without one of them.</summary>
    private static BillOptions Without(string what)
    {
        var options = Copy(BillSamples.Options);
        var seller = options.Seller;
        seller.Name = what == "name" ? " " : seller.Name;
        seller.Country = what == "country" ? "" : seller.Country;
        seller.VatId = what == "vat" ? "" : seller.VatId;
        seller.Endpoint = what == "endpoint" ? "" : seller.Endpoint;
        seller.RegistrationId = what == "registration" ? "" : "HRB 1";
        options.BuyerCountry = what == "buyerCountry" ? "" : options.BuyerCountry;
        options.ZeroTaxCategory = what switch { "category" => "", "reason" => "E", _ => "O" };
        options.ExemptionReason = what == "reason" ? "" : "Not a taxable person";
        return options;
    }

    private static Invoice Make(BillDocument bill, string? endpoint = null)
    {
        var (invoice, problem) = InvoiceMaker.Of(bill, BillSamples.Party(), BillSamples.Options, endpoint);
        Assert.Null(problem);
        return invoice!;
    }

    private static XElement Xml(Invoice invoice) => XDocument.Parse(Encoding.UTF8.GetString(UblWriter.Write(invoice))).Root!;

    private static string? Text(XElement of, string name) => of.Element(Cbc + name)?.Value;

    private static BillOptions Copy(BillOptions o) => new()
    {
        BuyerCountry = o.BuyerCountry,
        ZeroTaxCategory = o.ZeroTaxCategory,
        Seller = new()
        {
            Name = o.Seller.Name,
            Country = o.Seller.Country,
            VatId = o.Seller.VatId,
            Endpoint = o.Seller.Endpoint,
            EndpointScheme = o.Seller.EndpointScheme,
        },
    };
}
