namespace AccountGrid.Host.Billing.Invoices;

/// <summary>
/// A bill's charges as an e-invoice, in the terms of EN 16931-1: amounts have at most two decimals. A bill that is a credit is a credit note, whose amounts are
/// positive. What earlier bills asked for, late fees and other debits are no part of it: its note names what the bill asks for in all.
/// </summary>
/// <param name="Customization">Specification identifier (BT-24).</param>
/// <param name="Profile">Business process (BT-23); null is none.</param>
/// <param name="Reference">Customer reference: buyer reference (BT-10) and remittance information (BT-83).</param>
/// <param name="Terms">Payment terms (BT-20); null where a due day says all.</param>
internal sealed record Invoice(
    bool IsCredit, string Customization, string? Profile, string Id, string Issued, string? Due, string Currency, int Digits, string Reference, string From,
    string To, string Note, string? Terms, InvoiceSeller Seller, InvoiceBuyer Buyer, IReadOnlyList<InvoiceLine> Lines,
    IReadOnlyList<InvoiceAllowance> Allowances, IReadOnlyList<InvoiceTax> Taxes, InvoiceTotals Totals);
