namespace AccountGrid.Host.Billing;

/// <summary>The company as its invoices name it. What is empty is left out of a bill's page, and an e-invoice that needs it is refused.</summary>
public sealed class SellerOptions
{
    /// <summary>Registered name. Needed by e-invoices (BT-27).</summary>
    public string Name { get; set; } = "";

    /// <summary>Street and number.</summary>
    public string Street { get; set; } = "";

    /// <summary>City.</summary>
    public string City { get; set; } = "";

    /// <summary>Postal code.</summary>
    public string PostalCode { get; set; } = "";

    /// <summary>Country, ISO 3166-1, two capital letters. Needed by e-invoices (BT-40).</summary>
    public string Country { get; set; } = "";

    /// <summary>VAT identifier with the letters of its country, such as DE123456789. Needed by e-invoices but for the tax category O (BT-31).</summary>
    public string VatId { get; set; } = "";

    /// <summary>Number in the register of companies (BT-30).</summary>
    public string RegistrationId { get; set; } = "";

    /// <summary>Electronic address (BT-34). Needed, with its scheme, by invoices that name Peppol.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Scheme of the electronic address, a code of the EAS list such as 0088 or 9930.</summary>
    public string EndpointScheme { get; set; } = "";

    /// <summary>E-mail address for questions.</summary>
    public string Email { get; set; } = "";

    /// <summary>Account to which bills are paid, an IBAN without blanks (BT-84).</summary>
    public string Iban { get; set; } = "";
}
