namespace AccountGrid.Host.Billing;

/// <summary>One debit that was unpaid when a bill was closed.</summary>
/// <param name="Kind">opening, bill, debit, recovery, refund or reversal.</param>
/// <param name="Due">Day by which an earlier bill asked for it; null where this bill does.</param>
/// <param name="DaysLate">Days from the due day to the bill's closing; 0 or less is not late; null where this bill asks for it.</param>
/// <param name="Reason">As the ledger has it; null where it has none.</param>
public sealed record BillOwed(string Kind, string? Due, int? DaysLate, string Amount, string? Reason);
