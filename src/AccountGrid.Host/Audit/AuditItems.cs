namespace AccountGrid.Host.Audit;

/// <summary>
/// What is owed item by item and what paid it, by docs/domain-rules.md "Accounts and billing" and the pack's order, written a second time: each payment is a
/// heap of its own that items take from. Nothing of it is ever forgotten.
/// </summary>
internal sealed class AuditItems
{
    private readonly SortedDictionary<long, Heap> _heaps = [];
    private List<AuditItem> _items = [];

    /// <summary>Credit that belongs to no payment; on a prepaid account the whole balance without energy, below zero where it is owed.</summary>
    public long Loose { get; set; }

    public bool IsPrepaid { get; set; }

    public IReadOnlyList<AuditItem> Items => _items;

    public long Advance => Loose + _heaps.Values.Sum(h => h.Unused);

    public long Asked => _items.Where(i => i.IsAsked).Sum(i => i.Open);

    public long Unasked => _items.Where(i => !i.IsAsked && !i.IsFee).Sum(i => i.Open);

    public long Fees => _items.Where(i => i.IsFee).Sum(i => i.Open);

    public void Owe(string kind, long nano, long position, int dueDay, bool feesFirst)
    {
        if (IsPrepaid)
        {
            Loose -= nano;
            return;
        }

        _items.Add(new AuditItem(kind, position, dueDay) { Open = nano });
        Pay(feesFirst);
    }

    /// <summary>Late fees, and what falls due of a debt day by day, are one item until a bill asks for it.</summary>
    public void Grow(string kind, long nano, bool feesFirst)
    {
        if (!IsPrepaid && _items.Find(i => i.Kind == kind && i.DueDay == 0 && (i.Open > 0 || i.IsFee || IsRemembered(i))) is { } item)
        {
            item.Open += nano;
            Pay(feesFirst);
            return;
        }

        Owe(kind, nano, 0, 0, feesFirst);
    }

    /// <summary>A payment, or a credit that can be taken back by its position.</summary>
    public void Credit(long position, long nano, bool feesFirst)
    {
        if (IsPrepaid)
        {
            Loose += nano;
            return;
        }

        _heaps[position] = new Heap { Unused = nano };
        Pay(feesFirst);
    }

    public void CreditLoose(long nano, bool feesFirst)
    {
        Loose += nano;
        Pay(feesFirst);
    }

    /// <summary>A credit for certain items first.</summary>
    public void CreditTo(Func<AuditItem, bool> of, long nano, bool feesFirst)
    {
        foreach (var item in _items.Where(of))
        {
            var part = Math.Min(nano, item.Open);
            (item.Open, nano) = (item.Open - part, nano - part);
        }

        CreditLoose(nano, feesFirst);
    }

    /// <summary>A debit was wrong: what is open of it goes, and what payments gave for it is unused again, the latest payment's first.</summary>
    public void Correct(long position, long nano, bool feesFirst)
    {
        if (_items.Find(i => i.Kind == "debit" && i.Position == position) is { } wrong)
        {
            var open = Math.Min(nano, wrong.Open);
            (wrong.Open, nano) = (wrong.Open - open, nano - open);
            foreach (var heap in _heaps.Values.Reverse())
            {
                var kept = new Stack<(AuditItem Item, long Nano)>();
                while (heap.Paid.TryPop(out var paid))
                {
                    var freed = paid.Item == wrong ? Math.Min(nano, paid.Nano) : 0;
                    (heap.Unused, nano) = (heap.Unused + freed, nano - freed);
                    if (paid.Nano > freed)
                    {
                        kept.Push((paid.Item, paid.Nano - freed));
                    }
                }

                foreach (var paid in kept)
                {
                    heap.Paid.Push(paid);
                }
            }
        }

        CreditLoose(nano, feesFirst);
    }

    /// <summary>What of a prepaid payment went to a debt.</summary>
    public void ToDebt(long position, long nano)
    {
        Loose -= nano;
        HeapOf(position).ToDebt += nano;
    }

