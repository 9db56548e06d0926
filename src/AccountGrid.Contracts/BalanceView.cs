namespace AccountGrid.Contracts;

/// <summary>A balance in a list of many.</summary>
/// <param name="Account">The grid's number of the account.</param>
/// <param name="Position">The balance is the fold of all records before this position of its partition.</param>
/// <param name="ChargedWh">Energy charged so far, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.BalanceView")]
public readonly record struct BalanceView([property: Id(0)] int Account, [property: Id(1)] long BalanceNano, [property: Id(2)] long Position,
    [property: Id(3)] long ChargedWh, [property: Id(4)] long HeldWh);
