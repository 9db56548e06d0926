namespace AccountGrid.Domain.Figures;

/// <summary>What a payment paid, in nano: of what bills had asked for, and of the arrears of the year's beginning.</summary>
public readonly record struct CountedPayment(long Position, long AskedNano, long OldNano);
