using System.Globalization;
using System.Text.RegularExpressions;
using AccountGrid.Domain;

namespace AccountGrid.Host.Billing.Invoices;

/// <summary>Makes the e-invoice of a bill, or says why there can be none. Nothing that is not configured or on record is made up.</summary>
internal static partial class InvoiceMaker
{
    public const string Core = "urn:cen.eu:en16931:2017";
    public const string Peppol = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
    public const string PeppolProfile = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

    /// <summary>Most decimals of an amount (BR-DEC).</summary>
    private const int DigitsMax = 2;

    /// <summary>What rounding in the lines and taxes can add up to, beside one smallest unit that the bill itself rounds and carries.</summary>
    private const decimal RoundingMax = 0.05m;

    /// <param name="party">Names the buyer, and has the language of the lines.</param>
    /// <param name="endpoint">
    /// The buyer's electronic address as scheme:identifier, by which the invoice follows Peppol's rules; null: those of EN 16931.
    /// </param>
    public static (Invoice? Invoice, Refusal? Problem) Of(BillDocument bill, BillParty party, BillOptions options, string? endpoint)
    {
        var charges = bill.Lines.Where(l => l.Kind is not ("tax" or "rounding")).ToList();
        var digits = Currencies.DigitsOf(bill.Currency) ?? DigitsMax;
        if ((CheckEndpoint(endpoint) ?? CheckBill(bill, charges, digits) ?? CheckSettings(party, options, charges, endpoint)) is { } refused)
        {
            return (null, refused);
        }

        var sign = bill.Total.StartsWith('-') ? -1 : 1;
        var (lines, allowances) = Lines(charges, options, party, sign);
        if (lines.Count == 0)
        {
            return (null, new Refusal(BillingRefusals.InvoiceEmpty, $"Bill {bill.Id} charges nothing."));
        }

        var taxes = Taxes(lines, allowances);
        var totals = Totals(bill, lines, allowances, taxes, sign);
        var invoice = new Invoice(
            sign < 0, endpoint is null ? Core : Peppol, endpoint is null ? null : PeppolProfile, bill.Id, bill.Issued ?? bill.To, sign < 0 ? null : bill.Due,
            bill.Currency, digits, bill.Account, bill.From, bill.To, Note(bill, party), sign < 0 ? BillTexts.Of(party.Language)["credited"] : null,
            Seller(options, party, lines.Exists(l => l.Category.Code == "O")),
            new InvoiceBuyer(party.Customer!, options.BuyerCountry, Address(endpoint)), lines, allowances, taxes, totals);
        var broken = InvoiceRules.Broken(invoice).Concat(Math.Abs(totals.Rounding) > RoundingMax + Unit(digits) ? ["BT-114"] : []).ToList();
        return broken.Count == 0
            ? (invoice, null)
            : (null, new Refusal(BillingRefusals.InvoiceNotReconciled,
                $"The lines of bill {bill.Id} and its total {bill.Total} do not meet {string.Join(", ", broken)}: taxable {totals.TaxExclusive}, tax "
                    + $"{totals.Tax}."));
    }

    private static Refusal? CheckBill(BillDocument bill, List<BillLine> charges, int digits)
    {
        if (digits > DigitsMax)
        {
            return new Refusal(BillingRefusals.InvoiceCurrencyDigits,
                $"currency: '{bill.Currency}' has {digits} decimals; an e-invoice by EN 16931 has at most {DigitsMax}.");
        }

        return charges.Find(l => l.TaxBasisPoints is null) is { } line
            ? new Refusal(BillingRefusals.InvoiceTaxUnknown,
                $"Line '{line.Kind}' of bill {bill.Id} has no single tax rate: its days have several, or their tariff names its taxes.")
            : null;
    }

    private static Refusal? CheckEndpoint(string? endpoint) => endpoint is null || Endpoint().IsMatch(endpoint)
        ? null
        : new Refusal(BillingRefusals.InvoiceEndpointInvalid,
            $"buyerEndpoint: '{endpoint}' is not a scheme of the EAS list and an identifier of at most 64 visible characters, such as 9930:DE123456789.");

    private static Refusal? CheckSettings(BillParty party, BillOptions options, List<BillLine> charges, string? endpoint)
    {
        var isTaxed = charges.Exists(l => l.TaxBasisPoints > 0);
        var isFree = charges.Exists(l => l.TaxBasisPoints == 0);
        var isOutside = isFree && options.ZeroTaxCategory == "O";
        var needed = new (bool IsNeeded, string Value, string Setting)[]
        {
            (true, options.Seller.Name, "Billing__Seller__Name"), (true, options.Seller.Country, "Billing__Seller__Country"),
            (!isOutside, options.Seller.VatId, "Billing__Seller__VatId"), (isOutside, options.Seller.RegistrationId, "Billing__Seller__RegistrationId"),
            (true, options.BuyerCountry, "Billing__BuyerCountry"), (isFree, options.ZeroTaxCategory, "Billing__ZeroTaxCategory"),
            (isFree && options.ZeroTaxCategory is "E" or "O", options.ExemptionReason, "Billing__ExemptionReason"),
            (endpoint is not null, options.Seller.Endpoint, "Billing__Seller__Endpoint"),
        };
        var missing = needed.Where(n => n.IsNeeded && string.IsNullOrWhiteSpace(n.Value)).Select(n => n.Setting).ToList();
        if (missing.Count > 0)
        {
            return new Refusal(BillingRefusals.InvoiceSettingMissing, $"{string.Join(", ", missing)}: empty, and an e-invoice must have it.");
        }

        if (isTaxed && isOutside)
        {
            return new Refusal(BillingRefusals.InvoiceTaxUnknown,
                "Billing__ZeroTaxCategory: 'O' is not for a bill that has taxed lines too; such a bill needs Z or E (BR-O-11).");
        }

        return string.IsNullOrWhiteSpace(party.Customer)
            ? new Refusal(BillingRefusals.InvoiceBuyerUnknown, "The account belongs to no registered customer, and an e-invoice must name the buyer.")
            : null;
    }

