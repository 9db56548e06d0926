using AccountGrid.Domain.Policies;

namespace AccountGrid.Domain.State;

/// <summary>
/// What an account owes item by item, and what paid it. Every debit is an item; every credit pays items in the pack's <see cref="AllocationOrder"/> at once,
/// and what is left is credit in advance, which pays later items, oldest credit first. What a credit paid is kept with it while it can be taken back, so that
/// taking it back opens exactly those items again, with their due days and fees. Always: advance less open items is what credits exceed debits by.
/// A prepaid account has no items: its advance is one signed amount.
/// </summary>
public sealed class ItemBook
{
    private List<ItemMove>? _moves;

    public List<OpenItem> Items { get; } = [];

    /// <summary>Payments and credit adjustments that can be taken back and paid items, recovered debt or are unused, rising by position.</summary>
    public List<ItemCredit> Credits { get; } = [];

    /// <summary>Credit that no item has used, nano. Below zero only on a prepaid account.</summary>
    public long AdvanceNano { get; set; }

    public int LastNumber { get; set; }

    /// <summary>Unpaid late fees, nano.</summary>
    public long FeesNano => Open(i => i.Kind == ItemKind.Fee);

    /// <summary>Unpaid of what was asked for, late fees left out, nano.</summary>
    public long AskedNano => Open(i => i.IsAsked);

    /// <summary>Unpaid of what was asked for and is due by a local day, late fees left out, nano.</summary>
    public long DueNano(int byDay) => Open(i => i.IsAsked && i.DueDay <= byDay);

    /// <summary>Unpaid of what no bill has asked for yet, late fees left out, nano.</summary>
    public long UnaskedNano => Open(i => i.Kind != ItemKind.Fee && i.DueDay == 0);

    /// <summary>Advance less everything that is open, nano: what credits exceed items by.</summary>
    public long NetNano => checked(AdvanceNano - Open(_ => true));

    /// <summary>Items that were asked for and are not paid, oldest due day first.</summary>
    public IEnumerable<OpenItem> Asked => Items.Where(i => i.IsAsked && i.OpenNano > 0).OrderBy(i => i.DueDay).ThenBy(i => i.Number);

    /// <summary>
    /// Takes what has changed since it was last taken, in its order. Between two records there is nothing: it is no state, and takes no memory.
    /// </summary>
    public IReadOnlyList<ItemMove> TakeMoves()
    {
        IReadOnlyList<ItemMove> moves = _moves ?? [];
        _moves = null;
        return moves;
    }

    /// <summary>Adds a debit and pays it from what is in advance.</summary>
    /// <param name="dueDay">0: the next bill asks for it.</param>
    public void Charge(ItemKind kind, long nano, int dueDay, AllocationOrder order, long position = 0, int reference = 0)
    {
        Items.Add(new OpenItem(++LastNumber, kind, position, nano, nano, dueDay, Reference: reference));
        NoteAsked(Items[^1]);
        Allocate(order);
    }

    /// <summary>Adds to the item of a kind that nobody has asked for yet, or begins one: fees and debt that falls due day by day.</summary>
    public void Grow(ItemKind kind, long nano, AllocationOrder order)
    {
        var index = Items.FindIndex(i => i.Kind == kind && i.DueDay == 0 && i.Position == 0);
        if (index < 0)
        {
            Charge(kind, nano, 0, order);
            return;
        }

        Items[index] = Items[index] with { AmountNano = checked(Items[index].AmountNano + nano), OpenNano = checked(Items[index].OpenNano + nano) };
        Allocate(order);
    }

    /// <summary>A credit that can be taken back by its position.</summary>
    public void Credit(long position, int day, long nano, long debtNano, AllocationOrder order)
    {
        Credits.Add(new ItemCredit(position, day) { LeftNano = nano, DebtNano = debtNano });
        AdvanceNano = checked(AdvanceNano + nano);
        Allocate(order);
    }

    /// <summary>A credit that is never taken back: compensation, write-off, a bill that is a credit.</summary>
    public void Credit(long nano, AllocationOrder order)
    {
        AdvanceNano = checked(AdvanceNano + nano);
        Allocate(order);
    }

