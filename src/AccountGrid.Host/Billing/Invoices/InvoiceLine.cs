namespace AccountGrid.Host.Billing.Invoices;

/// <summary>An invoice line (BG-25).</summary>
/// <param name="Quantity">BT-129; below zero where the line is a deduction.</param>
/// <param name="Unit">Code of UN/ECE recommendation 20: KWH, or C62 for one.</param>
/// <param name="Net">BT-131.</param>
/// <param name="Price">Net price of one unit, BT-146; never below zero.</param>
internal sealed record InvoiceLine(string Name, decimal Quantity, string Unit, decimal Net, decimal Price, InvoiceCategory Category);
