namespace AccountGrid.Client;

/// <summary>A balance in a list of many.</summary>
/// <param name="Account">Id of the account.</param>
/// <param name="Amount">In the account's currency.</param>
/// <param name="Position">The amount is the fold of all records before this position of the account's partition.</param>
/// <param name="ChargedWh">Energy charged so far, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
public sealed record BalanceOfAccount(string Account, decimal Amount, long Position, long ChargedWh, long HeldWh);
