namespace AccountGrid.Domain.Commands;

/// <param name="LastDay">Last local day of the account, as a day number: from the day on which its last meter left, to today.</param>
public sealed record CloseAccount(int Account, int LastDay, string? Reason) : AccountCommand(Account);
