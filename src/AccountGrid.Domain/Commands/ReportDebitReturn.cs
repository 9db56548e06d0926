namespace AccountGrid.Domain.Commands;

/// <summary>
/// The bank did not pay a collection, or took its money back. Nothing is booked by this: a payment that was booked is taken back by a reversal.
/// </summary>
/// <param name="Item">Id of the collection.</param>
/// <param name="Code">The bank's reason, such as AM04.</param>
/// <param name="Amount">What came back.</param>
/// <param name="DisputeDays">Days for which the payment counts as in dispute; 0 is not.</param>
public sealed record ReportDebitReturn(int Account, string Item, string Code, Money Amount, int DisputeDays) : AccountCommand(Account);
