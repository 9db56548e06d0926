namespace AccountGrid.Host.Accounts;

/// <param name="Id">Partition, position and sequence: the entry's name for ever.</param>
/// <param name="Amount">Positive is credit.</param>
/// <param name="LedgerBalance">Balance of the ledger after it; open days are not in it.</param>
/// <param name="Corrects">Position of the record whose entry it corrects.</param>
public sealed record EntryAnswer(
    string Id, string Kind, string Amount, string LedgerBalance, DateTimeOffset At, string? Day, string? Corrects, string? Energy, string? Tiers,
    string? Standing, string? Tax, string? Reference, string? Levies);
