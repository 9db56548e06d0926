namespace AccountGrid.Domain.Events;

/// <param name="LastDay">Last local day of the account: standing charges are taken through it.</param>
public sealed record AccountClosed(int LastDay, string? Reason) : AccountEvent;
