namespace AccountGrid.Domain.State;

/// <param name="Day">Local day by which it is to be paid.</param>
public readonly record struct Instalment(int Day, Money Amount);
