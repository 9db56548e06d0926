namespace AccountGrid.Domain.Customers;

/// <summary>Energy that a customer's accounts used in a whole calendar month, and whether the premises were known to be vacant in it.</summary>
public readonly record struct MonthUse(MonthNumber Month, Energy Energy, bool IsVacant);
