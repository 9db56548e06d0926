namespace AccountGrid.Domain.State;

/// <summary>One change of what an item asks for or of what has paid it, as it is noted for whoever looks at payments later. No part of the state.</summary>
/// <param name="Item">Number of the item within its account.</param>
/// <param name="Credit">Position of the credit that paid; 0 where no credit that is kept did; <see cref="Asked"/> where the item was asked for.</param>
/// <param name="Day">Local day on which the credit came; 0 is the day of the record.</param>
/// <param name="DueDay">Local due day where the item was asked for; else 0.</param>
/// <param name="Amount">Where it was asked for, what the item asks for in all; else what was paid of it, below zero where that is open again.</param>
public readonly record struct ItemMove(int Item, long Credit, int Day, int DueDay, Money Amount)
{
    /// <summary>Stands for the position of a credit where an item was asked for.</summary>
    public const long Asked = -1;
}