    /// <summary>
    /// Energy as quantity and price; other charges as one piece each, and other deductions as allowances. Amounts of one tax rate sum to their rounded sum.
    /// </summary>
    private static (List<InvoiceLine> Lines, List<InvoiceAllowance> Allowances) Lines(List<BillLine> charges, BillOptions options, BillParty party, int sign)
    {
        var (lines, allowances) = (new List<InvoiceLine>(), new List<InvoiceAllowance>());
        var texts = BillTexts.Of(party.Language);
        foreach (var group in charges.GroupBy(l => l.TaxBasisPoints!.Value))
        {
            var category = CategoryOf(group.Key, options);
            var amounts = group.Select(l => sign * (decimal)BillMoney.Parse(l.Amount).Nano / Money.NanoPerUnit).ToList();
            foreach (var (line, net) in group.Zip(InvoiceRules.Rounded(amounts)))
            {
                var (name, price) = (BillText.Clean(texts.NameOf(line)), PriceOf(line));
                if (line.EnergyWh is { } wh && price is { } perKwh && perKwh >= 0)
                {
                    lines.Add(new InvoiceLine(name, sign * wh / 1000m, "KWH", net, perKwh, category));
                }
                else if (net > 0)
                {
                    lines.Add(new InvoiceLine(name, 1, "C62", net, net, category));
                }
                else if (net < 0)
                {
                    allowances.Add(new InvoiceAllowance(false, -net, name, category));
                }
            }
        }

        return (lines, allowances);
    }

    private static List<InvoiceTax> Taxes(List<InvoiceLine> lines, List<InvoiceAllowance> allowances) =>
        [
            .. lines.Select(l => (l.Category, l.Net)).Concat(allowances.Select(a => (a.Category, Net: -a.Amount))).GroupBy(p => p.Category)
                .Select(g => (Category: g.Key, Net: g.Sum(p => p.Net)))
                .Select(g => new InvoiceTax(g.Category, g.Net, InvoiceRules.TaxOf(g.Net, g.Category.Percent ?? 0)))];

    private static InvoiceTotals Totals(BillDocument bill, List<InvoiceLine> lines, List<InvoiceAllowance> allowances, List<InvoiceTax> taxes, int sign)
    {
        var (net, allowed, tax) = (lines.Sum(l => l.Net), allowances.Sum(a => a.Amount), taxes.Sum(t => t.Tax));
        var total = sign * Units(bill.Total);

        // A statement is paid from the balance; what was paid ahead of a bill is not asked for.
        var unit = Unit(Currencies.DigitsOf(bill.Currency) ?? DigitsMax);
        var payable = sign < 0 ? total : bill.Due is null ? 0 : Math.Ceiling(Units(bill.Open ?? bill.Total) / unit) * unit;
        return new InvoiceTotals(net, allowed, 0, net - allowed, tax, net - allowed + tax, total - payable, total - (net - allowed + tax), payable);
    }

    private static InvoiceCategory CategoryOf(int basisPoints, BillOptions options) => basisPoints > 0
        ? new InvoiceCategory("S", basisPoints / 100m, null)
        : new InvoiceCategory(options.ZeroTaxCategory, options.ZeroTaxCategory == "O" ? null : 0,
            options.ZeroTaxCategory == "Z" ? null : BillText.Clean(options.ExemptionReason));

    /// <param name="isOutside">Not subject to VAT: then no VAT number may be given (BR-O-02).</param>
    private static InvoiceSeller Seller(BillOptions options, BillParty party, bool isOutside)
    {
        var s = options.Seller;
        return new InvoiceSeller(
            s.Name, Given(s.Street), Given(s.City), Given(s.PostalCode), s.Country, isOutside ? null : Given(s.VatId),
            Given(s.RegistrationId), s.Endpoint.Length > 0 ? (s.EndpointScheme, s.Endpoint) : null, Given(party.Supplier), Given(party.Phone), Given(s.Email),
            Given(s.Iban));
    }

    /// <summary>What the bill asks for in all, which is more than its charges where something else is owed.</summary>
    private static string Note(BillDocument bill, BillParty party)
    {
        var t = BillTexts.Of(party.Language);
        return $"{t["toPay"]}: {BillMoney.Round(bill.Currency, bill.ToPay)} {bill.Currency}. {t["arrears"]}: {BillMoney.Round(bill.Currency, bill.Arrears)}. "
            + $"{t["debits"]}: {BillMoney.Round(bill.Currency, bill.Debits)}. {t["fees"]}: {BillMoney.Round(bill.Currency, bill.LateFees)}.";
    }

    private static string? Given(string text) => string.IsNullOrWhiteSpace(text) ? null : BillText.Clean(text);

    private static (string Scheme, string Id)? Address(string? endpoint) => endpoint is null ? null : (endpoint[..endpoint.IndexOf(':')],
        endpoint[(endpoint.IndexOf(':') + 1)..]);

    private static decimal? PriceOf(BillLine line) => line.PricePerKwh is { } price ? decimal.Parse(price, CultureInfo.InvariantCulture) : null;

    private static decimal Units(string money) => (decimal)BillMoney.Parse(money).Nano / Money.NanoPerUnit;

    private static decimal Unit(int digits) => digits == 0 ? 1 : digits == 1 ? 0.1m : 0.01m;

    [GeneratedRegex("^([0-9]{4}|[A-Z]{2}):[!-~]{1,64}$")]
    private static partial Regex Endpoint();
}
