namespace AccountGrid.Host.Billing.Invoices;

/// <summary>VAT of one category and rate (BG-23).</summary>
internal sealed record InvoiceTax(InvoiceCategory Category, decimal Taxable, decimal Tax);
