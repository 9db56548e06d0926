namespace AccountGrid.Host.Billing.Invoices;

/// <summary>The buyer (BG-7).</summary>
/// <param name="Endpoint">Scheme and identifier of the electronic address (BT-49); null is left out.</param>
internal sealed record InvoiceBuyer(string Name, string Country, (string Scheme, string Id)? Endpoint);
