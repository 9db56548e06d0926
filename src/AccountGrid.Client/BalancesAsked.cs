namespace AccountGrid.Client;

internal sealed record BalancesAsked(IReadOnlyList<string> Accounts);
