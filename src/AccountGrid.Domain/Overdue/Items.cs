namespace AccountGrid.Domain.Overdue;

/// <summary>What a customer owes an item for.</summary>
public enum ItemKind : byte
{
    /// <summary>What was owed when the account came under a pack, or when it went from prepaid to bills.</summary>
    Opening = 0,

    /// <summary>Charges of a billed period.</summary>
    Bill = 1,

    /// <summary>Late fees: they bear no fee and put no stage on the ladder.</summary>
    Fee = 2,

    /// <summary>A debit by a person's decision.</summary>
    Debit = 3,

    /// <summary>A part of a debt agreement that fell due.</summary>
    Recovery = 4,

    /// <summary>Credit that was paid out.</summary>
    Refund = 5,

    /// <summary>What a payment or credit that was taken back had paid before items were kept, or on a prepaid balance.</summary>
    Reversal = 6,
}

/// <summary>In which order a credit pays open items; the pack names it.</summary>
public enum AllocationOrder : byte
{
    /// <summary>Items that were asked for, oldest due day first; then late fees; then items that no bill has asked for yet, oldest first.</summary>
    PrincipalFirst = 0,

    /// <summary>Late fees; then items that were asked for, oldest due day first; then items that no bill has asked for yet.</summary>
    FeesFirst = 1,
}

/// <summary>One debit beside energy that is not taken from a prepaid balance: a bill, a fee, an adjustment, a part of a debt.</summary>
/// <param name="Number">Names it within the account; rises.</param>
/// <param name="Position">Position of the record that made it; 0 where it grows day by day.</param>
/// <param name="AmountNano">What it asks for in all, nano.</param>
/// <param name="OpenNano">What of it is unpaid, nano; 0 to <paramref name="AmountNano"/>.</param>
/// <param name="DueDay">Last local day on which it is paid in time; 0: no bill has asked for it yet.</param>
/// <param name="FeeDays">Late fee of it, summed day by day, before the minimum and before it is cut to the currency's digits, nano.</param>
/// <param name="FeeBooked">Late fee of it in the ledger, nano.</param>
/// <param name="Reference">Number of the bill that it is; 0 is none.</param>
public readonly record struct OpenItem(int Number, ItemKind Kind, long Position, long AmountNano, long OpenNano, int DueDay, long FeeDays = 0, long FeeBooked = 0, int Reference = 0)
{
    /// <summary>Part of what is owed for energy and its like, asked for by a bill: it can be overdue.</summary>
    public bool IsAsked => Kind != ItemKind.Fee && DueDay != 0;
}

/// <summary>Part of a credit that paid an item.</summary>
public readonly record struct ItemPart(int Item, long Nano);

/// <summary>What became of one payment or credit adjustment: parts, what is left and what went to a debt sum to it, less what was taken back.</summary>
/// <param name="position">Position of its record.</param>
/// <param name="day">Local day on which it came.</param>
public sealed class ItemCredit(long position, int day)
{
    public long Position { get; } = position;

    public int Day { get; } = day;

    /// <summary>Credit in advance of it that no item has used yet, nano.</summary>
    public long LeftNano { get; set; }

    /// <summary>What of it went to a debt agreement, nano.</summary>
    public long DebtNano { get; set; }

    public List<ItemPart> Parts { get; } = [];

    /// <summary>What it paid of an item, at most so much, is unused again.</summary>
    /// <returns>How much, nano.</returns>
    public long Free(int item, long nano)
    {
        var freed = 0L;
        for (var i = Parts.Count - 1; i >= 0 && freed < nano; i--)
        {
            if (Parts[i].Item == item)
            {
                var part = Math.Min(nano - freed, Parts[i].Nano);
                Parts[i] = Parts[i] with { Nano = Parts[i].Nano - part };
                freed += part;
            }
        }

        Parts.RemoveAll(p => p.Nano == 0);
        LeftNano = checked(LeftNano + freed);
        return freed;
    }
}

/// <summary>What taking a credit back came to.</summary>
/// <param name="DebtNano">What it had recovered of a debt, nano.</param>
/// <param name="ItemsNano">What of it had paid items, nano.</param>
public readonly record struct TakenBack(long DebtNano, long ItemsNano);