    /// <summary>Takes a credit back: what is unused of it, what it paid, latest first, and what it gave to a debt. Returns the last two.</summary>
    public (long Opened, long Debt) TakeBack(long position, long nano, bool feesFirst)
    {
        var (opened, debt) = (0L, 0L);
        if (_heaps.TryGetValue(position, out var heap))
        {
            var unused = Math.Min(nano, heap.Unused);
            (heap.Unused, nano) = (heap.Unused - unused, nano - unused);
            while (nano > 0 && heap.Paid.TryPop(out var paid))
            {
                var part = Math.Min(nano, paid.Nano);
                if (part < paid.Nano)
                {
                    heap.Paid.Push((paid.Item, paid.Nano - part));
                }

                Open(paid.Item, part, position);
                (nano, opened) = (nano - part, opened + part);
            }

            debt = Math.Min(nano, heap.ToDebt);
            (heap.ToDebt, nano) = (heap.ToDebt - debt, nano - debt);
        }

        var loose = Math.Clamp(Loose, 0, nano);
        Loose -= loose;
        if (nano > loose)
        {
            Owe("reversal", nano - loose, position, 0, feesFirst);
        }

        Pay(feesFirst);
        return (opened, debt);
    }

    public void Ask(int dueDay) => _items.Where(i => !i.IsFee && i.DueDay == 0).ToList().ForEach(i => i.DueDay = dueDay);

    /// <summary>All becomes one prepaid amount.</summary>
    public void Merge()
    {
        Loose = Advance - _items.Sum(i => i.Open);
        _items = [];
        foreach (var heap in _heaps.Values)
        {
            heap.Unused = 0;
        }

        IsPrepaid = true;
    }

    /// <summary>One day's late fee on all that is late, by the rules of 1996 and the pack; 0 is none.</summary>
    public long TakeFee(AuditPack pack, int day)
    {
        var late = _items.Where(i => i.IsAsked && i.DueDay < day && i.Open > 0).ToList();
        var sum = 0L;
        foreach (var item in late.Sum(i => i.Open) >= pack.ArrearsMinimum ? late : [])
        {
            var isCarried = DateOnly.FromDayNumber(item.DueDay).Year < DateOnly.FromDayNumber(day).Year;
            var basisPoints = isCarried ? pack.LateFee.CarriedPerDayBasisPoints : pack.LateFee.PerDayBasisPoints;
            if (basisPoints == 0 || item.FeeOfDays > 6_000_000_000_000_000_000)
            {
                continue;
            }

            item.FeeOfDays += AuditPack.Share(item.Open, basisPoints);
            var due = Math.Max(pack.Down(item.FeeOfDays), pack.LateFeeMinimum);
            sum += Math.Max(0, due - item.FeeTaken);
            item.FeeTaken = Math.Max(due, item.FeeTaken);
        }

        if (sum > 0)
        {
            Grow("fee", sum, pack.FeesFirst);
        }

        return sum;
    }

    private bool IsRemembered(AuditItem item) => _heaps.Values.Any(h => h.Paid.Any(p => p.Item == item));

    private void Open(AuditItem item, long nano, long position)
    {
        if (IsPrepaid)
        {
            Loose -= nano;
        }
        else if (_items.Contains(item))
        {
            item.Open += nano;
        }
        else
        {
            _items.Add(new AuditItem("reversal", position, 0) { Open = nano });
        }
    }

    private Heap HeapOf(long position) => _heaps.TryGetValue(position, out var heap) ? heap : _heaps[position] = new Heap();

    /// <summary>Open items take from credit: nobody's first, then the oldest payment's.</summary>
    private void Pay(bool feesFirst)
    {
        if (IsPrepaid)
        {
            return;
        }

        foreach (var item in _items.Where(i => i.Open > 0).OrderBy(i => i.IsFee ? (feesFirst ? 0 : 2) : i.IsAsked ? 1 : 3).ThenBy(i => i.DueDay).ToList())
        {
            var loose = Math.Clamp(Loose, 0, item.Open);
            (Loose, item.Open) = (Loose - loose, item.Open - loose);
            foreach (var heap in _heaps.Values.Where(h => h.Unused > 0))
            {
                var part = Math.Min(heap.Unused, item.Open);
                if (part > 0)
                {
                    (heap.Unused, item.Open) = (heap.Unused - part, item.Open - part);
                    heap.Paid.Push((item, part));
                }
            }
        }
    }

    private sealed class Heap
    {
        public long Unused { get; set; }

        public long ToDebt { get; set; }

        public Stack<(AuditItem Item, long Nano)> Paid { get; } = new();
    }
}
