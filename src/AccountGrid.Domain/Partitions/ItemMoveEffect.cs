namespace AccountGrid.Domain.Partitions;

/// <summary>What a record changed of what has paid an item, summed by credit. Named by account, item, position and credit.</summary>
/// <param name="Credit">As of <see cref="State.ItemMove"/>.</param>
/// <param name="Day">Local day, a day number: of the credit, or of the record where there is none.</param>
/// <param name="DueDay">Where the item was asked for; else 0.</param>
public sealed record ItemMoveEffect(int Account, int Item, long Position, long Credit, int Day, int DueDay, Money Amount);
