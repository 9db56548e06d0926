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

    /// <summary>Credit that no item has used. Below zero only on a prepaid account.</summary>
    public Money Advance { get; set; }

    public int LastNumber { get; set; }

    /// <summary>Unpaid late fees.</summary>
    public Money Fees => Open(i => i.Kind == ItemKind.Fee);

    /// <summary>Unpaid of what was asked for, late fees left out.</summary>
    public Money Unpaid => Open(i => i.IsAsked);

    /// <summary>Unpaid of what was asked for and is due by a local day, late fees left out.</summary>
    public Money Due(int byDay) => Open(i => i.IsAsked && i.DueDay <= byDay);

    /// <summary>Unpaid of what no bill has asked for yet, late fees left out.</summary>
    public Money Unasked => Open(i => i.Kind != ItemKind.Fee && i.DueDay == 0);

    /// <summary>Advance less everything that is open: what credits exceed items by.</summary>
    public Money Net => Advance - Open(_ => true);

    /// <summary>Items that were asked for and are not paid, oldest due day first.</summary>
    public IEnumerable<OpenItem> Asked => Items.Where(i => i.IsAsked && i.Open > Money.Zero).OrderBy(i => i.DueDay).ThenBy(i => i.Number);

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
    public void Charge(ItemKind kind, Money amount, int dueDay, AllocationOrder order, long position = 0, int reference = 0)
    {
        Items.Add(new OpenItem(++LastNumber, kind, position, amount, amount, dueDay, Reference: reference));
        NoteAsked(Items[^1]);
        Allocate(order);
    }

    /// <summary>Adds to the item of a kind that nobody has asked for yet, or begins one: fees and debt that falls due day by day.</summary>
    public void Grow(ItemKind kind, Money amount, AllocationOrder order)
    {
        var index = Items.FindIndex(i => i.Kind == kind && i.DueDay == 0 && i.Position == 0);
        if (index < 0)
        {
            Charge(kind, amount, 0, order);
            return;
        }

        Items[index] = Items[index] with { Amount = Items[index].Amount + amount, Open = Items[index].Open + amount };
        Allocate(order);
    }

    /// <summary>A credit that can be taken back by its position.</summary>
    public void Credit(long position, int day, Money amount, Money debt, AllocationOrder order)
    {
        Credits.Add(new ItemCredit(position, day) { Left = amount, Debt = debt });
        Advance += amount;
        Allocate(order);
    }

    /// <summary>A credit that is never taken back: compensation, write-off, a bill that is a credit.</summary>
    public void Credit(Money amount, AllocationOrder order)
    {
        Advance += amount;
        Allocate(order);
    }

    /// <summary>
    /// A debit was wrong, whole or in part: what of it is open goes, and what credits had paid of it is theirs again, the latest first, to pay what else is
    /// open. So a payment that bounces later opens what it paid then, and not the debit that was wrong. What paid it is not known of is credit in advance.
    /// </summary>
    public void Correct(long position, Money amount, AllocationOrder order)
    {
        if (Items.FindIndex(i => i.Kind == ItemKind.Debit && i.Position == position) is var index and >= 0)
        {
            var item = Items[index];
            var open = Money.Min(amount, item.Open);
            Items[index] = item with { Open = item.Open - open };
            Note(item.Number, null, open);
            amount -= open;
            for (var i = Credits.Count - 1; i >= 0 && amount > Money.Zero; i--)
            {
                var freed = Credits[i].Free(item.Number, amount);
                Note(item.Number, Credits[i], -freed);
                Note(item.Number, null, freed);
                (amount, Advance) = (amount - freed, Advance + freed);
            }
        }

        Credit(amount, order);
    }

    /// <summary>A credit for certain items only; what they do not take is in advance.</summary>
    public void CreditTo(Predicate<OpenItem> items, Money amount, AllocationOrder order)
    {
        for (var i = 0; i < Items.Count && amount > Money.Zero; i++)
        {
            if (items(Items[i]) && Items[i].Open > Money.Zero)
            {
                var part = Money.Min(amount, Items[i].Open);
                Items[i] = Items[i] with { Open = Items[i].Open - part };
                Note(Items[i].Number, null, part);
                amount -= part;
            }
        }

        Credit(amount, order);
    }

    /// <summary>What of a credit went to debt, by its agreement or as a part that had fallen due, and what paid late fees.</summary>
    /// <param name="share">What the agreement took of it.</param>
    public (Money Debt, Money Fees) PaidBy(long position, Money share)
    {
        var parts = Credits.Find(c => c.Position == position)?.Parts ?? [];
        Money Of(ItemKind kind) => parts.Where(p => Items.Exists(i => i.Number == p.Item && i.Kind == kind)).Select(p => p.Amount).Sum();
        return (share + Of(ItemKind.Recovery), Of(ItemKind.Fee));
    }

    /// <summary>
    /// Takes a credit back, or a part of it: what of it is unused, then what it paid, latest part first, then what it recovered of a debt. The whole of it
    /// leaves every item as it was before. What it is not known to have paid is taken from older credit in advance, and else becomes an item of its own.
    /// </summary>
    public void TakeBack(long position, Money amount, AllocationOrder order)
    {
        if (Credits.Find(c => c.Position == position) is { } credit)
        {
            var unused = Money.Min(amount, credit.Left);
            (credit.Left, Advance, amount) = (credit.Left - unused, Advance - unused, amount - unused);
            while (amount > Money.Zero && credit.Parts.Count > 0)
            {
                var part = Money.Min(amount, credit.Parts[^1].Amount);
                Note(credit.Parts[^1].Item, credit, -part);
                Reopen(credit.Parts[^1].Item, part, position);
                credit.Parts[^1] = credit.Parts[^1] with { Amount = credit.Parts[^1].Amount - part };
                credit.Parts.RemoveAll(p => p.Amount == Money.Zero);
                amount -= part;
            }

            var debt = Money.Min(amount, credit.Debt);
            (credit.Debt, amount) = (credit.Debt - debt, amount - debt);
            Credits.RemoveAll(c => c is { Left.Nano: 0, Debt.Nano: 0, Parts.Count: 0 });
        }

        var older = Money.Max(Money.Zero, Money.Min(Advance - Credits.Select(c => c.Left).Sum(), amount));
        Advance -= older;
        if (amount > older)
        {
            Charge(ItemKind.Reversal, amount - older, 0, order, position);
        }

        Allocate(order);
    }

    /// <summary>What taking a credit back, or a part of it, will come to: see <see cref="TakeBack"/>.</summary>
    public TakenBack PaidWith(long position, Money amount)
    {
        if (Credits.Find(c => c.Position == position) is not { } credit)
        {
            return default;
        }

        var used = amount - Money.Min(amount, credit.Left);
        var items = Money.Min(used, credit.Parts.Select(p => p.Amount).Sum());
        return new TakenBack(Money.Min(used - items, credit.Debt), items);
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
        Advance = Net;
        Items.ForEach(i => Note(i.Number, null, i.Open));
        Items.Clear();
        Credits.ForEach(c => c.Left = Money.Zero);
        Credits.RemoveAll(c => c is { Debt.Nano: 0, Parts.Count: 0 });
    }

    /// <summary>Forgets credits from before a day, and paid items that no credit remembers.</summary>
    public void Forget(int beforeDay)
    {
        Credits.RemoveAll(c => c.Day < beforeDay);
        Items.RemoveAll(i => i.Open == Money.Zero && !Credits.Exists(c => c.Parts.Exists(p => p.Item == i.Number)));
    }

    /// <summary>Pays open items from what is in advance, in the order's sequence, oldest credit first.</summary>
    public void Allocate(AllocationOrder order)
    {
        while (Advance > Money.Zero && Next(order) is { } index and >= 0)
        {
            var item = Items[index];
            var older = Advance - Credits.Select(c => c.Left).Sum();
            var credit = older > Money.Zero ? null : Credits.Find(c => c.Left > Money.Zero);
            var part = Money.Min(item.Open, credit?.Left ?? older);
            Invariant.Holds(part > Money.Zero, $"Credit in advance of {Advance} belongs to no credit.");
            Items[index] = item with { Open = item.Open - part };
            Advance -= part;
            Note(item.Number, credit, part);
            if (credit is not null)
            {
                credit.Left -= part;
                credit.Parts.Add(new ItemPart(item.Number, part));
            }
        }
    }

    private void Note(int item, ItemCredit? credit, Money amount)
    {
        if (amount != Money.Zero && !Faults.Sabotage.ForgetParts)
        {
            (_moves ??= []).Add(new ItemMove(item, credit?.Position ?? 0, credit?.Day ?? 0, 0, amount));
        }
    }

    private void NoteAsked(in OpenItem item)
    {
        if (item.IsAsked)
        {
            (_moves ??= []).Add(new ItemMove(item.Number, ItemMove.Asked, 0, item.DueDay, item.Amount));
        }
    }

    private int Next(AllocationOrder order)
    {
        var best = -1;
        for (var i = 0; i < Items.Count; i++)
        {
            if (Items[i].Open > Money.Zero && (best < 0 || KeyOf(Items[i], order).CompareTo(KeyOf(Items[best], order)) < 0))
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

    private void Reopen(int number, Money amount, long position)
    {
        var index = Items.FindIndex(i => i.Number == number);
        if (index >= 0)
        {
            Items[index] = Items[index] with { Open = Items[index].Open + amount };
        }
        else
        {
            // The item itself is known no more: what is open again is another.
            Note(number, null, amount);
            Items.Add(new OpenItem(++LastNumber, ItemKind.Reversal, position, amount, amount, 0));
        }
    }

    private Money Open(Predicate<OpenItem> of)
    {
        var sum = Money.Zero;
        foreach (var item in Items)
        {
            sum += of(item) ? item.Open : Money.Zero;
        }

        return sum;
    }
}
