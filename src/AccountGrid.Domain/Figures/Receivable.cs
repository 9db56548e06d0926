namespace AccountGrid.Domain.Figures;

/// <summary>What is open of one amount, and the last local day (day number) on which it is paid on time.</summary>
public readonly record struct Receivable(int DueDay, Money Open);