    /// <summary>
    /// A debit was wrong, whole or in part: what of it is open goes, and what credits had paid of it is theirs again, the latest first, to pay what else is
    /// open. So a payment that bounces later opens what it paid then, and not the debit that was wrong. What paid it is not known of is credit in advance.
    /// </summary>
    public void Correct(long position, long nano, AllocationOrder order)
    {
        if (Items.FindIndex(i => i.Kind == ItemKind.Debit && i.Position == position) is var index and >= 0)
        {
            var item = Items[index];
            var open = Math.Min(nano, item.OpenNano);
            Items[index] = item with { OpenNano = item.OpenNano - open };
            Note(item.Number, null, open);
            nano -= open;
            for (var i = Credits.Count - 1; i >= 0 && nano > 0; i--)
            {
                var freed = Credits[i].Free(item.Number, nano);
                Note(item.Number, Credits[i], -freed);
                Note(item.Number, null, freed);
                (nano, AdvanceNano) = (nano - freed, checked(AdvanceNano + freed));
            }
        }

        Credit(nano, order);
    }

    /// <summary>A credit for certain items only; what they do not take is in advance.</summary>
    public void CreditTo(Predicate<OpenItem> items, long nano, AllocationOrder order)
    {
        for (var i = 0; i < Items.Count && nano > 0; i++)
        {
            if (items(Items[i]) && Items[i].OpenNano > 0)
            {
                var part = Math.Min(nano, Items[i].OpenNano);
                Items[i] = Items[i] with { OpenNano = Items[i].OpenNano - part };
                Note(Items[i].Number, null, part);
                nano -= part;
            }
        }

        Credit(nano, order);
    }

    /// <summary>What of a credit went to debt, by its agreement or as a part that had fallen due, and what paid late fees.</summary>
    /// <param name="share">What the agreement took of it.</param>
    public (Money Debt, Money Fees) PaidBy(long position, Money share)
    {
        var parts = Credits.Find(c => c.Position == position)?.Parts ?? [];
        long Of(ItemKind kind) => parts.Where(p => Items.Exists(i => i.Number == p.Item && i.Kind == kind)).Sum(p => p.Nano);
        return (share + new Money(Of(ItemKind.Recovery)), new Money(Of(ItemKind.Fee)));
    }

    /// <summary>
    /// Takes a credit back, or a part of it: what of it is unused, then what it paid, latest part first, then what it recovered of a debt. The whole of it
    /// leaves every item as it was before. What it is not known to have paid is taken from older credit in advance, and else becomes an item of its own.
    /// </summary>
    public TakenBack TakeBack(long position, long nano, AllocationOrder order)
    {
        var (debt, opened) = (0L, 0L);
        if (Credits.Find(c => c.Position == position) is { } credit)
        {
            var unused = Math.Min(nano, credit.LeftNano);
            (credit.LeftNano, AdvanceNano, nano) = (credit.LeftNano - unused, AdvanceNano - unused, nano - unused);
            while (nano > 0 && credit.Parts.Count > 0)
            {
                var part = Math.Min(nano, credit.Parts[^1].Nano);
                Note(credit.Parts[^1].Item, credit, -part);
                Reopen(credit.Parts[^1].Item, part, position);
                credit.Parts[^1] = credit.Parts[^1] with { Nano = credit.Parts[^1].Nano - part };
                credit.Parts.RemoveAll(p => p.Nano == 0);
                (nano, opened) = (nano - part, opened + part);
            }

            debt = Math.Min(nano, credit.DebtNano);
            (credit.DebtNano, nano) = (credit.DebtNano - debt, nano - debt);
            Credits.RemoveAll(c => c is { LeftNano: 0, DebtNano: 0, Parts.Count: 0 });
        }

        var older = Math.Clamp(AdvanceNano - Credits.Sum(c => c.LeftNano), 0, nano);
        AdvanceNano -= older;
        if (nano > older)
        {
            Charge(ItemKind.Reversal, nano - older, 0, order, position);
        }

        Allocate(order);
        return new TakenBack(debt, opened);
    }

