namespace AccountGrid.Domain.State;

/// <summary>What taking a credit back comes to.</summary>
/// <param name="Debt">What it had recovered of a debt.</param>
/// <param name="Items">What of it had paid items.</param>
public readonly record struct TakenBack(Money Debt, Money Items);
