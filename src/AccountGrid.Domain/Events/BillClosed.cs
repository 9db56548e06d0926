namespace AccountGrid.Domain.Events;

/// <param name="DueDay">Last day on which it is paid in time; 0 where nothing is to be paid (a prepaid account's statement).</param>
/// <param name="AmountNano">Charges of the period; below zero where corrections are more.</param>
/// <param name="UnpaidNano">Unpaid of all that was asked for, this bill's included, nano.</param>
/// <param name="DebitsNano">Debits since the last bill that this one asks for, nano.</param>
/// <param name="IsFinal">The account is closed, and nothing is left for a later bill.</param>
public sealed record BillClosed(
    string Id, int FromDay, int ToDay, int DueDay, long AmountNano, long UnpaidNano, string Policy, long DebitsNano = 0, bool IsFinal = false) : AccountEvent;