    /// <summary>What no bill has asked for is asked for now, by a due day. Late fees have none.</summary>
    public void Ask(int dueDay)
    {
        for (var i = 0; i < Items.Count; i++)
        {
            if (Items[i].Kind != ItemKind.Fee && Items[i].DueDay == 0)
            {
                Items[i] = Items[i] with { DueDay = dueDay };
                NoteAsked(Items[i]);
            }
        }
    }

    /// <summary>The account goes to prepaid: open items and credit in advance become one amount. What credits had paid is remembered.</summary>
    public void Merge()
    {
        AdvanceNano = NetNano;
        Items.ForEach(i => Note(i.Number, null, i.OpenNano));
        Items.Clear();
        Credits.ForEach(c => c.LeftNano = 0);
        Credits.RemoveAll(c => c is { DebtNano: 0, Parts.Count: 0 });
    }

    /// <summary>Forgets credits from before a day, and paid items that no credit remembers.</summary>
    public void Forget(int beforeDay)
    {
        Credits.RemoveAll(c => c.Day < beforeDay);
        Items.RemoveAll(i => i.OpenNano == 0 && !Credits.Exists(c => c.Parts.Exists(p => p.Item == i.Number)));
    }

    /// <summary>Pays open items from what is in advance, in the order's sequence, oldest credit first.</summary>
    public void Allocate(AllocationOrder order)
    {
        while (AdvanceNano > 0 && Next(order) is { } index and >= 0)
        {
            var item = Items[index];
            var older = AdvanceNano - Credits.Sum(c => c.LeftNano);
            var credit = older > 0 ? null : Credits.Find(c => c.LeftNano > 0);
            var part = Math.Min(item.OpenNano, credit?.LeftNano ?? older);
            Invariant.Holds(part > 0, $"Credit in advance of {AdvanceNano} nano belongs to no credit.");
            Items[index] = item with { OpenNano = item.OpenNano - part };
            AdvanceNano -= part;
            Note(item.Number, credit, part);
            if (credit is not null)
            {
                credit.LeftNano -= part;
                credit.Parts.Add(new ItemPart(item.Number, part));
            }
        }
    }

    private void Note(int item, ItemCredit? credit, long nano)
    {
        if (nano != 0 && !Faults.Sabotage.ForgetParts)
        {
            (_moves ??= []).Add(new ItemMove(item, credit?.Position ?? 0, credit?.Day ?? 0, 0, nano));
        }
    }

    private void NoteAsked(in OpenItem item)
    {
        if (item.IsAsked)
        {
            (_moves ??= []).Add(new ItemMove(item.Number, ItemMove.Asked, 0, item.DueDay, item.AmountNano));
        }
    }

    private int Next(AllocationOrder order)
    {
        var best = -1;
        for (var i = 0; i < Items.Count; i++)
        {
            if (Items[i].OpenNano > 0 && (best < 0 || KeyOf(Items[i], order).CompareTo(KeyOf(Items[best], order)) < 0))
            {
                best = i;
            }
        }

        return best;
    }

    private static (int Group, int DueDay, int Number) KeyOf(in OpenItem item, AllocationOrder order)
    {
        var group = item.Kind == ItemKind.Fee ? (order == AllocationOrder.FeesFirst ? 0 : 2) : item.DueDay != 0 ? 1 : 3;
        return (group, item.DueDay, item.Number);
    }

    private void Reopen(int number, long nano, long position)
    {
        var index = Items.FindIndex(i => i.Number == number);
        if (index >= 0)
        {
            Items[index] = Items[index] with { OpenNano = checked(Items[index].OpenNano + nano) };
        }
        else
        {
            // The item itself is known no more: what is open again is another.
            Note(number, null, nano);
            Items.Add(new OpenItem(++LastNumber, ItemKind.Reversal, position, nano, nano, 0));
        }
    }

    private long Open(Predicate<OpenItem> of)
    {
        var sum = 0L;
        foreach (var item in Items)
        {
            sum = checked(sum + (of(item) ? item.OpenNano : 0));
        }

        return sum;
    }
}
