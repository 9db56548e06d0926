namespace AccountGrid.Host.Partitions;

/// <param name="Number">The grid's number of the account.</param>
/// <param name="Partition">Where it lives, for ever.</param>
public sealed record AccountAddress(int Number, int Partition, string Id);
