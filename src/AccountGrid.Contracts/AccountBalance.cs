namespace AccountGrid.Contracts;

/// <summary>The balance of an account in a list of many.</summary>
/// <param name="Balance">In the account's currency.</param>
/// <param name="Position">The balance is the fold of all records before this position of the account's partition.</param>
/// <param name="ChargedWh">Energy charged so far, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.AccountBalance.v1")]
public sealed record AccountBalance(
    [property: Id(0)] string Account,
    [property: Id(1)] decimal Balance,
    [property: Id(2)] long Position,
    [property: Id(3)] long ChargedWh,
    [property: Id(4)] long HeldWh);
