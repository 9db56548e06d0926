namespace AccountGrid.Host.Accounts;

/// <param name="Unknown">Asked for, but not registered.</param>
public sealed record BalancesAnswer(IReadOnlyList<ListedBalance> Data, IReadOnlyList<string> Unknown);
