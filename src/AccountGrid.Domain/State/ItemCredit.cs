namespace AccountGrid.Domain.State;

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
