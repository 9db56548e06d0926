namespace AccountGrid.Domain.Partitions;

/// <param name="DueMs">When the account is looked at next, UTC ms; null takes its row away.</param>
public sealed record DueEffect(int Account, string Kind, long? DueMs);
