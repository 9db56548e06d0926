namespace AccountGrid.Domain.Customers;

/// <summary>A calendar month of one prepaid account, and the number of its days, 0 to 31, at whose end the balance was negative.</summary>
public readonly record struct PrepaidMonth(MonthNumber Month, int NegativeDays);
