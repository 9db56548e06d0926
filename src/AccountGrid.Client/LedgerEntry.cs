namespace AccountGrid.Client;

/// <summary>A line of an account's ledger.</summary>
/// <param name="Id">Partition, position and sequence: its name for ever.</param>
/// <param name="Kind">Such as <c>payment</c>, <c>charge</c> or <c>adjustment</c>.</param>
/// <param name="Amount">Positive is credit.</param>
/// <param name="LedgerBalance">Balance of the ledger after it; open days are not in it.</param>
/// <param name="At">When it was made.</param>
/// <param name="Day">The local day that a charge is for; null for other kinds.</param>
/// <param name="Corrects">Position of the record whose entry it corrects; null is none.</param>
/// <param name="Reference">The payment channel's own id, or a person's reason; null is none.</param>
public sealed record LedgerEntry(
    string Id, string Kind, decimal Amount, decimal LedgerBalance, DateTimeOffset At, DateOnly? Day, string? Corrects, string? Reference);
