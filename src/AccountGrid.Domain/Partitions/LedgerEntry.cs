using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>One immutable line of an account's ledger. Positive is credit. Named by (position, sequence) in its partition.</summary>
/// <param name="Balance">Balance by the ledger after this line: open days are not in it yet.</param>
/// <param name="Day">Local day that a charge is for, as a day number; 0 is none.</param>
/// <param name="CorrectsPosition">Position of the entry that a correction or reversal names; 0 is none.</param>
/// <param name="Parts">What a charge is made of.</param>
public sealed record LedgerEntry(long Position, int Sequence, int Account, EntryKind Kind, Money Amount, Money Balance, long AtMs, int Day,
    long CorrectsPosition, ChargeParts Parts, string? Reference);
