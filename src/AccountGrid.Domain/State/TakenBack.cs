namespace AccountGrid.Domain.State;

/// <summary>What taking a credit back came to.</summary>
/// <param name="DebtNano">What it had recovered of a debt, nano.</param>
/// <param name="ItemsNano">What of it had paid items, nano.</param>
public readonly record struct TakenBack(long DebtNano, long ItemsNano);
