using AccountGrid.Domain.Partitions;

namespace AccountGrid.Domain.Billing;

/// <param name="Amount">Sum of the entries of a kind, credit positive.</param>
public sealed record LedgerMovement(EntryKind Kind, WideMoney Amount);
