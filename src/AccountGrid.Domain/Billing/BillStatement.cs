using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>What the ledger says of one bill.</summary>
/// <param name="Moved">
/// All entries since the bill before, summed by kind: what the balance has changed by. Charges of days after the bill's can be among them.
/// </param>
/// <param name="Credits">What <see cref="BillFacts.Payments"/> is the sum of.</param>
/// <param name="OwnCorrections">What the charges of the bill's own days changed by before it was closed: part of <see cref="BillFacts.Corrections"/>.</param>
/// <param name="Corrections">Changes of days before the bill's: the other part.</param>
public sealed record BillStatement(
    IReadOnlyList<LedgerMovement> Moved, IReadOnlyList<LedgerEntry> Credits, ChargeParts OwnCorrections, IReadOnlyList<LedgerEntry> Corrections);
