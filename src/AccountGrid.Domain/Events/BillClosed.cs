namespace AccountGrid.Domain.Events;

/// <param name="DueDay">Last day on which it is paid in time; 0 where nothing is to be paid (a prepaid account's statement).</param>
/// <param name="Amount">Charges of the period; below zero where corrections are more.</param>
/// <param name="Unpaid">Unpaid of all that was asked for, this bill's included.</param>
/// <param name="Debits">Debits since the last bill that this one asks for.</param>
/// <param name="IsFinal">The account is closed, and nothing is left for a later bill.</param>
public sealed record BillClosed(
    string Id, int FromDay, int ToDay, int DueDay, Money Amount, Money Unpaid, string Policy, Money Debits = default, bool IsFinal = false) : AccountEvent;
