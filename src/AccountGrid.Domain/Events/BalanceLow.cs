namespace AccountGrid.Domain.Events;

/// <param name="Id">Name of the notice: account, rule and episode. The same crossing always has the same.</param>
public sealed record BalanceLow(string Id, Money Level, Money Balance) : AccountEvent;
