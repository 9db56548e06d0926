using AccountGrid.Host.Database;

namespace AccountGrid.Host.Billing;

/// <summary>The company as its invoices name it. What is empty is left out of a bill's page, and an e-invoice that needs it is refused.</summary>
public sealed class SellerOptions
{
    /// <summary>Registered name. Needed by e-invoices (BT-27).</summary>
    [ShownSetting]
    public string Name { get; set; } = "";

    /// <summary>Street and number.</summary>
    [ShownSetting]
    public string Street { get; set; } = "";

    /// <summary>City.</summary>
    [ShownSetting]
    public string City { get; set; } = "";

    /// <summary>Postal code.</summary>
    [ShownSetting]
    public string PostalCode { get; set; } = "";

    /// <summary>Country, ISO 3166-1, two capital letters. Needed by e-invoices (BT-40).</summary>
    [ShownSetting]
    public string Country { get; set; } = "";

    /// <summary>VAT identifier with the letters of its country, such as DE123456789. Needed by e-invoices but for the tax category O (BT-31).</summary>
    [ShownSetting]
    public string VatId { get; set; } = "";

    /// <summary>Number in the register of companies (BT-30).</summary>
    [ShownSetting]
    public string RegistrationId { get; set; } = "";

    /// <summary>Electronic address (BT-34). Needed, with its scheme, by invoices that name Peppol.</summary>
    [ShownSetting]
    public string Endpoint { get; set; } = "";

    /// <summary>Scheme of the electronic address, a code of the EAS list such as 0088 or 9930.</summary>
    [ShownSetting]
    public string EndpointScheme { get; set; } = "";

    /// <summary>E-mail address for questions.</summary>
    [ShownSetting]
    public string Email { get; set; } = "";

    /// <summary>Account to which bills are paid, an IBAN without blanks (BT-84).</summary>
    [ShownSetting]
    public string Iban { get; set; } = "";
}
