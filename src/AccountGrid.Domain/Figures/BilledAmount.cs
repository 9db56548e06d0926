namespace AccountGrid.Domain.Figures;

/// <summary>A bill that asked for money: its due day (day number) and amount, nano.</summary>
public readonly record struct BilledAmount(int DueDay, long Nano);
