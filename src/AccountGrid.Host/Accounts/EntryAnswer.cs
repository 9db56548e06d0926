namespace AccountGrid.Host.Accounts;

/// <param name="Id">Partition, position and sequence: the entry's name for ever.</param>
/// <param name="Amount">Positive is credit.</param>
/// <param name="LedgerBalance">Balance of the ledger after it; open days are not in it.</param>
/// <param name="Corrects">Position of the record whose entry it corrects.</param>
/// <param name="Export">What exported energy changed of a charge, below zero where it is a credit; absent where it changed nothing.</param>
/// <param name="Capacity">Charge for capacity or demand; absent where there is none.</param>
/// <param name="PowerFactor">What the power factor adds, below zero where it takes off; absent where it changes nothing.</param>
public sealed record EntryAnswer(
    string Id, string Kind, string Amount, string LedgerBalance, DateTimeOffset At, string? Day, string? Corrects, string? Energy, string? Tiers,
    string? Standing, string? Tax, string? Reference, string? Levies, string? Export = null, string? Capacity = null,
    string? PowerFactor = null);
