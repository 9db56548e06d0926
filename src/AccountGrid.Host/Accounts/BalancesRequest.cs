namespace AccountGrid.Host.Accounts;

/// <param name="Accounts">Ids, at most 2,000.</param>
public sealed record BalancesRequest(IReadOnlyList<string> Accounts);
