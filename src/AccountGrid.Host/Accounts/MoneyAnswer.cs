namespace AccountGrid.Host.Accounts;

/// <summary>What a money command came to. Repeating it under its key answers this again.</summary>
/// <param name="Id">Names the record in its partition's log: partition and position.</param>
/// <param name="Amount">What it moved: positive is credit. A reversal answers the bounced payment's amount, negative.</param>
/// <param name="Position">The balance is the fold up to and including this position.</param>
public sealed record MoneyAnswer(string Id, string Amount, string Currency, string Balance, long Position);
