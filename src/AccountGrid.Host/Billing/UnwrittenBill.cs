using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Billing;

/// <summary>A closed bill without its document.</summary>
/// <param name="Position">Position of the record that closed it.</param>
internal sealed record UnwrittenBill(int Partition, string Id, int Account, string AccountId, long Position, long CreatedMs, BillFacts Facts);
