namespace AccountGrid.Host.Billing.Invoices;

/// <summary>The seller (BG-4). What is null is left out.</summary>
/// <param name="Endpoint">Scheme and identifier of the electronic address (BT-34).</param>
internal sealed record InvoiceSeller(
    string Name, string? Street, string? City, string? PostalCode, string Country, string? VatId, string? RegistrationId, (string Scheme, string Id)? Endpoint,
    string? Contact, string? Phone, string? Email, string? Iban);
