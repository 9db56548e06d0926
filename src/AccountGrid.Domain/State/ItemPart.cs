namespace AccountGrid.Domain.State;

/// <summary>Part of a credit that paid an item.</summary>
public readonly record struct ItemPart(int Item, Money Amount);
