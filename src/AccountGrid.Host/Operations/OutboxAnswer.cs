namespace AccountGrid.Host.Operations;

/// <summary>Messages that could be sent and wait; those about prices are left out.</summary>
/// <param name="Waiting">How many; counted up to <paramref name="CountedTo"/> only.</param>
/// <param name="CountedTo">Where the count stops.</param>
/// <param name="OldestDueAt">Since when the one that waits longest could be sent; null where none waits.</param>
public sealed record OutboxAnswer(long Waiting, int CountedTo, DateTimeOffset? OldestDueAt);
