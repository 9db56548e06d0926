namespace AccountGrid.Domain.Figures;

/// <summary>Days of a calendar month at whose end a prepaid balance was below zero by the ledger.</summary>
/// <param name="FirstDay">The month's first day, a day number.</param>
public readonly record struct NegativeMonth(int FirstDay, int Days);
