namespace AccountGrid.Client;

/// <summary>Balances of many accounts.</summary>
/// <param name="Data">Those that there are.</param>
/// <param name="Unknown">Ids that are not registered.</param>
public sealed record ListedBalances(IReadOnlyList<BalanceOfAccount> Data, IReadOnlyList<string> Unknown);
