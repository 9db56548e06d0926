namespace AccountGrid.Domain.State;

/// <summary>What became of one payment or credit adjustment: parts, what is left and what went to a debt sum to it, less what was taken back.</summary>
/// <param name="position">Position of its record.</param>
/// <param name="day">Local day on which it came.</param>
public sealed class ItemCredit(long position, int day)
{
    public long Position { get; } = position;

    public int Day { get; } = day;

    /// <summary>Credit in advance of it that no item has used yet.</summary>
    public Money Left { get; set; }

    /// <summary>What of it went to a debt agreement.</summary>
    public Money Debt { get; set; }

    public List<ItemPart> Parts { get; } = [];

    /// <summary>What it paid of an item, at most so much, is unused again.</summary>
    /// <returns>How much.</returns>
    public Money Free(int item, Money most)
    {
        var freed = Money.Zero;
        for (var i = Parts.Count - 1; i >= 0 && freed < most; i--)
        {
            if (Parts[i].Item == item)
            {
                var part = Money.Min(most - freed, Parts[i].Amount);
                Parts[i] = Parts[i] with { Amount = Parts[i].Amount - part };
                freed += part;
            }
        }

        Parts.RemoveAll(p => p.Amount == Money.Zero);
        Left += freed;
        return freed;
    }
}
