namespace AccountGrid.Contracts;

/// <summary>An account and its recent days, both at the account's position.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.AccountDays")]
public sealed record AccountDays([property: Id(0)] AccountView Account, [property: Id(1)] RecentDays Recent);
