namespace AccountGrid.Domain.Billing;

/// <param name="Amount">What is collected; 0 where nothing is.</param>
/// <param name="Why">Why nothing is collected; null where something is.</param>
public readonly record struct DebitChoice(Money Amount, RefusalCode? Why);
