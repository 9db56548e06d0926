namespace AccountGrid.Domain.Commands;

/// <summary>
/// Tells a customer what will be collected from its bank account, and when: the notice without which nothing may be collected. It is refused where fewer days
/// than <paramref name="NoticeDays"/> are left, however long the command was under way.
/// </summary>
/// <param name="Item">Id of the collection.</param>
/// <param name="Mandate">Id of the mandate under which it is collected.</param>
/// <param name="DueDay">Local due day of what is collected.</param>
/// <param name="Amount">The most that will be collected; more than zero.</param>
/// <param name="Day">Local day of the collection.</param>
/// <param name="NoticeDays">Calendar days that must lie between the notice and the collection.</param>
public sealed record AnnounceDebit(int Account, string Item, string Mandate, int DueDay, Money Amount, int Day, int NoticeDays) : AccountCommand(Account);
