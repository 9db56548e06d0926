namespace AccountGrid.Host.Accounts;

/// <param name="Position">The amount is the fold of all records before this position of the account's partition.</param>
/// <param name="ChargedWh">Energy charged so far, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
public sealed record ListedBalance(string Account, string Amount, long Position, long ChargedWh, long HeldWh);
