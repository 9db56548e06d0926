namespace AccountGrid.Host.Billing.Invoices;

/// <summary>An allowance or charge on the level of the document (BG-20, BG-21).</summary>
/// <param name="Amount">Above zero.</param>
internal sealed record InvoiceAllowance(bool IsCharge, decimal Amount, string Reason, InvoiceCategory Category);
