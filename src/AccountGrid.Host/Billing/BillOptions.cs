using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Billing;

/// <summary>Bills and e-invoices; section <c>Billing</c> of the configuration. Who signs, whom to call and how to pay are those of <c>Notices</c>.</summary>
public sealed partial class BillOptions
{
    /// <summary>Longest text of a code, characters: what fits with room for the values, and a camera still reads.</summary>
    private const int CodeMax = 300;

    /// <summary>
    /// What the QR code of a bill says: a text with {reference} (the customer reference), {bill}, {amount}, {currency} and {due}, each as it is, or escaped
    /// where the text is an address. Empty shows no code.
    /// </summary>
    [ShownSetting]
    public string PaymentCode { get; set; } = "{reference}";

    /// <summary>Country of the customers, ISO 3166-1, two capital letters. Needed by e-invoices (BT-55).</summary>
    [ShownSetting]
    public string BuyerCountry { get; set; } = "";

    /// <summary>Tax category of e-invoices where a tariff has no tax: Z (zero rated), E (exempt) or O (not subject to VAT).</summary>
    [AllowedValues("", "Z", "E", "O")]
    [ShownSetting]
    public string ZeroTaxCategory { get; set; } = "";

    /// <summary>Why there is no tax, for the categories E and O (BT-120).</summary>
    [ShownSetting]
    public string ExemptionReason { get; set; } = "";

    /// <summary>The company.</summary>
    public SellerOptions Seller { get; set; } = new();

    /// <summary>What is wrong with the settings; null is nothing. What is empty is not wrong.</summary>
    public string? Problem()
    {
        if (PaymentCode.Length > CodeMax)
        {
            return $"Billing__PaymentCode: it has {PaymentCode.Length} characters; at most {CodeMax} are allowed.";
        }

        if (Placeholder().Matches(PaymentCode).Select(m => m.Value).FirstOrDefault(p => !BillCode.Placeholders.Contains(p)) is { } unknown)
        {
            return $"Billing__PaymentCode: '{unknown}' is not {string.Join(", ", BillCode.Placeholders)}.";
        }

        return Wrong("BuyerCountry", BuyerCountry, Country(), "two capital letters of ISO 3166-1, such as DE")
            ?? Wrong("Seller__Country", Seller.Country, Country(), "two capital letters of ISO 3166-1, such as DE")
            ?? Wrong("Seller__VatId", Seller.VatId, Vat(), "two capital letters of a country and 2 to 13 letters or digits, such as DE123456789")
            ?? Wrong("Seller__EndpointScheme", Seller.EndpointScheme, Scheme(), "a code of the EAS list, such as 0088 or EM")
            ?? (Seller.Iban.Length == 0 || IsIban(Seller.Iban) ? null : $"Billing__Seller__Iban: '{Seller.Iban}' is not an IBAN without blanks.")
            ?? ((Seller.Endpoint.Length > 0) != (Seller.EndpointScheme.Length > 0)
                ? "Billing__Seller__Endpoint and Billing__Seller__EndpointScheme: set both, or neither." : null);
    }

    private static string? Wrong(string field, string value, Regex right, string text) =>
        value.Length == 0 || right.IsMatch(value) ? null : $"Billing__{field}: '{value}' is not {text}.";

    /// <summary>Form and check digits by ISO 13616: letters are 10 to 35, and the number with its first four signs at the end is 1 modulo 97.</summary>
    internal static bool IsIban(string text)
    {
        if (!Iban().IsMatch(text))
        {
            return false;
        }

        var rest = 0;
        foreach (var c in text[4..] + text[..4])
        {
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + (c - '0')) % 97 : ((rest * 100) + (c - 'A' + 10)) % 97;
        }

        return rest == 1;
    }

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("^[A-Z]{2}$")]
    private static partial Regex Country();

    [GeneratedRegex("^[A-Z]{2}[A-Z0-9]{2,13}$")]
    private static partial Regex Vat();

    [GeneratedRegex("^([0-9]{4}|[A-Z]{2})$")]
    private static partial Regex Scheme();

    [GeneratedRegex("^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")]
    private static partial Regex Iban();
}
