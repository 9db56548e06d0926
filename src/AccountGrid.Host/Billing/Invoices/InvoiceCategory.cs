namespace AccountGrid.Host.Billing.Invoices;

/// <summary>A VAT category by UNCL 5305 with its rate.</summary>
/// <param name="Percent">Rate in percent; null for the category O, which has none.</param>
/// <param name="Reason">Why there is no tax (BT-120), for E and O; null for the others.</param>
internal sealed record InvoiceCategory(string Code, decimal? Percent, string? Reason);
