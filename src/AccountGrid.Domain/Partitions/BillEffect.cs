namespace AccountGrid.Domain.Partitions;

/// <param name="Id">Account and period.</param>
public sealed record BillEffect(string Id, int Account, long Position, long AtMs, BillFacts Facts);
