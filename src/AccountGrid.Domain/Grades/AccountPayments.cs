using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Figures;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Domain.Grades;

/// <summary>What the grid's tables say of an account's payments: the source of a customer's <see cref="PaymentHistory"/>.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="FromDay">The day from which on the account is this customer's, where it was another's before; else 0.</param>
/// <param name="Moves">All changes of its items, in any order.</param>
/// <param name="Events">Its events of <see cref="PaymentHistories.EventTypes"/>, in order.</param>
/// <param name="Negative">Months with days at whose end a prepaid balance was below zero.</param>
/// <param name="Use">Energy of whole calendar months that were billed.</param>
public sealed record AccountPayments(
    int Number,
    string Currency,
    int FromDay,
    IReadOnlyList<ItemMoveEffect> Moves,
    IReadOnlyList<DatedEvent> Events,
    IReadOnlyList<NegativeMonth> Negative,
    IReadOnlyList<MonthUse> Use);
