namespace AccountGrid.Domain.Events;

/// <param name="Id">Name of the notice: account, rule and episode. The same crossing always has the same.</param>
public sealed record BalanceLow(string Id, long LevelNano, long BalanceNano) : AccountEvent;
