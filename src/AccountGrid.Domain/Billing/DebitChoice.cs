namespace AccountGrid.Domain.Billing;

/// <param name="AmountNano">What is collected, nano; 0 where nothing is.</param>
/// <param name="Why">Why nothing is collected; null where something is.</param>
public readonly record struct DebitChoice(long AmountNano, RefusalCode? Why);
