namespace AccountGrid.Host.Billing.Invoices;

/// <summary>Document totals (BG-22): BT-106 to BT-115 in their order.</summary>
internal sealed record InvoiceTotals(
    decimal Lines, decimal Allowances, decimal Charges, decimal TaxExclusive, decimal Tax, decimal TaxInclusive, decimal Prepaid, decimal Rounding,
    decimal Payable);
