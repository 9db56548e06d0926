namespace AccountGrid.Domain.State;

/// <summary>One debit beside energy that is not taken from a prepaid balance: a bill, a fee, an adjustment, a part of a debt.</summary>
/// <param name="Number">Names it within the account; rises.</param>
/// <param name="Position">Position of the record that made it; 0 where it grows day by day.</param>
/// <param name="Amount">What it asks for in all.</param>
/// <param name="Open">What of it is unpaid: 0 to <paramref name="Amount"/>.</param>
/// <param name="DueDay">Last local day on which it is paid in time; 0: no bill has asked for it yet.</param>
/// <param name="FeeAccrued">Late fee of it, summed day by day, before the minimum and before it is cut to the currency's digits.</param>
/// <param name="FeeBooked">Late fee of it in the ledger.</param>
/// <param name="Reference">Number of the bill that it is; 0 is none.</param>
public readonly record struct OpenItem(int Number, ItemKind Kind, long Position, Money Amount, Money Open, int DueDay, Money FeeAccrued = default,
    Money FeeBooked = default, int Reference = 0)
{
    /// <summary>Part of what is owed for energy and its like, asked for by a bill: it can be overdue.</summary>
    public bool IsAsked => Kind != ItemKind.Fee && DueDay != 0;
}
