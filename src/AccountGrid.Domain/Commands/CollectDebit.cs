namespace AccountGrid.Domain.Commands;

/// <summary>Claims what is to be collected, and holds the account as having a payment under way until the bank's answer can be expected.</summary>
/// <param name="Item">Id of the collection.</param>
/// <param name="DueDay">Due day of what is collected.</param>
/// <param name="Amount">What is collected; at most what is unpaid of that due day.</param>
/// <param name="ThroughDay">Last local day on which the bank's answer is waited for; at most <see cref="Billing.DebitRules.WaitDaysMax"/> days ahead.</param>
public sealed record CollectDebit(int Account, string Item, int DueDay, Money Amount, int ThroughDay) : AccountCommand(Account);
